import Foundation
import Glibc
import Testing

/// The daemon as a service manager sees it.
@Suite(.enabled(if: Places.included != nil, "the included model is missing"))
struct DaemonTests {
    private let model = Places.included ?? ""

    @Test func isReadyWhenAKeyIsAcceptedAndEndsCleanly() throws {
        try Places.withDirectory { directory in
            let daemon = try Daemon(in: directory, model: model)
            #expect(daemon.manager.hears { $0 == "READY=1" })
            daemon.keyboard.type("What is the capital of France?\r")
            #expect(daemon.says("thinks"))
            #expect(daemon.says("prints"))
            #expect(daemon.says("ready"))
            #expect(daemon.page.hasPrefix("What is the capital of France?\n"))
            let lines = daemon.page.split(separator: "\n").count
            #expect(lines > 1)
            daemon.keyboard.type("unfinished")
            #expect(daemon.waits { daemon.page.hasSuffix("unfinished") })
            let end = daemon.end()
            #expect(end.status == 0)
            #expect(end.seconds < 5)
            #expect(daemon.manager.hears { $0 == "STOPPING=1" })
            #expect(daemon.page.hasSuffix("unfinished\n"))
        }
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func endsInMidAnswerAtAFreshLine(signal: Int32) throws {
        try Places.withDirectory { directory in
            let daemon = try Daemon(in: directory, model: model)
            daemon.keyboard.type("Tell me a story.\r")
            #expect(daemon.says("prints"))
            let end = daemon.end(signal)
            #expect(end.status == 0)
            #expect(end.seconds < 5)
            #expect(daemon.page.hasSuffix("\n"))
        }
    }

    @Test func isEndedByNoKey() throws {
        try Places.withDirectory { directory in
            let daemon = try Daemon(in: directory, model: model)
            #expect(daemon.manager.hears { $0 == "READY=1" })
            daemon.keyboard.type("xyzzy\u{3}\u{4}\u{3}\u{4}Tell me a story.\r")
            #expect(daemon.says("thinks"))
            daemon.keyboard.type("\u{3}")
            #expect(daemon.says("ready"))
            daemon.keyboard.type("\u{4}Again\r")
            #expect(daemon.says("prints"))
            #expect(daemon.says("ready"))
            #expect(daemon.page.contains("Again\n"))
            #expect(daemon.process.isRunning)
            #expect(daemon.end().status == 0)
        }
    }

    @Test func waitsForAModelAndSaysWhy() throws {
        try Places.withDirectory { directory in
            let daemon = try Daemon(in: directory, model: "late.gguf")
            let path = directory.appending(path: "late.gguf").path
            #expect(daemon.says("waits for the model: model \(path): No such file or directory"))
            daemon.keyboard.type("Hello\r")
            #expect(daemon.waits { daemon.page.contains("there is no model") })
            // A file that is there and no model; then the model.
            try "not a model".write(toFile: path, atomically: false, encoding: .utf8)
            #expect(daemon.says("waits for the model: \(path)"))
            try FileManager.default.copyItem(atPath: model, toPath: path + ".part")
            #expect(rename(path + ".part", path) == 0)
            #expect(daemon.says("ready"))
            let before = daemon.page.count
            daemon.keyboard.type("What is the capital of France?\r")
            #expect(daemon.says("prints"))
            #expect(daemon.says("ready"))
            #expect(daemon.page.count > before + "What is the capital of France?\n".count)
            #expect(daemon.log.components(separatedBy: "is waited for: model \(path): No such file").count == 2)
            #expect(daemon.end().status == 0)
        }
    }

    @Test func waitsForAKeyboard() throws {
        try Places.withDirectory { directory in
            let daemon = try Daemon(in: directory, model: model, keyboardIsThere: false)
            #expect(daemon.says("waits for the keyboard"))
            try daemon.keyboard.plug(into: directory.appending(path: "keyboard"))
            #expect(daemon.says("ready"))
            daemon.keyboard.type("abc")
            #expect(daemon.waits { daemon.page == "abc" })
            daemon.keyboard.pull()
            #expect(daemon.says("waits for the keyboard"))
            let end = daemon.end()
            #expect(end.status == 0)
            #expect(end.seconds < 5)
        }
    }

    /// The chip is missing for the keys, a lamp and a button.
    @Test func isReadyWithoutTheKeyboardsChip() throws {
        try Places.withDirectory { directory in
            let profile = directory.appending(path: "matrix.toml")
            try """
                name = "nothing"
                chip = "no such chip"
                [[direct]]
                line = 1
                key = "page"
                [[output]]
                line = 2
                use = "status"
                """.write(to: profile, atomically: true, encoding: .utf8)
            let dropIns = directory.appending(path: "platen.toml.d")
            try FileManager.default.createDirectory(at: dropIns, withIntermediateDirectories: true)
            try "[keyboard]\nkind = \"matrix\"\nprofile = \"\(profile.path)\"\n"
                .write(to: dropIns.appending(path: "50.toml"), atomically: true, encoding: .utf8)
            let daemon = try Daemon(in: directory, model: model)
            #expect(daemon.says("waits for the keyboard: \(profile.path): no GPIO chip is called no such chip"))
            #expect(daemon.manager.hears { $0 == "READY=1" })
            #expect(daemon.log.contains("the keyboard's output status: no GPIO chip is called no such chip"))
            let end = daemon.end()
            #expect(end.status == 0)
            #expect(end.seconds < 5)
        }
    }

    @Test func waitsForAPrinterAndPrintsWhatWasTyped() throws {
        try Places.withDirectory { directory in
            let daemon = try Daemon(in: directory, model: model, printer: directory.appending(path: "printer/page").path)
            #expect(daemon.says("waits for the printer"))
            daemon.keyboard.type("abc\r")
            try FileManager.default.createDirectory(at: directory.appending(path: "printer"), withIntermediateDirectories: true)
            #expect(daemon.says("ready"))
            let page = daemon.page(at: directory.appending(path: "printer/page"))
            #expect(page.hasPrefix("abc\n"))
            #expect(page.count > 5)
        }
    }

    @Test func endsSoonThoughNobodyTakesWhatIsPrinted() throws {
        try Places.withDirectory { directory in
            let daemon = try Daemon(in: directory, model: model, printer: "/dev/platen-no-such-printer")
            #expect(daemon.says("waits for the printer: /dev/platen-no-such-printer: No such file or directory"))
            daemon.keyboard.type("Tell me a story.\r")
            usleep(300_000)
            let end = daemon.end()
            #expect(end.status == 0)
            #expect(end.seconds < 10)
        }
    }

    @Test func endsSoonThoughAPrintersCommandHangs() throws {
        try Places.withDirectory { directory in
            let program = directory.appending(path: "lp")
            let started = directory.appending(path: "started").path
            try "#!/bin/sh\ntouch '\(started)'\nexec sleep 1000\n".write(to: program, atomically: true, encoding: .utf8)
            chmod(program.path, 0o755)
            let daemon = try Daemon(in: directory, model: model, printer: "lp:office", environment: ["PATH": "\(directory.path):/usr/bin:/bin"])
            daemon.keyboard.type("Hello\r")
            #expect(daemon.waits { access(started, F_OK) == 0 })
            let end = daemon.end()
            #expect(end.status == 0)
            #expect(end.seconds < 10)
        }
    }

    @Test func livesWhileAPrinterHangs() throws {
        try Places.withDirectory { directory in
            let printer = SerialLink()
            // Nobody reads: the line takes a few kilobytes, and then nothing.
            try printer.plug(into: directory.appending(path: "printer"))
            let daemon = try Daemon(
                in: directory, model: model, printer: directory.appending(path: "printer").path, environment: ["WATCHDOG_USEC": "400000"])
            #expect(daemon.manager.hears { $0 == "READY=1" })
            for _ in 0..<40 { daemon.keyboard.type(String(repeating: "x", count: 1000) + "\r") }
            for _ in 0..<10 { #expect(daemon.manager.hears(within: 2) { $0 == "WATCHDOG=1" }) }
        }
    }

    @Test func livesWhenWhoeverReadsTheLogGoesAway() throws {
        try Places.withDirectory { directory in
            let pipe = directory.appending(path: "log").path
            #expect(mkfifo(pipe, 0o600) == 0)
            let reader = open(pipe, O_RDONLY | O_NONBLOCK)
            let daemon = try Daemon(in: directory, model: model, settings: "[log]\nlevel = \"info\"\nfile = \"\(pipe)\"")
            #expect(daemon.manager.hears { $0 == "READY=1" })
            close(reader)
            daemon.keyboard.type("Hello\r")
            #expect(daemon.says("prints"))
            #expect(daemon.says("ready"))
            #expect(daemon.end().status == 0)
        }
    }

    @Test func endsOnSettingsThatNoWaitingMends() throws {
        try Places.withDirectory { directory in
            let daemon = try Daemon(in: directory, model: model, printer: "nowhere:1")
            daemon.process.waitUntilExit()
            #expect(daemon.process.terminationStatus == 78)
            #expect(daemon.log.contains("paper.device nowhere:1"))
        }
    }

    @Test func tellsItsStatusToWhoeverAsks() throws {
        try Places.withDirectory { directory in
            let daemon = try Daemon(in: directory, model: model, environment: ["RUNTIME_DIRECTORY": directory.path])
            let environment = ["RUNTIME_DIRECTORY": directory.path]
            daemon.keyboard.type("What is the capital of France?\r")
            #expect(daemon.says("prints"))
            #expect(daemon.says("ready"))
            let text = try run("platen", ["status"], environment: environment)
            #expect(text.status == 0)
            #expect(text.output.hasPrefix("state      ready, for "))
            let json = try run("platen", ["status", "--json"], environment: environment)
            let object = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            #expect(object["state"] as? String == "ready")
            #expect(object["model"] as? String == model)
            #expect(object["turns"] as? Int == 1)
            #expect((object["last_answer"] as? [String: Any])?["tokens"] as? Int ?? 0 > 1)
            #expect(object["last_error"] is NSNull)
            #expect(object["process"] as? Int == Int(daemon.process.processIdentifier))
            #expect(daemon.end().status == 0)
            let nobody = try run("platen", ["status"], environment: environment)
            #expect(nobody.status == 69)
            #expect(nobody.errors.hasPrefix("platen status: no typewriter runs here"))
            #expect(nobody.errors.split(separator: "\n").count == 1)
        }
    }

    @Test(arguments: [false, true])
    func keepsWhatIsTypedOutOfTheLogUnlessAsked(isAsked: Bool) throws {
        try Places.withDirectory { directory in
            let daemon = try Daemon(in: directory, model: model, settings: """
                [log]
                level = "trace"
                text = \(isAsked)
                """)
            // With a letter that no plain printer has, and too long for the context.
            daemon.keyboard.type("xyzzy \u{E9}\u{0416}\u{2603}\r")
            #expect(daemon.says("prints"))
            #expect(daemon.says("ready"))
            daemon.keyboard.type(String(repeating: "xyzzy ", count: 600) + "\r")
            #expect(daemon.waits { daemon.page.contains("too long") })
            #expect(daemon.end().status == 0)
            #expect(daemon.page.contains("xyzzy"))
            let answer = try #require(daemon.page.split(separator: "\n").dropFirst().first)
            #expect(daemon.log.contains("tokens"))
            #expect(daemon.log.contains("xyzzy") == isAsked)
            #expect(daemon.log.contains("\u{2603}") == isAsked)
            if !isAsked { #expect(!daemon.log.contains(answer)) }
        }
    }
}
