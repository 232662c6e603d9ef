@testable import Typewriter
import Foundation
import TestSupport
import Testing

struct ProfileError: Sendable, CustomTestStringConvertible {
    let toml: String
    let message: String

    var testDescription: String { toml.replacing("\n", with: " ⏎ ") }
}

private let errors = [
    ProfileError(toml: "columns = \"many\"", message: "p.toml:1: columns: \"many\" is not a whole number"),
    ProfileError(toml: "\ncolumns = 0", message: "p.toml:2: columns: 0 is not between 1 and 100"),
    ProfileError(toml: "\ncolumns = 7.5", message: "p.toml:2: columns: 7.5 is not a whole number"),
    ProfileError(toml: "pitch = nan", message: "p.toml:1: pitch: nan is not between 1.0 and 20.0"),
    ProfileError(toml: "pitch = []", message: "p.toml:1: pitch: a list is not a number"),
    ProfileError(toml: "features = \"bold\"", message: "p.toml:1: features: \"bold\" is not a list"),
    ProfileError(toml: "features = [\n\"bold\", 1]", message: "p.toml:1: features: 1 is not a text in quotation marks"),
    ProfileError(toml: "lines = [1, -1]", message: "p.toml:1: lines: -1 is not between 0 and 9"),
    ProfileError(toml: "matrix = [[\"a\"], 1]", message: "p.toml:1: matrix: 1 is not a list"),
    ProfileError(toml: "language = \"escp\"", message: "p.toml:1: language: \"escp\" is none of \"esc-p\", \"plain\""),
    ProfileError(toml: "language = \"a\\nb\"", message: "p.toml:1: language: \"a\\nb\" is none of \"esc-p\", \"plain\""),
    ProfileError(toml: "[usb]\nvendor = 1\nserial = true", message: "p.toml:3: unknown key usb.serial"),
    ProfileError(toml: "[usb]\nvender = 1", message: "p.toml:2: unknown key usb.vender; did you mean usb.vendor?"),
    ProfileError(toml: "usb = 3", message: "p.toml:1: usb: 3 is not a section"),
    ProfileError(toml: "\nusb = { vendor = -1 }", message: "p.toml:2: usb.vendor: -1 is not between 0 and 65535"),
    ProfileError(toml: "colums = 72", message: "p.toml:1: unknown key colums; did you mean columns?"),
    ProfileError(toml: "[[key]]\nname = \"a\"\n[[key]]\nname = 1", message: "p.toml:4: name: 1 is not a text in quotation marks"),
    ProfileError(toml: "[[key]]\nname = \"a\"\n[[key]]\nline = 1", message: "p.toml:4: unknown key line"),
    ProfileError(toml: "[[key]]\n[[key]]\n\n[key.at]\nx = 12", message: "p.toml:5: x: 12 is not between 0 and 9"),
    ProfileError(toml: "key = [{ name = \"a\" }, 2]", message: "p.toml:1: key: 2 is not a section"),
    ProfileError(toml: "inherits = 1", message: "p.toml:1: inherits: 1 is not a text in quotation marks"),
    ProfileError(toml: "inherits = \"../secret\"", message: "p.toml:1: inherits: \"../secret\" is not a profile's name"),
    ProfileError(toml: "\ninherits = \"nobody\"", message: "p.toml:2: inherits: there is no nobody"),
    ProfileError(toml: "inherits = \"loop\"", message: "loop.toml:3: inherits: \"loop\" builds upon this profile itself"),
    ProfileError(toml: "inherits = \"deep-0\"", message: "deep-6.toml:1: inherits: more than 8 profiles build upon each other"),
    ProfileError(toml: "inherits = \"wrong\"", message: "wrong.toml:2: columns: 1000 is not between 1 and 100"),
    ProfileError(toml: "inherits = \"broken\"", message: "broken.toml:2: this is no key; a line is [section], key = value, or a # comment"),
    ProfileError(toml: "date = 1979-05-27\n[a]\nb = 1", message: "p.toml:1: date: a date is not a text in quotation marks"),
]

private let bases = [
    "base": "verified = true\nsource = \"a manual\"\ncolumns = 80\npitch = 12\nfeatures = [\"bold\", \"cut\"]\n[usb]\nvendor = 1208\nproduct = 514",
    "loop": "\n\ninherits = \"loop\"",
    "wrong": "\ncolumns = 1000",
    "broken": "\n= 3",
]

/// Reads everything that the tests' profiles have.
private struct Sample: Equatable {
    var columns, vendor, product: Int?
    var pitch: Double?
    var features: [String]?
    var lines: [Int]?
    var matrix: [[String]]?
    var names: [String?] = []
    var source: String?
    var verified: Bool?

