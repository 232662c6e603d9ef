import Foundation
import Glibc
import Testing

private let escape = "\u{1B}"
private let controlC = "\u{03}"
private let controlD = "\u{04}"
private let controlN = "\u{0E}"
private let controlU = "\u{15}"
private let backspace = "\u{7F}"

/// `platen chat` as a person meets it. The stories model is not part of the repository: without it these are skipped.
@Suite("platen chat in a terminal", .serialized, .timeLimit(.minutes(20)), .enabled(if: Places.stories != nil, "needs shared/data/models"))
struct ChatTests {
    private func chat(_ arguments: String..., columns: Int = 80) throws -> Terminal {
        let model = try #require(Places.stories)
        let terminal = try Terminal("platen", ["chat", model, "--temperature", "0", "--threads", "1"] + arguments, columns: columns)
        terminal.expect("Ctrl-D ends.")
        return terminal
    }

    /// Ends it, and sees that all is well.
    private func leave(_ terminal: Terminal, with key: String = controlD, _ location: SourceLocation = #_sourceLocation) {
        terminal.type(key)
        #expect(terminal.exitStatus() == 0, sourceLocation: location)
        #expect(terminal.hasOriginalSettings, sourceLocation: location)
        #expect(terminal.screen.unknownSequences.isEmpty, sourceLocation: location)
    }

