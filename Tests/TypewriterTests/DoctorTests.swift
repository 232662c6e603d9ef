import Foundation
import TestSupport
import Testing
@testable import Typewriter

/// A case of `Cases/doctor.txt`, whose head says how to read it.
struct SickComputer: Sendable, CustomTestStringConvertible {
    let name: String
    private(set) var parts: [String: String]

    var testDescription: String { name }

    static let all: [SickComputer] = {
        guard let url = Bundle.module.url(forResource: "Cases/doctor", withExtension: "txt"), let text = try? String(contentsOf: url, encoding: .utf8)
        else { return [] }
        return text.components(separatedBy: "\n== ").dropFirst().map { block in
            let parts = block.components(separatedBy: "\n--- ").map { part in
                let lines = part.components(separatedBy: "\n")
                return (lines[0], lines.dropFirst().joined(separator: "\n"))
            }
            return SickComputer(name: parts[0].0, parts: Dictionary(parts.dropFirst()) { _, last in last })
        }
    }()

    func lines(_ part: String) -> [String] { (parts[part] ?? "").split(separator: "\n").map(String.init) }

    /// This one's parts, and those of another that it does not have.
    func over(_ other: SickComputer) -> SickComputer {
        var whole = other.parts.merging(parts) { _, own in own }
        for path in parts.keys where path.hasPrefix("without ") {
            let path = String(path.dropFirst("without ".count))
            whole[path] = nil
            whole["link " + path] = nil
            whole["nodes"] = whole["nodes"]?.components(separatedBy: "\n").filter { !$0.hasPrefix(path + " ") }.joined(separator: "\n")
        }
        return SickComputer(name: name, parts: whole)
    }

    /// What the doctor says of it.
    func findings() throws -> [String] {
        let root = FileManager.default.temporaryDirectory.appending(path: "platen-doctor-\(UUID())").path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: root) }
        for (name, content) in parts {
            let isLink = name.hasPrefix("link /")
            guard isLink || name.hasPrefix("/") else { continue }
            let path = root + (isLink ? name.dropFirst("link ".count) : name[...])
            try FileManager.default.createDirectory(atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            if isLink {
                try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: content.trimmingCharacters(in: .newlines))
            } else {
                try Data((content + "\n").utf8).write(to: URL(filePath: path))
            }
        }
        var nodes: [String: Computer.Node] = [:]
        for words in lines("nodes").map({ $0.split(separator: " ") }) where words.count >= 4 {
            nodes[String(words[0])] = Computer.Node(mode: UInt32(words[1], radix: 8) ?? 0, user: UInt32(words[2]) ?? 0, group: UInt32(words[3]) ?? 0,
                size: words.count > 4 ? Int(words[4]) ?? 0 : 0)
        }
        /// The lines of a part, by their first words.
        func table(_ part: String) -> [String: String] {
            Dictionary(lines(part).map { line in
                let key = line.prefix { $0 != " " }
                return (String(key), String(line.dropFirst(key.count + 1)))
            }) { first, _ in first }
        }
        @Sendable func look(_ text: String?) -> Computer.Look<String> {
            switch text {
            case nil: .seen("")
            case "hidden": .hidden
            case "taken": .taken
            case let text?: .wrong(text)
            }
        }
        let (gpio, opened, held, sizes, measured) = (table("gpio"), table("opened"), table("held"), table("sizes"), table("measured"))

        var computer = try Computer(root: root, user: parts["user"]?.trimmingCharacters(in: .newlines))
        computer.now = measured["now"].flatMap { Int($0) } ?? 0
        let described = nodes
        computer.node = { path in
            described[path] ?? (FileManager.default.fileExists(atPath: root + path) ? Computer.Node(mode: 0o755, user: 0, group: 0) : nil)
        }
        computer.gpio = { look(gpio[$0.line]) }
        computer.open = { look(opened[$0]) }
        computer.consoleSize = { path in
            let words = sizes[path]?.split(separator: " ").compactMap { Int($0) } ?? []
            return words.count == 2 ? (words[0], words[1]) : nil
        }
        computer.holders = { path in
            guard let words = held[path]?.split(separator: " "), words.count == 2, let process = Int32(words[0]) else { return [] }
            return [DeviceHolder(process: process, name: String(words[1]))]
        }
        let daemon = parts["daemon"]?.trimmingCharacters(in: .newlines)
        computer.daemon = { daemon }
        computer.readingSpeed = { _ in measured["reading"].flatMap { Double($0) }.map { $0 * 1e6 } }
        computer.writingTime = { _ in
            guard let writing = measured["writing"] else { return .wrong("No space left on device") }
            return Double(writing).map { .seen($0 / 1e3) } ?? (writing == "hidden" ? .hidden : .wrong(writing))
        }
        computer.freeBytes = { _ in measured["free"].flatMap { Int($0) }.map { $0 << 20 } }
        let settings = try Settings(toml: parts["platen.toml"] ?? "", file: "platen.toml")
        let model = (try? IncludedModel.find()) ?? "?"
        return Doctor(computer, settings).findings().map { $0.description.replacing(model, with: "MODEL") }
    }
}

