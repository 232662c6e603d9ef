import Foundation
import TestSupport
import Testing
@testable import Typewriter

/// A case of `Cases/settings.txt`, whose head says how to read it.
struct BrokenSettings: Sendable, CustomTestStringConvertible {
    let name: String
    /// What stands in the place of the file: `directory`, `missing`, ...
    let kind: String?
    let files: [(name: String, content: String)]
    let expected: String

    var testDescription: String { name }

    static let all: [BrokenSettings] = {
        guard let url = Bundle.module.url(forResource: "Cases/settings", withExtension: "txt"), let text = try? String(contentsOf: url, encoding: .utf8)
        else { return [] }
        return text.components(separatedBy: "\n== ").dropFirst().map { block in
            let parts = block.components(separatedBy: "\n--- ")
            let (head, main) = split(parts[0])
            let names = head.components(separatedBy: " | ")
            let others = parts.dropFirst().map(split)
            return BrokenSettings(
                name: names[0], kind: names.dropFirst().first,
                files: [("platen.toml", main)] + others.filter { $0.0 != "gives" },
                expected: others.last { $0.0 == "gives" }?.1.trimmingCharacters(in: .newlines) ?? "")
        }
    }()

    /// The first line, and the others.
    private static func split(_ part: String) -> (String, String) {
        let lines = part.components(separatedBy: "\n")
        return (lines[0], lines.dropFirst().joined(separator: "\n") + "\n")
    }

    func write(to directory: String) throws {
        for (index, file) in files.enumerated() {
            let path = "\(directory)/\(file.name)"
            try FileManager.default.createDirectory(atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            switch index == 0 ? kind : nil {
            case "missing": break
            case "directory": try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            case "pipe": #expect(mkfifo(path, 0o600) == 0)
            case "loop": try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: file.name)
            default: try Self.bytes(file.content, directory).write(to: URL(filePath: path))
            }
        }
    }

    private static func bytes(_ text: String, _ directory: String) -> Data {
        let repeated = text.replacing("DIR", with: directory).replacing(/<<(.*?)\*(\d+)>>/) { match in
            String(repeating: String(match.1).replacing("\\n", with: "\n"), count: Int(match.2) ?? 0)
        }
        var data = Data()
        var rest = repeated.replacing("\\r\n", with: "\r\n")[...]
        while let match = rest.firstMatch(of: /\\x([0-9A-F]{2})/) {
            data += rest[..<match.range.lowerBound].utf8
            data.append(UInt8(match.1, radix: 16) ?? 0)
            rest = rest[match.range.upperBound...]
        }
        return data + rest.utf8
    }
}

@Suite("Broken settings")
struct BrokenSettingsTests {
    @Test("There are more than a hundred, all different")
    func count() {
        #expect(Set(BrokenSettings.all.map(\.name)).count == BrokenSettings.all.count)
        #expect(Set(BrokenSettings.all.map { $0.files.map { $0.name + $0.content }.joined() + ($0.kind ?? "") }).count > 100)
    }

    @Test("Each is told with everything that is wrong, where it is, and what to do", arguments: BrokenSettings.all)
    func message(_ broken: BrokenSettings) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "platen-settings-\(UUID())").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try broken.write(to: directory)
        var files = SettingsFiles("\(directory)/platen.toml")
        files.checkOutside()
        var told = files.problems.map(\.description).joined(separator: "\n")
            .replacing("\(directory)/platen.toml", with: "platen.toml").replacing(directory, with: "DIR")
        for (name, kind) in [("{keyboards}", .keyboards), ("{printers}", .printers), ("{typewriters}", .typewriters)] as [(String, HardwareDirectory.Kind)] {
            let names = HardwareDirectory.names(kind).joined(separator: ", ")
            for mark in ["there are: ", "that are there (", "; there are "] { told = told.replacing(mark + names, with: mark + name) }
            for path in HardwareDirectory.directories(kind) { told = told.replacing(path, with: "HARDWARE/\(kind.rawValue)") }
        }
        for key in SettingKey.all {
            guard case .choice(_, let choices) = key.kind, choices.count > 2, broken.expected.contains("{\(key.name)}") else { continue }
            told = told.replacing(choices.map { "\"\($0)\"" }.joined(separator: ", "), with: "{\(key.name)}")
        }
        for section in SettingKey.sections {
            let keys = SettingKey.all.filter { $0.section == section }.map { String($0.name.dropFirst(section.count + 1)) }
            told = told.replacing("[\(section)] has \(keys.joined(separator: ", "))", with: "[\(section)] has {\(section)}")
        }
        told = told.replacing(SettingKey.sections.sorted().map { "[\($0)]" }.joined(separator: ", "), with: "{sections}")
        #expect(told == broken.expected)
        #expect(throws: TypewriterError.self) { try files.valid() }
    }
}

