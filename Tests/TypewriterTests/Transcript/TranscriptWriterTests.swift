import Conversation
import Foundation
import Logging
import Paper
import Synchronization
import Testing
import Transcript
@testable import Typewriter

@Suite("Transcript writer", .timeLimit(.minutes(20)))
struct TranscriptWriterTests {
    /// What went to the log.
    final class Lines: Sendable {
        let all = Mutex<[String]>([])
        var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

        func count(of text: String) -> Int { all.withLock { $0.count { text.isEmpty || $0.contains(text) } } }

        struct Handler: LogHandler {
            let lines: Lines
            var metadata: Logger.Metadata = [:]
            var logLevel = Logger.Level.notice
            subscript(metadataKey key: String) -> Logger.Metadata.Value? {
                get { metadata[key] }
                set { metadata[key] = newValue }
            }
            init(lines: Lines) { self.lines = lines }
            func log(event: LogEvent) { lines.all.withLock { $0.append("\(event.message)") } }
        }
    }

    let lines = Lines()

    func withScratch<Result>(_ body: (String) throws -> Result) throws -> Result {
        let directory = FileManager.default.temporaryDirectory.appending(path: "platen-writer-\(UUID())").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        return try body(directory)
    }

    func writer(_ directory: String, marks: Bool = false) throws -> TranscriptWriter {
        TranscriptWriter(directory: directory, sizeLimit: 64 << 20, marks: marks, logger: lines.logger, now: { 1234 })
    }

    func finished(_ text: String, _ finish: Reply.Finish = .endOfTurn) -> SessionEvent {
        .finished(.success(Reply(text: text, finish: finish, promptTokens: 1, answerTokens: 1, droppedTurns: 0)))
    }

    /// A whole turn, from the question to the paper.
    func turn(_ question: String, _ answer: String, to writer: TranscriptWriter) {
        writer.hear(.asked(question))
        writer.hear(finished(answer))
        writer.hear(.printed)
    }

    func turns(_ directory: String) throws -> [TurnRecord] {
        let archive = try TranscriptArchive(path: "\(directory)/\(TranscriptFile.name)")
        return try archive.conversations().flatMap { try archive.turns(of: $0.id) ?? [] }
    }

    @Test("A question is on the disk before its answer, the answer before its end, and the end as such")
    func order() throws {
        try withScratch { directory in
            let writer = try writer(directory)
            writer.begin()
            #expect(try turns(directory).isEmpty)
            writer.hear(.asked("why?"))
            #expect(try turns(directory).map(\.question) == ["why?"])
            #expect(try turns(directory)[0].finish == nil)
            writer.hear(.text("Because", line: 1))
            #expect(try turns(directory)[0].answer == "")
            writer.look()
            #expect(try turns(directory)[0].answer == "Because")
            writer.hear(finished("Because it is."))
            #expect(try turns(directory)[0].answer == "Because it is.")
            #expect(try turns(directory)[0].finish == "endOfTurn")
            #expect(try turns(directory)[0].paper == .atLeast(0))
            writer.hear(.printed)
            #expect(try turns(directory)[0].paper == .all)
            #expect(try turns(directory)[0].asked == 1234)
        }
    }

    @Test("What is printed counts from the line that another one follows")
    func progress() throws {
        final class Stub: PaperDevice {
            let capabilities = PaperCapabilities()
            func print(_ strikes: [Strike], stop: StopSignal) throws(PaperError) -> Bool { true }
        }
        try withScratch { directory in
            let writer = try writer(directory)
            let progress = PaperProgress(Stub())
            writer.follow(try SheetFeed(line: 9), progress)
            writer.begin()
            writer.hear(.asked("q"))
            for (text, line) in [("one ", 0), ("two ", 0), ("three ", 1), ("four ", 2), ("five", 3)] { writer.hear(.text(text, line: line)) }
            for (lines, bytes) in [(0, 0), (1, 0), (2, 4), (3, 8), (4, 14)] {
                progress.catchUp(with: lines)
                writer.keep()
                #expect(try turns(directory)[0].paper == .atLeast(bytes), "\(lines) lines")
            }
        }
    }

    @Test("An answer that a cut ended is finished in the row where it was begun")
    func resumed() throws {
        try withScratch { directory in
            do {
                let writer = try writer(directory)
                writer.begin()
                writer.hear(.asked("sky?"))
                writer.hear(.text("The sky is blu", line: 1))
                writer.keep()
            }
            do {
                let writer = try writer(directory)
                #expect(writer.resumption.isMidPage)
                #expect(writer.resumption.answer == .begun(question: "sky?", text: "The sky is", rest: "The sky is"))
                writer.begin()
                #expect(try turns(directory)[0].answer == "The sky is")
                writer.hear(.text("The sky is", line: 1))
                writer.hear(.text(" blue", line: 1))
                writer.keep()
                #expect(try turns(directory)[0].answer == "The sky is blue")
                writer.hear(finished(" blue"))
                writer.hear(.printed)
                writer.hear(.ended)
            }
            #expect(try turns(directory).map(\.answer) == ["The sky is blue"])
            #expect(try turns(directory)[0].finish == "endOfTurn")
            let last = try writer(directory)
            #expect(last.resumption == Resumption(isMidPage: false, exchanges: [Exchange(question: "sky?", answer: "The sky is blue")]))
        }
    }