    @Test("A question is answered under it, wrapped at the page's margin, letter for letter what the model says", arguments: [30, 60])
    func answer(_ columns: Int) throws {
        let terminal = try chat("--columns", "\(columns)", "--max-tokens", "60")
        terminal.ask("Once upon a time")
        let lines = terminal.page.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.first == "Once upon a time")
        #expect(lines.count > 2)
        #expect(lines.allSatisfy { $0.count <= columns })
        // Words that fit go together: no line could have taken the next line's first word.
        for (line, next) in zip(lines.dropFirst(), lines.dropFirst(2)) where !next.isEmpty && !line.isEmpty && !line.hasSuffix(".") {
            let word = next.prefix { $0 != " " }
            #expect(line.count + 1 + word.count > columns, "\(line) | \(next)")
        }
        let model = try #require(Places.stories)
        let whole = try run(
            "platen", ["chat", model, "--temperature", "0", "--threads", "1", "--columns", "1000", "--max-tokens", "60"],
            input: "Once upon a time\n")
        let words = lines.dropFirst().joined(separator: " ").split(whereSeparator: \.isWhitespace)
        #expect(words == whole.output.split(whereSeparator: \.isWhitespace))
        leave(terminal)
    }

    @Test("The keys that erase work on page and question")
    func eraseKeys() throws {
        let terminal = try chat("--max-tokens", "8")
        terminal.type("garbage\(controlU)Onxe\(backspace)\(backspace)ce upon a day")
        terminal.expect("Once upon a day")
        terminal.type("\u{17}time")
        terminal.expect("Once upon a time")
        #expect(terminal.page == "Once upon a time")
        terminal.type("\r")
        terminal.expect("Once upon a time\n, there was")
        leave(terminal)
    }

    @Test("Esc stops the answer at once, and the next question is answered")
    func stop() throws {
        let terminal = try chat("--characters-per-second", "25", "--max-tokens", "400")
        terminal.type("Once upon a time\r")
        terminal.expect("there was")
        terminal.type(escape)
        terminal.waitForAnswer()
        let stopped = terminal.page
        // The whole answer has some 1500 letters, and takes a minute to print.
        #expect(stopped.count < 500, "\(stopped)")
        terminal.watch(milliseconds: 500)
        #expect(terminal.page == stopped)
        terminal.type("Lily went")
        terminal.expect("\nLily went")
        terminal.type("\r")
        terminal.wait { terminal.page.contains("Lily went\n") && terminal.page.count > stopped.count + 15 }
        #expect(terminal.page.count > stopped.count + 15)
        leave(terminal, with: controlC)
    }

    @Test("What is typed while it prints is kept, comes after the answer, and is never mixed into it")
    func typeAhead() throws {
        let terminal = try chat("--characters-per-second", "60", "--max-tokens", "30", "--columns", "40")
        terminal.type("Once upon a time\r")
        terminal.expect("there was")
        terminal.type("Tim had a bal")
        terminal.expect("\n\nTim had a bal")
        let lines = terminal.page.split(separator: "\n")
        #expect(lines.last == "Tim had a bal")
        #expect(lines.dropLast().allSatisfy { !$0.contains("Tim had a bal") })
        terminal.type("l\r")
        terminal.expect("\nTim had a ball\n")
        terminal.waitForAnswer()
        #expect(terminal.page.components(separatedBy: "Tim had a ball\n").last?.isEmpty == false)
        leave(terminal)
    }

    @Test("A new conversation begins with Ctrl-N, and gives the first answer again")
    func newConversation() throws {
        let terminal = try chat("--max-tokens", "12")
        terminal.ask("Once upon a time")
        let first = terminal.page
        #expect(first.hasPrefix("Once upon a time\n, there was"))
        terminal.type(controlN)
        terminal.expect("* * *")
        terminal.ask("Once upon a time")
        #expect(terminal.page == first + "\n\n* * *\n" + first)
        leave(terminal)
    }

    @Test("It ends as asked, and the terminal is as before", arguments: [
        (controlD, 0), (controlC, 0), ("Once upon a time\r" + controlC, 0), ("half a line" + controlC, 0),
    ] as [(String, Int32)])
    func ends(_ keys: String, _ status: Int32) throws {
        let terminal = try chat("--characters-per-second", "5")
        #expect(!terminal.hasOriginalSettings)
        terminal.type(keys)
        #expect(terminal.exitStatus() == status)
        #expect(terminal.hasOriginalSettings)
    }

    @Test("A signal ends it, and the terminal is as before", arguments: [SIGTERM, SIGHUP, SIGINT])
    func signals(_ number: Int32) throws {
        let terminal = try chat("--characters-per-second", "20")
        terminal.type("Once upon a time\r")
        terminal.expect("there")
        terminal.signal(number)
        #expect(terminal.exitStatus() == -number)
        #expect(terminal.hasOriginalSettings)
    }

    @Test("Waiting for keys takes no processor time")
    func idle() throws {
        let terminal = try chat("--max-tokens", "8")
        terminal.ask("Once upon a time")
        let before = terminal.processorTicks
        usleep(2_000_000)
        // A tick is ten milliseconds; one may be the last of the answer's.
        #expect(terminal.processorTicks - before <= 1)
        leave(terminal)
    }

    @Test("A question longer than the context is refused on the page, and the conversation goes on")
    func tooLong() throws {
        let terminal = try chat("--context", "64", "--max-tokens", "8")
        terminal.type(String(repeating: "very long words ", count: 40) + "\r")
        terminal.expect("(the question is too long: ")
        terminal.type("Once upon a time\r")
        terminal.expect("Once upon a time\n, there was")
        leave(terminal)
    }

    @Test("Log lines stand in their file, never on the page; a full context is logged with its numbers")
    func log() throws {
        try Places.withDirectory { directory in
            let log = directory.appending(path: "log").path
            let terminal = try chat("--context", "96", "--max-tokens", "16", "--log", log)
            for number in 1...8 {
                terminal.ask("Once upon a time there were \(number)")
            }
            leave(terminal)
            let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
            #expect(lines.contains { $0.hasPrefix("notice: the context of 96 tokens was full: the oldest ") })
            #expect(!terminal.text.contains("notice"))
        }
    }

    @Test("Log lines without a file come when the session is over, behind the page")
    func deferredLog() throws {
        let terminal = try chat("--max-tokens", "4")
        terminal.ask("Once upon a time")
        #expect(!terminal.text.contains("notice"))
        leave(terminal)
        #expect(terminal.text.hasSuffix("\nnotice: the answer was cut off at the most tokens it may have, 4"))
    }
}

@Suite("platen chat with the included model", .timeLimit(.minutes(20)), .enabled(if: Places.included != nil, "deploy/model/platen-tiny.gguf is not there"))
struct IncludedModelTests {
    @Test("It is found without being named, and answers in a sentence")
    func answers() throws {
        let terminal = try Terminal("platen", ["chat", "--temperature", "0"])
        terminal.expect("Ctrl-D ends.")
        terminal.type("What is the capital of France?\r")
        terminal.expect("Paris")
        terminal.waitForAnswer()
        terminal.ask("Who are you?")
        #expect(terminal.page.last == ".")
        #expect(!terminal.page.contains("###"))
        terminal.type(controlD)
        #expect(terminal.exitStatus() == 0)
        #expect(terminal.hasOriginalSettings)
    }
}
