import Foundation
import Glibc
import TestSupport
import Testing

/// What the programs say and return when they are started in other ways than by a person at a terminal.
@Suite("Programs without a terminal", .timeLimit(.minutes(20)))
struct CommandLineTests {
    private static let hasStories = Places.stories != nil

    @Test("Questions come line by line from a pipe, and only the answers come out", .enabled(if: hasStories, "needs shared/data/models"))
    func pipe() throws {
        let model = try #require(Places.stories)
        let outcome = try run(
            "platen", ["chat", model, "--temperature", "0", "--max-tokens", "10", "--columns", "200"], input: "Once upon a time\nLily went")
        #expect(outcome.status == 0)
        let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 3 && lines.last == "")
        #expect(lines.first?.hasPrefix(", there was") == true)
        #expect(!outcome.output.contains("Lily went\n"))
        #expect(!outcome.output.contains("\u{1B}"))
    }

    @Test("The same seed gives the same answer, another one another", .enabled(if: hasStories, "needs shared/data/models"))
    func seed() throws {
        let model = try #require(Places.stories)
        func answer(_ seed: Int) throws -> String {
            try run("platen", ["chat", model, "--seed", "\(seed)", "--temperature", "1.5", "--max-tokens", "40"], input: "Once\n").output
        }
        let first = try answer(1)
        #expect(!first.isEmpty)
        #expect(try answer(1) == first)
        #expect(try answer(2) != first)
    }

    @Test("platend says what memory it may be limited to, and infinity where no model can be read", .enabled(if: Places.included != nil))
    func memoryLimit() throws {
        try Places.withDirectory { directory in
            let file = directory.appending(path: "platen.toml")
            func outcome(_ model: String) throws -> Outcome {
                try Data("[model]\npath = \"\(model)\"".utf8).write(to: file)
                return try run("platend", ["--print-memory-limit", "--config", file.path])
            }
            let found = try outcome(Places.included ?? "")
            #expect(found.status == 0 && found.errors == "")
            #expect(found.output.hasSuffix("\n") && (64 << 20..<256 << 20).contains(Int(found.output.dropLast()) ?? 0), "\(found.output)")
            // Neither a file that is missing nor one that is no model stops the service.
            for path in ["/nowhere.gguf", file.path] {
                let none = try outcome(path)
                #expect(none.status == 0 && none.errors == "" && none.output == "infinity\n")
            }
        }
    }

    @Test("platen keys shows what is typed, with the time, and ends with the input")
    func keys() throws {
        let outcome = try run("platen", ["keys"], input: "aB\u{1B}[A\n")
        #expect(outcome.status == 0)
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.map { $0.drop { $0 != " " }.drop { $0 == " " } } == [
            "press      text \"a\"", "press      text \"B\"", "press      up", "press      return", "press      endOfInput",
        ])
        let times = lines.map { Double($0.prefix { $0 != " " }) ?? 0 }
        #expect(times.allSatisfy { $0 > 0 } && times == times.sorted())
    }

    @Test("platen keys learn refuses what it could not write before it asks for anything")
    func learn() throws {
        let wrongKey = try run("platen", ["keys", "learn", "--keys", "KEY_A,KEY_QUEUE"])
        #expect(wrongKey.status != 0)
        #expect(wrongKey.errors == "platen keys learn: --keys: KEY_QUEUE is no key\n")
        let existing = try run("platen", ["keys", "learn", "--output", "/dev/null"])
        #expect(existing.errors == "platen keys learn: /dev/null is there already: name another file, or move it away\n")
        let noChip = try run("platen", ["keys", "learn", "--chip", "no such chip"])
        #expect(noChip.errors.hasPrefix("platen keys learn: no GPIO chip is called no such chip: "))
    }

    @Test("platen print draws the page as it would be struck, and says what is missing where it cannot")
    func preview() throws {
        try Places.withDirectory { directory in
            let path = directory.appending(path: "page.png").path
            let arguments = ["print", "--profile", "diablo-630", "--preview", path]
            let outcome = try run("platen", arguments, input: "Café\n")
            if outcome.status == 0 {
                #expect(outcome.errors == "drawn: \(path)\ntyped otherwise: é struck of several signs\n")
                #expect(try Data(contentsOf: URL(filePath: path)).starts(with: [0x89, 0x50, 0x4E, 0x47]))
            } else {
                // A machine without the libraries.
                #expect(outcome.errors.hasPrefix("platen print: Pango and Cairo draw it, and are not installed"))
            }
            // An empty configuration knows no font.
            let fonts = directory.appending(path: "fonts.conf")
            try Data("<fontconfig/>".utf8).write(to: fonts)
            let blind = try run("platen", arguments, input: "x", environment: ["FONTCONFIG_FILE": fonts.path])
            #expect(blind.status == 1)
            #expect(blind.errors.hasPrefix("platen print: ") && blind.errors.contains("install the Debian package"), "\(blind.errors)")
        }
    }

    @Test("An empty input gives an empty output", .enabled(if: hasStories, "needs shared/data/models"))
    func emptyInput() throws {
        let outcome = try run("platen", ["chat", try #require(Places.stories)])
        #expect(outcome.status == 0)
        #expect(outcome.output == "")
    }

    @Test("platend runs what its settings file says", .enabled(if: hasStories, "needs shared/data/models"))
    func daemon() throws {
        try Places.withDirectory { directory in
            let file = directory.appending(path: "platen.toml")
            try """
                [model]
                path = "\(try #require(Places.stories))"
                [conversation]
                max_tokens = 10
                [sampling]
                temperature = 0
                [paper]
                columns = 20
                [state]
                directory = "\(directory.path)"
                """.write(to: file, atomically: true, encoding: .utf8)
            let terminal = try Terminal("platend", ["--config", file.path])
            #expect(terminal.wait { !terminal.hasOriginalSettings })
            terminal.type("Once upon a time\r")
            terminal.expect("Once upon a time\n, there was")
            terminal.waitForAnswer()
            #expect(terminal.text.split(separator: "\n").allSatisfy { $0.count <= 20 })
            terminal.signal(SIGTERM)
            #expect(terminal.exitStatus() == -SIGTERM)
            #expect(terminal.hasOriginalSettings)
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        var program = "platend"
        let arguments: [String]
        /// Content of `file.toml` and `file.gguf` in the working directory.
        var toml = ""
        var gguf: [UInt8] = []
        let status: Int32
        let message: String

        var testDescription: String { ([program] + arguments).joined(separator: " ") + ": " + message }
    }

    @Test("What cannot work is one clear line and an exit status", arguments: [
        Refusal(
            arguments: ["--check", "--config", "file.toml"], toml: "\n[paper]\ncolums = 3\n", status: 78,
            message: "file.toml:3: unknown key paper.colums; did you mean paper.columns?"
        ),
        Refusal(
            arguments: ["--config", "file.toml"], toml: "[paper]\ncolumns = \"wide\"", status: 78,
            message: "file.toml:2: paper.columns \"wide\" is not a whole number"
        ),
        Refusal(arguments: ["--check", "--config", "no.toml"], status: 78, message: "no.toml: No such file or directory; check the path"),
        Refusal(
            arguments: ["--config", "file.toml"], toml: "[model]\npath = \"no.gguf\"", status: 66,
            message: "platend: model no.gguf: No such file or directory"
        ),
        Refusal(
            arguments: ["--config=file.toml", "--check"], toml: "[paper]\nkind = 1", status: 78,
            message: "file.toml:2: paper.kind 1 is not a text in quotation marks"
        ),
        Refusal(
            program: "platen", arguments: ["chat", "no.gguf"], status: 66, message: "platen chat: model no.gguf: No such file or directory"
        ),
        Refusal(
            program: "platen", arguments: ["chat", "no.gguf", "--columns", "1"], status: 78,
            message: "platen chat: --columns: paper.columns 1 is not between 4 and 1000"
        ),
        Refusal(
            program: "platen", arguments: ["chat", "no.gguf", "--template", "vicuna"], status: 78,
            message: "platen chat: --template: conversation.template \"vicuna\" is none of \"auto\", \"alpaca\", "
        ),
        Refusal(program: "platen", arguments: ["chat", "file.gguf"], gguf: [], status: 65, message: "platen chat: file.gguf"),
        Refusal(program: "platen", arguments: ["chat", "file.gguf"], gguf: Array("not a model at all".utf8), status: 65, message: "platen chat: file.gguf"),
        Refusal(
            program: "platen", arguments: ["chat", "file.gguf"], gguf: Array("GGUF".utf8) + [3, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 40),
            status: 65, message: "platen chat: file.gguf"
        ),
        Refusal(program: "platen", arguments: ["chat", "."], status: 65, message: "platen chat: ."),
    ])
    func refusal(_ example: Refusal) throws {
        try Places.withDirectory { directory in
            try example.toml.write(to: directory.appending(path: "file.toml"), atomically: true, encoding: .utf8)
            try Data(example.gguf).write(to: directory.appending(path: "file.gguf"))
            let outcome = try runInDirectory(directory, example.program, example.arguments)
            #expect(outcome.status == example.status)
            #expect(outcome.errors.hasPrefix(example.message), "\(outcome.errors)")
            #expect(outcome.errors.split(separator: "\n").count == 1)
            #expect(outcome.output.isEmpty)
        }
    }

    @Test("A context that does not fit into memory has a status of its own", .enabled(if: hasStories, "needs shared/data/models"))
    func shortage() throws {
        let model = try #require(Places.stories)
        for arguments in [["chat", model], ["complete", model, "--prompt", "Once"]] {
            let outcome = try run("platen", arguments + ["--memory-limit", "1"], input: "Once\n")
            #expect(outcome.status == 71)
            #expect(outcome.errors.contains("needs ") && outcome.errors.contains("but the memory limit that was set is 1.0 MiB"), "\(outcome.errors)")
            #expect(outcome.output.isEmpty)
        }
    }

    private func runInDirectory(_ directory: URL, _ program: String, _ arguments: [String]) throws -> Outcome {
        let process = Process()
        process.currentDirectoryURL = directory
        process.executableURL = Places.programs.appending(path: program)
        process.arguments = arguments
        let (stdout, stderr) = (Pipe(), Pipe())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = stdout
        process.standardError = stderr
        try process.run()
        let output = stdout.fileHandleForReading.readDataToEndOfFile()
        let errors = stderr.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let status = process.terminationStatus
        return Outcome(
            status: process.terminationReason == .exit ? status : -status,
            output: String(decoding: output, as: UTF8.self), errors: String(decoding: errors, as: UTF8.self)
        )
    }

    @Test("The shipped settings pass the check")
    func shippedSettings() throws {
        let outcome = try run("platend", ["--check", "--config", SharedFiles.root.appending(path: "deploy/platen.toml").path])
        #expect(outcome.status == 0)
        #expect(outcome.output.isEmpty && outcome.errors.isEmpty)
    }

    @Test("A model cut off anywhere is one clear line", .enabled(if: hasStories, "needs shared/data/models"))
    func truncatedModel() throws {
        let whole = try Data(contentsOf: URL(filePath: try #require(Places.stories)))
        try Places.withDirectory { directory in
            let path = directory.appending(path: "cut.gguf")
            for length in [1, 23, 24, 100, 1000, 5000, 20000, whole.count / 2, whole.count - 1] {
                try whole.prefix(length).write(to: path)
                let outcome = try run("platen", ["chat", path.path], input: "hello\n")
                #expect(outcome.status == 65, "\(length) bytes: \(outcome.errors)")
                #expect(outcome.errors.hasPrefix("platen chat: \(path.path)"))
                #expect(outcome.errors.split(separator: "\n").count == 1)
            }
        }
    }

    @Test("Help and version", arguments: [
        ("platend", ["--help"], "platend --check"), ("platen", ["chat", "--help"], "Ctrl-N"), ("platend", ["--version"], "."),
        ("platen", ["--help"], "chat"),
    ])
    func help(_ program: String, _ arguments: [String], _ expected: String) throws {
        let outcome = try run(program, arguments)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains(expected))
        #expect(outcome.errors.isEmpty)
    }
}
