import Conversation
import Foundation
import Keyboard
import Logging
import Paper
import Synchronization
import TestSupport
import Testing
@testable import Typewriter

@Suite("Settings that are read again")
struct ReloadTests {
    private func files(_ toml: String) -> SettingsFiles { SettingsFiles(["platen.toml"]) { _ in toml } }

    @Test("What is live holds; of the rest it is said that it takes a restart")
    func live() throws {
        var old = Settings()
        old.model.threads = 2
        let lines = LogLines()
        let toml = "[model]\nthreads = 3\n[sampling]\ntop_k = 7\ntemperature = 0.5\n[paper]\nmarkdown = false\nlines = 66\n[log]\nlevel = \"debug\""
        let reload = try #require(SettingsReload.read(files(toml), over: old, lines.logger))
        #expect(reload.changed == ["sampling.temperature", "sampling.top_k", "paper.markdown", "log.level"])
        #expect(reload.waiting == ["model.threads", "paper.lines"])
        #expect(reload.settings.sampling.topK == 7 && reload.settings.temperature == 0.5 && !reload.settings.paper.page.markdown)
        #expect(reload.settings.model.threads == 2 && reload.settings.paper.sheets.lines == 0)
        #expect(lines.all == [
            "notice: settings read again; new are sampling.temperature, sampling.top_k, paper.markdown, log.level",
            "warning: model.threads, paper.lines: this changes when the typewriter is started again",
        ])
    }

    @Test("An error leaves everything as it was, and is said")
    func error() {
        let lines = LogLines()
        #expect(SettingsReload.read(files("[sampling]\ntop_k = 7\ntop_p = 95"), over: Settings(), lines.logger) == nil)
        #expect(lines.all == ["error: platen.toml:3: sampling.top_p 95 is not between 0.001 and 1.0", "error: the settings stay as they were"])
    }

    @Test("A key that is not there any more has its default again")
    func gone() throws {
        var old = Settings()
        old.paper.page.columns = 100
        old.paper.page.leftMargin = 80
        let settings = try SettingsReload(files("[paper]\ncolumns = 60").valid(), over: old).settings
        #expect(settings.paper.page.leftMargin == 0 && settings.paper.page.columns == 60)
    }

    @Test("Nothing new is nothing to take over")
    func nothing() {
        let lines = LogLines()
        #expect(SettingsReload.read(files("[sampling]\ntop_k = 40"), over: Settings(), lines.logger) == nil)
        #expect(lines.all == ["notice: settings read again: nothing has changed"])
    }

    @Test("The shipped file marks what is live")
    func marks() throws {
        var section = ""
        var live: [String] = []
        for line in try String(contentsOfFile: SharedFiles.root.appending(path: "deploy/platen.toml").path, encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix("[") { section = String(line.dropFirst().prefix { $0 != "]" }) }
            if !line.hasPrefix("#"), line.hasSuffix(" (live)"), let equals = line.firstIndex(of: "=") {
                live.append(section + "." + line[..<equals].trimmingCharacters(in: .whitespaces))
            }
        }
        #expect(live == SettingKey.all.filter(\.isLive).map(\.name))
    }

    @Test("The manual lists what is live")
    func manual() throws {
        let text = try String(contentsOfFile: SharedFiles.root.appending(path: "docs/settings.md").path, encoding: .utf8)
        let section = try #require(text.components(separatedBy: "\n## ").first { $0.hasPrefix("Reading them again\n") })
        let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
        let listed = rows.flatMap { row in
            row.split(separator: "|")[0].split(separator: "`").map(String.init).filter { $0.contains(".") }
        }.flatMap { name in
            name.hasSuffix(".*") ? SettingKey.all.map(\.name).filter { $0.hasPrefix(name.dropLast()) } : [name]
        }
        #expect(listed.sorted() == SettingKey.all.filter(\.isLive).map(\.name).sorted())
    }

    @Test("All loggers take the new level, and the new file")
    func log() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "platen-log-\(UUID())").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        func text(_ name: String) throws -> String { try String(contentsOfFile: "\(directory)/\(name)", encoding: .utf8) }
        var settings = Settings.LogSection(file: directory + "/one")
        let log = try SessionLog(settings, sharesTerminal: false)
        let logger = log.logger("platen")
        let copy = logger
        copy.info("hidden")
        #expect(!log.holdsText)
        (settings.level, settings.text) = ("info", true)
        try log.take(settings)
        copy.info("shown")
        #expect(log.holdsText)
        settings.level = "error"
        try log.take(settings)
        logger.warning("hidden")
        #expect(try text("one") == "info: shown\n")
        // Moved away, to be packed.
        #expect(rename(directory + "/one", directory + "/old") == 0)
        logger.error("late")
        try log.take(settings)
        logger.error("new")
        #expect(try text("old") == "info: shown\nerror: late\n")
        #expect(try text("one") == "error: new\n")
        settings.file = directory + "/nowhere/two"
        #expect(throws: TypewriterError.self) { try log.take(settings) }
        logger.error("still here")
        settings.file = directory + "/two"
        try log.take(settings)
        logger.error("elsewhere")
        #expect(try text("one") == "error: new\nerror: still here\n")
        #expect(try text("two") == "error: elsewhere\n")
        // Nobody reads it: that is said, and not waited for.
        settings.file = directory + "/pipe"
        #expect(mkfifo(settings.file, 0o600) == 0)
        #expect(throws: TypewriterError.self) { try log.take(settings) }
    }

    @Test("A signal is heard where keys are waited for, and the session goes on by what was chosen anew")
    func signal() throws {
        let paper = PaperProbe()
        let script = ScriptedAnswerer.Script(["one two three four", "one two three four"])
        let keys = Pipe()
        let descriptor = keys.fileHandleForReading.fileDescriptor
        let isOver = DispatchSemaphore(value: 0)
        let taken = DispatchSemaphore(value: 0)
        let live = Session.LiveSettings(
            page: PageSettings(columns: 10, leftMargin: 2), readsAhead: false, conversation: ConversationSettings(systemPrompt: "new", maximumTokens: 9))
        Thread.detachNewThread {
            do {
                let signal = try SignalListener([SIGHUP])
                let session = try Session(
                    keyboards: [TerminalKeyboard(descriptor: descriptor), signal], paper: paper, page: PageSettings(columns: 40), isInteractive: true,
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, answering: { ScriptedAnswerer(script) })
                signal.onSignal = {
                    session.take(live)
                    taken.signal()
                }
                try session.run()
            } catch {
                Issue.record("\(error)")
            }
            isOver.signal()
        }
        func type(_ text: String) { keys.fileHandleForWriting.write(Data(text.utf8)) }
        type("ask\r")
        #expect(wait { paper.text.contains("one two three four\n") })
        kill(getpid(), SIGHUP)
        #expect(taken.wait(timeout: .now() + 20) == .success)
        type("ask\r")
        #expect(wait { paper.text.contains("  one two\n  three") })
        type("\u{4}")
        #expect(isOver.wait(timeout: .now() + 20) == .success)
        #expect(script.state.withLock { $0.configurations } == [live.conversation])
    }

    private func wait(_ condition: () -> Bool) -> Bool {
        for _ in 0..<10_000 {
            if condition() { return true }
            usleep(1000)
        }
        return false
    }
}
