import Conversation
import Foundation
import Logging
import Paper
import Synchronization
import Testing
@testable import Transcript
@testable import Typewriter

@Suite("Transcript writer", .timeLimit(.minutes(20)))
struct TranscriptWriterTests {
    /// What went to the log.
    private final class Lines: Sendable {
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

    private let lines = Lines()

    private func withScratch<Result>(_ body: (String) throws -> Result) throws -> Result {
        let directory = FileManager.default.temporaryDirectory.appending(path: "platen-writer-\(UUID())").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        return try body(directory)
    }

    private func writer(_ directory: String, marks: Bool = false) throws -> TranscriptWriter {
        TranscriptWriter(directory: directory, sizeLimit: 64 << 20, marks: marks, logger: lines.logger, now: { 1234 })
    }

    private func finished(_ text: String, _ finish: Reply.Finish = .endOfTurn) -> SessionEvent {
        .finished(.success(Reply(text: text, finish: finish, promptTokens: 1, answerTokens: 1, droppedTurns: 0)))
    }

    private func turns(_ directory: String) throws -> [TurnRecord] {
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

    @Test("A database that turns out damaged after a cut is set aside as it is, and what is said goes on in a new one")
    func breaks() throws {
        try withScratch { directory in
            let path = "\(directory)/\(TranscriptFile.name)"
            do {
                let writer = try writer(directory)
                writer.begin()
                for number in 0..<200 {
                    writer.hear(.asked("question \(number)"))
                    writer.hear(finished(String(repeating: "word ", count: 300)))
                    writer.hear(.printed)
                }
            }
            let handle = try #require(FileHandle(forWritingAtPath: path))
            try handle.seek(toOffset: 10 * 4096)
            try handle.write(contentsOf: Data(repeating: 0x5A, count: 4096))
            let writer = try writer(directory)
            #expect(writer.resumption.exchanges.count == 64)
            #expect(lines.count(of: "is set aside as") == 0)
            writer.begin()
            #expect(lines.count(of: "is set aside as") == 1)
            writer.hear(.asked("another"))
            writer.hear(finished("two"))
            writer.hear(.printed)
            #expect(try turns(directory).map(\.answer) == ["two"])
            #expect(FileManager.default.fileExists(atPath: path + ".set-aside-1"))
        }
    }

    @Test("An answer that is finished after a cut goes into the new database, where the old one turns out damaged")
    func breaksUnderAnAnswer() throws {
        try withScratch { directory in
            do {
                let writer = try writer(directory)
                writer.begin()
                for number in 0..<200 {
                    writer.hear(.asked("question \(number)"))
                    writer.hear(finished(String(repeating: "word ", count: 300)))
                    writer.hear(.printed)
                }
                writer.hear(.asked("sky?"))
                writer.hear(.text("The sky is blu", line: 1))
                writer.keep()
            }
            let handle = try #require(FileHandle(forWritingAtPath: "\(directory)/\(TranscriptFile.name)"))
            try handle.seek(toOffset: 10 * 4096)
            try handle.write(contentsOf: Data(repeating: 0x5A, count: 4096))
            let writer = try writer(directory)
            writer.begin()
            #expect(lines.count(of: "is set aside as") == 1)
            #expect(writer.isUnderWay)
            writer.look()
            #expect(try turns(directory).map(\.answer) == ["The sky is"])
            writer.hear(finished(" blue"))
            writer.hear(.printed)
            #expect(try turns(directory).map(\.answer) == ["The sky is blue"])
        }
    }

    @Test("A database that somebody removes while a typewriter types is begun anew, with the answer in the making")
    func removed() throws {
        try withScratch { directory in
            let writer = try writer(directory)
            writer.begin()
            writer.hear(.asked("one"))
            writer.hear(finished("1"))
            writer.hear(.printed)
            writer.hear(.asked("two"))
            writer.hear(.text("2", line: 1))
            for name in try FileManager.default.contentsOfDirectory(atPath: directory) { try FileManager.default.removeItem(atPath: "\(directory)/\(name)") }
            writer.hear(finished("2 and more"))
            writer.hear(.printed)
            #expect(try turns(directory).map(\.answer) == ["2 and more"])
            #expect(lines.count(of: "was removed; new transcripts are begun") == 1)
            #expect(lines.count(of: "") == 1)
        }
    }

    @Test("What cannot be opened at first is tried again, and said when it is kept")
    func late() throws {
        try withScratch { directory in
            let path = "\(directory)/\(TranscriptFile.name)"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            let writer = try writer(directory)
            writer.begin()
            writer.hear(.asked("lost"))
            writer.hear(finished("x"))
            writer.hear(.printed)
            #expect(lines.count(of: "transcripts are not kept") == 1)
            try FileManager.default.removeItem(atPath: path)
            writer.hear(.asked("kept"))
            writer.hear(finished("y"))
            writer.hear(.printed)
            #expect(try turns(directory).map(\.question) == ["kept"])
            #expect(lines.count(of: "transcripts are kept again") == 1)
            #expect(lines.count(of: "") == 2)
        }
    }

    @Test("A conversation that ends while the database is locked is over when it is not any more")
    func endsLate() throws {
        try withScratch { directory in
            let writer = try writer(directory)
            writer.begin()
            writer.hear(.asked("old"))
            writer.hear(finished("x"))
            writer.hear(.printed)
            do {
                let other = try Database(path: "\(directory)/\(TranscriptFile.name)", .writing)
                try other.execute("BEGIN IMMEDIATE")
                writer.hear(.newConversation)
                #expect(lines.count(of: "is locked by another program") == 1)
            }
            writer.hear(.asked("new"))
            let archive = try TranscriptArchive(path: "\(directory)/\(TranscriptFile.name)")
            #expect(try archive.conversations().map(\.firstQuestion) == ["old", "new"])
        }
    }

    @Test("Two typewriters do not share a transcript; when one ends, the other's is kept")
    func lock() throws {
        try withScratch { directory in
            let second: TranscriptWriter
            do {
                let first = try writer(directory)
                first.begin()
                second = try writer(directory)
                #expect(lines.count(of: "is in use by another typewriter") == 1)
                second.begin()
                second.hear(.asked("by the second"))
                first.hear(.asked("by the first"))
                #expect(try turns(directory).map(\.question) == ["by the first"])
                first.hear(.ended)
            }
            second.hear(finished("x"))
            #expect(try turns(directory).map(\.question) == ["by the first", "by the second"])
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

    @Test("The private mode writes nothing, and where nothing can be written one line says so")
    func nowhere() throws {
        try withScratch { directory in
            var settings = Settings()
            settings.state.directory = "\(directory)/new"
            settings.transcript.keeps = false
            #expect(TranscriptWriter.open(settings, lines.logger) == nil)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
            settings.transcript.keeps = true
            #expect(TranscriptWriter.open(settings, lines.logger) != nil)
            try Data().write(to: URL(filePath: "\(directory)/file"))
            settings.state.directory = "\(directory)/file/deeper"
            #expect(lines.count(of: "") == 0)
            #expect(TranscriptWriter.open(settings, lines.logger) == nil)
            #expect(lines.count(of: "transcripts are not kept") == 1)
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
