import Foundation
import TestSupport
import Testing

/// `platen history`, on what `platend` kept.
@Suite("platen history", .enabled(if: Places.included != nil, "the included model is missing"), .timeLimit(.minutes(20)))
struct HistoryTests {
    /// Asks these questions of a typewriter that keeps its state in `directory`.
    private func ask(_ questions: [String], in directory: URL, keeps: Bool = true) throws {
        let file = directory.appending(path: "platen.toml")
        try """
            [model]
            path = "\(try #require(Places.included))"
            threads = 1
            [transcript]
            keep = \(keeps)
            [state]
            directory = "\(directory.appending(path: "state").path)"
            """.write(to: file, atomically: true, encoding: .utf8)
        let outcome = try run("platend", ["--config", file.path], input: questions.map { $0 + "\n" }.joined())
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(!outcome.output.isEmpty)
    }

    private func history(_ arguments: String..., in directory: URL) throws -> Outcome {
        try run("platen", ["history"] + arguments + ["--config", directory.appending(path: "platen.toml").path])
    }

    @Test("What was said is listed, shown, found, exported and deleted")
    func everything() throws {
        try Places.withDirectory { directory in
            try ask(["Who are you?", "What is the capital of France?"], in: directory)
            try ask(["And of Italy?"], in: directory)
            let list = try history(in: directory)
            #expect(list.status == 0 && list.output.contains("3 turns  Who are you?"), "\(list)")
            let show = try history("show", in: directory).output
            #expect(show.contains("What is the capital of France?\n\nThe capital of France is Paris."))
            #expect(try history("show", "1", in: directory).output == show)
            #expect(try history("search", "PARIS", in: directory).output.contains("What is the capital of France?"))
            #expect(try history("search", "London", in: directory).status == 1)
            let json = try history("export", "--format", "json", in: directory).output
            let exported = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
            let turns = try #require(exported.first?["turns"] as? [[String: String]])
            #expect(turns.map { $0["question"] } == ["Who are you?", "What is the capital of France?", "And of Italy?"])
            #expect(turns[1]["finish"] == "endOfTurn")
            #expect(try history("export", "--format", "markdown", in: directory).output.contains("\n> Who are you?\n\n"))
            #expect(try history("delete", "--before", "2000-01-01", in: directory).output == "0 conversations deleted\n")
            #expect(try history("delete", "1", in: directory).output == "1 conversation deleted\n")
            #expect(try history(in: directory).output.isEmpty)
        }
    }

    @Test("After a restart the model remembers the conversation")
    func remembers() throws {
        try Places.withDirectory { directory in
            try ask(["What is the capital of France?"], in: directory)
            try ask(["And of Italy?"], in: directory)
            #expect(try history("show", in: directory).output.contains("Rome"))
        }
    }

    @Test("Nothing is kept in the private mode, nor by platen chat")
    func keepsNothing() throws {
        try Places.withDirectory { directory in
            try ask(["Who are you?"], in: directory, keeps: false)
            let state = directory.appending(path: "state").path
            #expect(!FileManager.default.fileExists(atPath: state))
            _ = try run("platen", ["chat"], input: "Who are you?\n", environment: ["XDG_STATE_HOME": state])
            #expect(!FileManager.default.fileExists(atPath: state))
            _ = try run("platen", ["chat", "--keep"], input: "Who are you?\n", environment: ["XDG_STATE_HOME": state])
            let kept = try run("platen", ["history"], environment: ["XDG_STATE_HOME": state])
            #expect(kept.output.contains("1 turn  Who are you?"))
        }
    }

    @Test("Where nothing more can be written the typewriter types on, and says so once")
    func noRoom() throws {
        try Places.withDirectory { directory in
            try ask(["Who are you?"], in: directory)
            let process = Process()
            process.executableURL = URL(filePath: "/bin/sh")
            // No file may become larger than 20 or 40 KB, and who tries gets an error, not the signal.
            process.arguments = ["-c", "trap '' XFSZ; ulimit -f 40; exec \"$0\" --config \"$1\"",
                Places.programs.appending(path: "platend").path, directory.appending(path: "platen.toml").path]
            let (input, output, errors) = (Pipe(), Pipe(), Pipe())
            (process.standardInput, process.standardOutput, process.standardError) = (input, output, errors)
            try process.run()
            let questions = (0..<30).map { "Who are you? \($0)\n" }.joined()
            try input.fileHandleForWriting.write(contentsOf: Data(questions.utf8))
            try input.fileHandleForWriting.close()
            let log = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            let page = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            #expect(page.split(separator: "\n").count >= 30)
            #expect(log.components(separatedBy: "transcripts are not kept").count == 2, "\(log)")
            #expect(try history("show", in: directory).output.contains("Who are you?"))
        }
    }

    @Test("What cannot be is one clear line", arguments: [
        (["show"], "platen history show: no conversation was kept yet"),
        (["show", "7"], "platen history show: there is no conversation 7"),
        (["export", "7"], "platen history export: there is no conversation 7"),
        (["delete", "7"], "there is no conversation 7"),
        (["delete"], "say which: numbers, --before DATE, or --all"),
        (["delete", "1", "--all"], "say which: numbers, --before DATE, or --all"),
        (["delete", "--before", "2026-02-30"], "2026-02-30 is no date"),
        (["delete", "--before", "yesterday"], "yesterday is no date"),
        (["list", "--last", "0"], "--last 0 is not a positive number"),
        (["search", ""], "an empty text is everywhere"),
        (["--database", "/nowhere/file.db"], "platen history list: /nowhere/file.db is not there"),
        (["--database", "/bin/sh"], "/bin/sh is no database, or a damaged one"),
    ])
    func refusals(_ arguments: [String], _ message: String) throws {
        try Places.withDirectory { directory in
            if !arguments.contains("--database") {
                try ask(["Who are you?"], in: directory)
                #expect(try history("delete", "--all", in: directory).status == 0)
            }
            let config = arguments.contains("--database") ? [] : ["--config", directory.appending(path: "platen.toml").path]
            let outcome = try run("platen", ["history"] + arguments + config)
            #expect(outcome.status != 0)
            #expect(outcome.output.isEmpty)
            #expect(outcome.errors.contains(message), "\(outcome.errors)")
        }
    }

    private static let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first { FileManager.default.isExecutableFile(atPath: $0) }

    @Test("Killed at ten random moments, the daemon loses no finished turn", .enabled(if: python != nil, "python3 is missing"))
    func kills() throws {
        let process = Process()
        process.executableURL = URL(filePath: try #require(Self.python))
        process.arguments = [SharedFiles.root.appending(path: "Tests/Durability/kill-daemon.py").path, "10", "\(Int.random(in: 1...1_000_000))"]
        process.environment = ProcessInfo.processInfo.environment.merging(["PLATEND": Places.programs.appending(path: "platend").path]) { $1 }
        let output = Pipe()
        (process.standardOutput, process.standardError) = (output, output)
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
        #expect(text.contains("10 kills survived"), "\(text)")
    }
}
