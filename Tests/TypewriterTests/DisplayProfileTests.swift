import Foundation
import Paper
import Testing
@testable import Typewriter

@Suite("Profiles of displays")
struct DisplayProfileTests {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "hardware/displays").path
    private static let shipped = ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).filter { $0.hasSuffix(".toml") }.sorted()

    private static func read(_ toml: String) throws(TypewriterError) -> DisplayDescription {
        try DisplayDescription(ProfileFile.table(toml, "d.toml") { name throws(TypewriterError) in
            throw TypewriterError(name, status: .configuration)
        })
    }

    @Test("Each that is shipped is in order, names its source, and does not claim to be tried", arguments: shipped)
    func inOrder(_ file: String) throws {
        let display = try DisplayDescription("\(Self.directory)/\(file)")
        #expect(!display.isVerified)
        let text = try String(contentsOfFile: "\(Self.directory)/\(file)", encoding: .utf8)
        #expect(text.contains("\nsource = \"") && text.contains("\nverified = false"))
    }

    @Test("The two ROMs have their characters where the datasheet has them")
    func roms() throws {
        #expect(Self.shipped.count == 6)
        let japanese = try DisplayDescription("\(Self.directory)/hd44780-20x4-a00.toml").profile
        #expect((japanese.columns, japanese.lines) == (20, 4))
        // HD44780U datasheet, table 4: corners and neighbours of what differs.
        let a00: [Character: UInt8] = ["A": 0x41, "¥": 0x5C, "→": 0x7E, "←": 0x7F, "｡": 0xA1, "ｱ": 0xB1, "ﾝ": 0xDD, "°": 0xDF, "ä": 0xE1, "μ": 0xE4, "ñ": 0xEE, "ö": 0xEF,
            "Ω": 0xF4, "ü": 0xF5, "π": 0xF7, "÷": 0xFD, "█": 0xFF]
        for (character, code) in a00 { #expect(japanese.codes[character] == code, "\(character)") }
        #expect(japanese.codes["\\"] == nil && japanese.codes["~"] == nil)
        let european = try DisplayDescription("\(Self.directory)/hd44780-16x2-a02.toml").profile
        let a02: [Character: UInt8] = ["\\": 0x5C, "~": 0x7E, "▶": 0x10, "“": 0x12, "→": 0x1A, "≤": 0x1C, "▼": 0x1F, "Б": 0x80, "Э": 0x8F, "α": 0x90, "τ": 0x97, "θ": 0x99,
            "∩": 0x9F, "¡": 0xA1, "´": 0xAF, "±": 0xB1, "½": 0xBD, "À": 0xC0, "ß": 0xDF, "à": 0xE0, "ÿ": 0xFF]
        for (character, code) in a02 { #expect(european.codes[character] == code, "\(character)") }
    }

    @Test("What is wrong is said with its line", arguments: [
        ("name = \"x\"", "d.toml:1: kind is missing"),
        ("name = \"x\"\nkind = \"led\"", "d.toml:2: kind: \"led\" is none of \"lcd\", \"console\""),
        ("name = \"x\"\nkind = \"lcd\"\nlines = 2", "d.toml:1: columns is missing"),
        ("name = \"x\"\nkind = \"lcd\"\ncolumns = 16\nlines = 2\n[[characters]]\nfirst = 0x1a\ntext = \"→←\"",
            "d.toml:6: first: the code 27 cannot be shown: it is a control of /dev/lcd"),
        ("name = \"x\"\nkind = \"lcd\"\ncolumns = 16\nlines = 2\n[[characters]]\nfirst = 255\ntext = \"ab\"",
            "d.toml:7: text: \"b\" would have the code 256; the last is 255"),
        ("name = \"x\"\nkind = \"console\"\ncolumns = 80\ncode_page = \"CP1\"",
            "d.toml:4: code_page: code page CP1 is unknown; `iconv --list` shows the names that are known"),
    ])
    func wrong(_ toml: String, _ message: String) throws {
        let error = #expect(throws: TypewriterError.self) { try Self.read(toml) }
        #expect(error?.description == message)
    }

    @Test("The settings name a display by its device, and its profile says what it can show")
    func settings() throws {
        var settings = Settings()
        try settings.set("paper.kind", to: .text("display"))
        let error = #expect(throws: TypewriterError.self) { try settings.paper.open() }
        #expect(error?.description == "paper.device must say where the display is: /dev/lcd, or a console such as /dev/tty1")
        try settings.set("paper.profile", to: .text("\(Self.directory)/hd44780-16x2-a00.toml"))
        let path = NSTemporaryDirectory() + "platen-lcd-\(UUID())"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try settings.set("paper.device", to: .text(path))
        let paper = try settings.paper.open()
        #expect(paper.capabilities.columns == 16 && paper.capabilities.canErase)
        #expect(try paper.print([.text("ä", [])], stop: StopSignal()))
        let bytes = try Array(Data(contentsOf: URL(filePath: path)))
        #expect(bytes.contains(0xE1))
    }
}