    init(_ text: String) throws(TypewriterError) {
        var table = try ProfileFile.table(text, "p.toml") { name throws(TypewriterError) in
            if name.hasPrefix("deep-"), let number = Int(name.dropFirst(5)) { return ("\(name).toml", "inherits = \"deep-\(number + 1)\"") }
            guard let base = bases[name] else { throw TypewriterError("there is no \(name)", status: .configuration) }
            return ("\(name).toml", base)
        }
        columns = try table.integer("columns", 1...100)
        pitch = try table.number("pitch", 1...20)
        features = try table.texts("features")
        lines = try table.integers("lines", 0...9)
        matrix = try table.rows("matrix")
        _ = try table.choice("language", ["esc-p", "plain"])
        (vendor, product) = (try table.integer("usb.vendor", 0...65535), try table.integer("usb.product", 0...65535))
        for var key in try table.sections("key") {
            names.append(try key.text("name"))
            if var at = try key.section("at") { _ = try at.integer("x", 0...9) }
            try key.refuseUnknown()
        }
        _ = try table.text("date")
        source = try table.text("source")
        verified = try table.flag("verified")
        try table.refuseUnknown()
    }
}

@Suite("Profiles of hardware")
struct ProfileFileTests {
    @Test("What is wrong is said with file, line and key", arguments: errors)
    func message(_ example: ProfileError) {
        #expect(throws: TypewriterError(example.message, status: .configuration)) { try Sample(example.toml) }
    }

    @Test("Values arrive where they belong")
    func values() throws {
        let sample = try Sample("""
            columns = 72
            pitch = 10
            features = ["bold"]
            lines = [3, 1]
            matrix = [["a", "b"], ["c"]]
            [usb]
            vendor = 0x04b8
            [[key]]
            name = "q"
            [[key]]
            """)
        #expect(sample.columns == 72)
        #expect(sample.pitch == 10)
        #expect(sample.features == ["bold"])
        #expect(sample.lines == [3, 1])
        #expect(sample.matrix == [["a", "b"], ["c"]])
        #expect(sample.vendor == 0x04B8)
        #expect(sample.product == nil)
        #expect(sample.names == ["q", nil])
    }

    @Test("A profile says first what it says itself, and inherits the rest, but not what was verified")
    func inheritance() throws {
        let sample = try Sample("inherits = \"base\"\ncolumns = 40\nfeatures = [\"underline\"]\nusb.product = 7")
        #expect(sample.columns == 40)
        #expect(sample.pitch == 12)
        #expect(sample.features == ["underline"])
        #expect(sample.vendor == 1208)
        #expect(sample.product == 7)
        #expect(sample.verified == nil)
        #expect(sample.source == nil)
    }

    @Test("A section whose keys are data tells them, dots and all")
    func data() throws {
        var table = try ProfileFile.table("[alias]\n\"«\" = '\"'\n\".\" = \"x.y\"\n\"a.b\" = \"2\"", "p.toml") { name throws(TypewriterError) in
            throw TypewriterError(name, status: .configuration)
        }
        var alias = try #require(try table.section("alias"))
        #expect(alias.keys == [".", "a.b", "«"])
        #expect(try alias.text(".") == "x.y")
        #expect(try alias.text("a.b") == "2")
        #expect(throws: TypewriterError("p.toml:2: unknown key «; did you mean .?", status: .configuration)) { try alias.refuseUnknown() }
    }

    @Test("A profile is found by its name beside the one that inherits it, and by its path")
    func files() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "platen-profiles-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try "columns = 33".write(to: directory.appending(path: "mother.toml"), atomically: true, encoding: .utf8)
        try "inherits = \"mother\"".write(to: directory.appending(path: "child.toml"), atomically: true, encoding: .utf8)
        var table = try ProfileFile.read(directory.appending(path: "child.toml").path, .printers)
        #expect(try table.integer("columns", 1...100) == 33)
    }

    @Test("A name that nobody knows is one line")
    func unknownName() {
        let error = #expect(throws: TypewriterError.self) { try ProfileFile.read("brother-ax-7000", .keyboards) }
        #expect(error?.description.hasPrefix("unknown profile brother-ax-7000") == true)
        #expect(throws: TypewriterError("\"..\" is not a profile's name; one has letters, digits, - and _, and a path has a slash", status: .configuration)) { try ProfileFile.read("..", .keyboards) }
    }

    @Test("Twenty thousand texts of TOML's own signs, in any order, give a profile or one line")
    func nonsense() {
        let signs = [
            "[", "]", "[[", "]]", "{", "}", "=", " = ", ",", ".", "\"", "'", "\n", "#", "a", "1", "_", "inf", "nan", "true", "1979-05-27", "\\u0000",
            "key", "usb", "columns = ", "a.b", "[[key]]\n", "[key.at]\n", "x = ", "inherits = \"base\"\n", "name = \"n\"\n", "\u{E9}",
        ]
        var random = SeededGenerator(seed: 20260203)
        var understood = 0
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 1...10, using: &random)).map { _ in signs.randomElement(using: &random) ?? "" }.joined()
            do {
                _ = try Sample(text)
                understood += 1
            } catch {
                #expect(!error.description.contains("\n") && error.description.contains(".toml:"))
            }
        }
        #expect((100..<20_000).contains(understood))
    }
}
