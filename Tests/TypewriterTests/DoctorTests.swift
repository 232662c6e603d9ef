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
        for words in lines("nodes").map({ $0.split(separator: " ") }) where words.count == 4 {
            nodes[String(words[0])] = Computer.Node(mode: UInt32(words[1], radix: 8) ?? 0, user: UInt32(words[2]) ?? 0, group: UInt32(words[3]) ?? 0)
        }
        let gpio = Dictionary(lines("gpio").map { line in
            let number = line.prefix { $0 != " " }
            return (String(number), String(line.dropFirst(number.count + 1)))
        }) { first, _ in first }
        let measured = Dictionary(lines("measured").compactMap { line in
            let words = line.split(separator: " ")
            return words.count == 2 ? Double(words[1]).map { (String(words[0]), $0) } : nil
        }) { first, _ in first }

        var computer = try Computer(root: root)
        computer.now = Int(measured["now"] ?? 0)
        let described = nodes
        computer.node = { path in
            described[path] ?? (FileManager.default.fileExists(atPath: root + path) ? Computer.Node(mode: 0o755, user: 0, group: 0) : nil)
        }
        computer.obstacle = { gpio[$0.line] }
        computer.readingSpeed = { _ in measured["reading"].map { $0 * 1e6 } }
        computer.writingTime = { _ in measured["writing"].map { $0 / 1e3 } }
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
        let time = try #require(StorageSpeed.writing(directory))
        #expect(time >= 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
        try Data(count: 3 << 20).write(to: URL(filePath: directory + "/model"))
        #expect(try #require(StorageSpeed.reading(directory + "/model")) > 0)
        #expect(StorageSpeed.reading(directory + "/no") == nil && StorageSpeed.writing(directory + "/no") == nil)
    }
}