@Suite("Settings in several files")
struct SettingsFilesTests {
    private func files(_ texts: [String]) -> SettingsFiles {
        SettingsFiles(texts.indices.map { "\($0).toml" }) { name in texts[Int(name.prefix { $0 != "." }) ?? 0] }
    }

    @Test("What comes later holds, key by key")
    func order() throws {
        let read = files(["[paper]\ncolumns = 40\nlines = 60", "[paper]\ncolumns = 50", "[log]\nlevel = \"info\""])
        let settings = try read.valid()
        #expect(settings.paper.page.columns == 50 && settings.paper.sheets.lines == 60 && settings.log.level == "info")
        #expect(read.origin(of: "paper.columns") == FileOrigin(file: "1.toml", line: 2))
        #expect(read.origin(of: "paper.lines") == FileOrigin(file: "0.toml", line: 3))
        #expect(read.origin(of: "paper.kind") == nil)
    }

    @Test("Drop-ins are read in the order of their names, hidden and other files are not")
    func dropIns() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "platen-drop-ins-\(UUID())")
        let dropIns = directory.appending(path: "platen.toml.d")
        try FileManager.default.createDirectory(at: dropIns, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        for (name, columns) in [("9.toml", 9), ("10.toml", 10), (".hidden.toml", 11), ("a.toml~", 12), ("README", 13)] {
            try "[paper]\ncolumns = \(columns)".write(to: dropIns.appending(path: name), atomically: true, encoding: .utf8)
        }
        let main = directory.appending(path: "platen.toml")
        try "[paper]\ncolumns = 72".write(to: main, atomically: true, encoding: .utf8)
        #expect(try Settings(file: main.path).paper.page.columns == 9)
    }

    /// Root may look anywhere.
    @Test("A directory of drop-ins that may not be looked into is said", .enabled(if: geteuid() != 0, "this user may look anywhere"))
    func unreadable() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "platen-drop-ins-\(UUID())")
        let dropIns = directory.appending(path: "platen.toml.d")
        try FileManager.default.createDirectory(at: dropIns, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        chmod(dropIns.path, 0)
        defer { chmod(dropIns.path, 0o700) }
        let main = directory.appending(path: "platen.toml")
        try "".write(to: main, atomically: true, encoding: .utf8)
        let told = SettingsFiles(main.path).problems.map(\.description)
        #expect(told == ["\(dropIns.path): Permission denied; let the user who runs this read it (chmod, or its group)"])
    }

    @Test("The listing of what holds is a settings file that says the same, with where each value comes from")
    func listing() throws {
        let read = files([
            "[conversation]\nsystem_prompt = \"say \\\"no\\\"\\n\\\\ \\u0007\"\nstop = [\"a\", \"\\t\"]\n[sampling]\nseed = 7",
            "[sampling]\ntemperature = 0.5\n[paper]\nmarkdown = false",
        ])
        #expect(try Settings(toml: read.listing, file: "listing") == read.valid())
        #expect(read.listing.contains("\nseed = 7  # 0.toml:5\n") && read.listing.contains("\nmarkdown = false  # 1.toml:4\n"))
        #expect(read.listing.contains("\ncolumns = 72  # default\n"))
    }
}
