import Foundation
import Paper
import Testing
@testable import Typewriter

@Suite("Profiles of printers")
struct PrinterProfileTests {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "hardware/printers").path
    private static let shipped = ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).filter { $0.hasSuffix(".toml") }.sorted()

    private static func read(_ toml: String) throws(TypewriterError) -> PrinterDescription {
        try PrinterDescription(ProfileFile.table(toml, "p.toml") { name throws(TypewriterError) in
            throw TypewriterError(name, status: .configuration)
        })
    }

    @Test("Each that is shipped is in order, names its source, and does not claim to be tried", arguments: shipped)
    func inOrder(_ file: String) throws {
        let printer = try PrinterDescription("\(Self.directory)/\(file)")
        #expect(!printer.isVerified)
        let text = try String(contentsOfFile: "\(Self.directory)/\(file)", encoding: .utf8)
        #expect(text.contains("\nsource = \"") && text.contains("\nverified = false"))
    }

    @Test("There are the printers that the README names")
    func present() {
        for name in ["plain", "esc-pos", "esc-p", "diablo-630", "asr-33", "teletype-ita2", "teletype-ustty"] {
            #expect(Self.shipped.contains("\(name).toml"))
        }
    }

    @Test("Everything arrives where it belongs")
    func values() throws {
        let printer = try Self.read("""
            name = "A printer"
            language = "esc-pos"
            columns = 42
            pitch = 12
            block_size = 80
            initialize = [0x1c, 46]
            features = ["bold", "cut"]
            glyphs = "abc"
            substitute = "#"
            [alias]
            "%" = "pct"
            [serial]
            baud = 110
            data_bits = 7
            parity = "even"
            stop_bits = 2
            flow = "xon-xoff"
            [usb]
            vendor = 0x04b8
            products = [1, 2]
            [[code_page]]
            name = "CP858"
            number = 19
            """)
        #expect(printer.profile == PrinterProfile(
            name: "A printer", language: .escpos, columns: 42, codePages: [try CodePage("CP858", number: 19)], features: [.bold, .cut], aliases: ["%": "pct"],
            glyphs: ["a", "b", "c"], substitute: "#", initialization: [0x1C, 46], pitch: 12, blockSize: 80,
            line: SerialLine(baud: 110, dataBits: 7, parity: .even, stopBits: 2, flow: .xonXoff)))
        #expect(printer.usb == PrinterDescription.USBIdentity(vendor: 0x04B8, products: [1, 2]))
    }

    @Test("What is wrong is said with file and line", arguments: [
        ("language = \"plain\"", "p.toml:1: name is missing"),
        ("name = \"x\"", "p.toml:1: language is missing"),
        ("name = \"x\"\nlanguage = \"plain\"\nfeatures = [\"blod\"]", "p.toml:3: features: unknown feature blod; did you mean bold?"),
        ("name = \"x\"\nlanguage = \"plain\"\n[[code_page]]\nname = \"CP99999\"", "p.toml:4: name: code page CP99999 is unknown; `iconv --list` shows the names that are known"),
        ("name = \"x\"\nlanguage = \"plain\"\nsubstitute = \"no\"", "p.toml:3: substitute: one character stands for what is missing"),
        ("name = \"x\"\nlanguage = \"plain\"\n[alias]\nab = \"c\"", "p.toml:4: ab: an alias is for one character"),
        ("name = \"x\"\nlanguage = \"plain\"\n[serial]\nbaudd = 3", "p.toml:4: unknown key baudd; did you mean baud?"),
        ("name = \"x\"\nlanguage = \"plain\"\n[usb]\nproducts = [1]", "p.toml:3: usb.vendor is missing"),
        ("name = \"x\"\nlanguage = \"plain\"\ninitialize = [256]", "p.toml:3: initialize: 256 is not between 0 and 255"),
    ])
    func message(_ toml: String, _ message: String) {
        #expect(throws: TypewriterError(message, status: .configuration)) { try Self.read(toml) }
    }

    @Test("A printer of the settings prints")
    func settings() throws {
        let path = NSTemporaryDirectory() + "platen-page-\(UUID())"
        defer { try? FileManager.default.removeItem(atPath: path) }
        var settings = Settings()
        try settings.set("paper.kind", to: .text("printer"))
        try settings.set("paper.device", to: .text(path))
        try settings.set("paper.profile", to: .text("\(Self.directory)/asr-33.toml"))
        let paper = try settings.paper.open()
        #expect(paper.capabilities.columns == 72)
        #expect(try paper.print([.text("Hello", []), .newLine], stop: StopSignal()))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "HELLO\r\0\0\n\0")
    }
}
