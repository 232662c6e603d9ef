import Foundation
import Glibc
import Testing

/// Settings that are changed under a running daemon.
@Suite(.enabled(if: Places.included != nil, "the included model is missing"))
struct DaemonReloadTests {
    private let model = Places.included ?? ""

    @Test func goesOnByWhatIsNewAndStaysWhereItIsWrong() throws {
        try Places.withDirectory { directory in
            let daemon = try Daemon(in: directory, model: model)
            let dropIns = directory.appending(path: "platen.toml.d")
            try FileManager.default.createDirectory(at: dropIns, withIntermediateDirectories: true)
            #expect(daemon.manager.hears { $0 == "READY=1" })

            let dropIn = dropIns.appending(path: "50-margin.toml")
            try "[paper]\nleft_margin = 4\n[model]\nthreads = 2".write(to: dropIn, atomically: true, encoding: .utf8)
            kill(daemon.process.processIdentifier, SIGHUP)
            #expect(daemon.manager.hears { $0.hasPrefix("RELOADING=1") })
            #expect(daemon.manager.hears { $0 == "READY=1" })
            #expect(daemon.waits { daemon.log.contains("settings read again; new are paper.left_margin\n") })
            #expect(daemon.log.contains("model.threads: this changes when the typewriter is started again\n"))
            daemon.keyboard.type("Hello\r")
            #expect(daemon.says("prints"))
            #expect(daemon.says("ready"))
            #expect(daemon.page.hasPrefix("    Hello\n    "))

            #expect(!daemon.log.contains("asked: "))
            try "[paper]\nleft_margin = 4\n[log]\nlevel = \"info\"\ntext = true".write(to: dropIn, atomically: true, encoding: .utf8)
            kill(daemon.process.processIdentifier, SIGHUP)
            #expect(daemon.waits { daemon.log.contains("new are log.level, log.text\n") })
            daemon.keyboard.type("Once more\r")
            #expect(daemon.says("prints"))
            #expect(daemon.says("ready"))
            #expect(daemon.log.contains("asked: Once more\n"))

            try "[paper]\nleft_margin = 8\ncolums = 20".write(to: dropIn, atomically: true, encoding: .utf8)
            kill(daemon.process.processIdentifier, SIGHUP)
            #expect(daemon.waits { daemon.log.contains("the settings stay as they were\n") })
            #expect(daemon.log.contains("\(dropIn.path):3: unknown key paper.colums; did you mean paper.columns?\n"))
            let before = daemon.page.count
            daemon.keyboard.type("Again\r")
            #expect(daemon.says("prints"))
            #expect(daemon.says("ready"))
            #expect(daemon.page.dropFirst(before).hasPrefix("    Again\n    "))
            #expect(daemon.end().status == 0)
        }
    }
}