    @Test("A whole answer whose rest is to be printed stays whole meanwhile, however often it is cut")
    func knownStaysWhole() throws {
        try withScratch { directory in
            do {
                let writer = try writer(directory)
                writer.begin()
                writer.hear(.asked("sky?"))
                writer.hear(finished("The sky is blue"))
            }
            for _ in 0..<3 {
                let writer = try writer(directory)
                #expect(writer.resumption.answer == .known(rest: "The sky is blue"))
                writer.begin()
                #expect(try turns(directory)[0].answer == "The sky is blue")
                writer.hear(.text("The sky is blue", line: 1))
                writer.keep()
                #expect(try turns(directory)[0].answer == "The sky is blue")
            }
        }
    }

    @Test("A failure is kept as one, and a new conversation is not gone on with")
    func failure() throws {
        try withScratch { directory in
            do {
                let writer = try writer(directory)
                writer.hear(.asked("q"))
                writer.hear(.finished(.failure(ConversationError("no"))))
                writer.hear(.printed)
                writer.hear(.newConversation)
            }
            #expect(try turns(directory).map(\.finish) == ["failed"])
            #expect(try writer(directory).resumption.exchanges.isEmpty)
        }
    }

    @Test("The recorder has kept what it was told when it says so, and when it ends")
    func recorder() throws {
        try withScratch { directory in
            let progress = PaperProgress(PaperProbe())
            let recorder = try TranscriptRecorder(writer(directory), SheetFeed(), progress)
            for number in 0..<20 {
                recorder.hear(.asked("\(number)"))
                recorder.hear(finished("answer \(number)"))
                recorder.keeping.settle()
                #expect(try turns(directory).last?.answer == "answer \(number)")
                recorder.hear(.printed)
            }
            recorder.end()
            #expect(try turns(directory).allSatisfy { $0.paper == .all })
        }
    }

    @Test("A long answer is kept on the way, however fast its pieces come, and what is printed of it after its end")
    func intervals() throws {
        final class Stub: PaperDevice {
            let capabilities = PaperCapabilities()
            func print(_ strikes: [Strike], stop: StopSignal) throws(PaperError) -> Bool { true }
        }
        try withScratch { directory in
            let progress = PaperProgress(Stub())
            let recorder = try TranscriptRecorder(writer(directory), SheetFeed(), progress, interval: 20_000_000)
            recorder.hear(.asked("q"))
            let deadline = ContinuousClock.now + .seconds(60)
            var (said, kept) = ("", "")
            while kept.isEmpty, ContinuousClock.now < deadline {
                recorder.hear(.text("word ", line: said.utf8.count / 50))
                said += "word "
                usleep(2000)
                kept = try turns(directory).first?.answer ?? ""
            }
            #expect(said.hasPrefix(kept) && !kept.isEmpty)
            recorder.hear(finished(said))
            recorder.keeping.settle()
            #expect(try turns(directory)[0].paper == .atLeast(0))
            progress.catchUp(with: 1000)
            var paper = TurnRecord.OnPaper.atLeast(0)
            while paper == .atLeast(0), ContinuousClock.now < deadline {
                usleep(2000)
                paper = try turns(directory)[0].paper
            }
            #expect(paper == .atLeast(said.utf8.count - 5))
            recorder.end()
        }
    }

    @Test("The state directory is the settings', the service manager's, or the user's", arguments: [
        ("/set", ["STATE_DIRECTORY": "/a", "HOME": "/h"], "/set"),
        ("", ["STATE_DIRECTORY": "/a:/b", "XDG_STATE_HOME": "/x", "HOME": "/h"], "/a"),
        ("", ["XDG_STATE_HOME": "/x", "HOME": "/h"], "/x/platen"),
        ("", ["XDG_STATE_HOME": "relative", "HOME": "/h"], "/h/.local/state/platen"),
        ("", [:], nil),
    ] as [(String, [String: String], String?)])
    func stateDirectory(_ setting: String, _ environment: [String: String], _ expected: String?) {
        var section = Settings.StateSection()
        section.directory = setting
        let found = try? StateDirectory.path(section) { environment[$0] }
        #expect(found == expected)
    }
}