@Suite("Doctor")
struct DoctorTests {
    @Test("A computer in order has every line, and none of them is bad")
    func healthy() throws {
        let healthy = try #require(SickComputer.all.first)
        let findings = try healthy.findings()
        #expect(findings == healthy.lines("says"))
        #expect(findings.allSatisfy { $0.hasPrefix("ok    ") })
    }

    @Test("What is not in order is said, with what to do", arguments: SickComputer.all.dropFirst())
    func sick(_ computer: SickComputer) throws {
        let healthy = try #require(SickComputer.all.first)
        let usual = Set(healthy.lines("says"))
        let findings = try computer.over(healthy).findings()
        #expect(findings.filter { !usual.contains($0) }.joined(separator: "\n") == computer.lines("says").joined(separator: "\n"))
    }

    @Test("Nothing is said of what is not there")
    func nothing() throws {
        let empty = SickComputer(name: "empty", parts: ["/etc/passwd": "platen:x:1:1:::", "/etc/group": ""])
        #expect(try empty.findings().contains { $0.hasPrefix("ok    computer: no single board computer, Linux unknown") })
    }

    @Test("A user that nobody knows is one line")
    func unknownUser() {
        #expect(throws: TypewriterError("there is no user nobody-at-all; name one of /etc/passwd", status: .configuration)) {
            try Computer(user: "nobody-at-all")
        }
    }

    @Test("The disk's speed is measured, and nothing is left behind")
    func measuring() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "platen-disk-\(UUID())").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        guard case .seen(let time) = StorageSpeed.writing(directory) else { throw CancellationError() }
        #expect(time >= 0)
        #expect(try #require(StorageSpeed.freeBytes(directory)) > 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
        try Data(count: 3 << 20).write(to: URL(filePath: directory + "/model"))
        #expect(try #require(StorageSpeed.reading(directory + "/model")) > 0)
        #expect(StorageSpeed.reading(directory + "/no") == nil)
        #expect(StorageSpeed.writing(directory + "/no") == .wrong("No such file or directory"))
    }

    @Test("A device that a process has open is held by it")
    func holding() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "platen-held-\(UUID())").path
        let file = open(path, O_RDWR | O_CREAT, 0o600)
        defer {
            close(file)
            unlink(path)
        }
        #expect(DeviceHolder.all(of: path).isEmpty)
        var sleeper = pid_t()
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("60"), nil]
        defer { for argument in arguments { free(argument) } }
        try #require(posix_spawnp(&sleeper, "sleep", nil, nil, &arguments, environ) == 0)
        defer {
            kill(sleeper, SIGKILL)
            waitpid(sleeper, nil, 0)
        }
        #expect(DeviceHolder.all(of: path) == [DeviceHolder(process: sleeper, name: "sleep")])
    }

    @Test("A path lies on the nearest mount above it")
    func mounts() {
        let table = MountTable("/dev/root / ext4 ro,noatime 0 0\ntmpfs /var\\040x tmpfs rw 0 0\n/dev/sda1 /var ext4 rw 0 0\ntmpfs /var tmpfs rw 0 0\nnonsense\n")
        #expect(table.mount(of: "/etc/x")?.isReadOnly == true)
        #expect(table.mount(of: "/var/lib")?.isInMemory == true)
        #expect(table.mount(of: "/variable")?.directory == "/")
        #expect(table.mount(of: "/var x/y")?.directory == "/var x")
        #expect(MountTable("").mount(of: "/") == nil)
    }

    @Test("At a terminal, lines are as wide as it, and words that somebody copies stay whole")
    func layout() {
        let finding = Finding(.warn, "paper", "a login waits on /dev/tty1", "sudo systemctl mask --now getty@tty1.service")
        #expect(finding.layout(width: 60, isColored: false) == """
            warn  paper        a login waits on /dev/tty1
                               → sudo systemctl mask --now
                                 getty@tty1.service

            """)
        #expect(finding.layout(width: 0, isColored: true).hasPrefix("\u{1B}[1;33mwarn  \u{1B}[0mpaper"))
        #expect(Finding(.ok, "clock", "kept").layout(width: 80, isColored: true) == "ok    clock        kept\n")
        #expect(finding.json == #"""
            {"verdict": "warn", "subject": "paper", "text": "a login waits on /dev/tty1", "remedy": "sudo systemctl mask --now getty@tty1.service"}
            """#)
    }

    @Test("The summary counts", arguments: [
        ([.ok, .ok], "All 2 are in order."), ([.fail, .ok], "1 thing fails; 1 in order."), ([.fail, .fail, .warn], "2 things fail, 1 could be better; 0 in order."),
        ([Finding.Verdict.warn, .ok], "1 could be better; 1 in order."),
    ])
    func summary(_ verdicts: [Finding.Verdict], _ text: String) {
        #expect(DoctorSummary(verdicts.map { Finding($0, "x", "y") }).description == text)
    }
}
