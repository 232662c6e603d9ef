@testable import Paper
import TestSupport
import Testing

/// A printer as the tests know it: what it is told to be, and an eye that reads its bytes.
struct PrinterUnderTest: Sendable, CustomTestStringConvertible {
    let profile: PrinterProfile
    let reader: @Sendable () -> any PrinterReader & Sendable
    /// How characters that it lacks look on it.
    var glyphs: [Character: String] = [:]
    var strikesStyles = false
    var hasStyles = true
    /// Characters that it has, or types on one place.
    let alphabet: String

    var testDescription: String { profile.name }
}

private let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,-+()'\"/:;!?%&$#@=<>[]{}|~^`_\\"
private let capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-?:().,'/"
/// Characters 80h to FFh of IBM's code pages 437 and 866, as IBM's manuals print them.
private let page437 = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}"
private let page858 = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{AD}±‗¾¶§÷¸°¨·¹³²■\u{A0}"
private let page866 = "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмноп░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀рстуфхцчшщъыьэюяЁёЄєЇїЎў°∙·√№¤■\u{A0}"

/// What ASCII's accents make on one place.
private let accents: [Character: String] = [
    "é": "e'", "è": "e`", "ê": "e^", "ü": "u\"", "ñ": "n~", "ç": "c,", "ø": "o/", "Ø": "O/", "±": "+_", "ł": "l/", "÷": ":-", "¢": "c/", "Å": "A", "ő": "o\"",
]

func printersUnderTest() throws -> [PrinterUnderTest] {
    let wheel = PrinterProfile(name: "daisy wheel", language: .diablo, columns: 60, features: [.bold, .underline, .backspace])
    let accented = letters + "éèêüñçøØ±ł÷¢ő"
    return [
        PrinterUnderTest(
            profile: PrinterProfile(name: "plain", language: .plain, columns: 60), reader: { PlainReader() }, hasStyles: false, alphabet: letters),
        PrinterUnderTest(
            profile: PrinterProfile(name: "plain, goes back", language: .plain, columns: 60, features: [.backspace]), reader: { PlainReader() },
            glyphs: accents, strikesStyles: true, alphabet: accented),
        PrinterUnderTest(
            profile: PrinterProfile(
                name: "dot matrix", language: .escp, columns: 80, codePages: [try CodePage("CP437", number: 1)], features: [.bold, .underline]),
            reader: { EpsonReader(isReceipt: false, pages: [1: page437]) }, alphabet: letters + "ÇüéâÄÉæÆ½¼«»│─ßπ±÷°²"),
        PrinterUnderTest(
            profile: PrinterProfile(
                name: "receipts", language: .escpos, columns: 42,
                codePages: [try CodePage("CP437", number: 0), try CodePage("CP858", number: 19), try CodePage("CP866", number: 17)],
                features: [.bold, .underline, .cut, .status]),
            reader: { EpsonReader(isReceipt: true, pages: [0: page437, 19: page858, 17: page866]) }, alphabet: letters + "üé½€øãЖдяàÃ№│"),
        PrinterUnderTest(profile: wheel, reader: { DiabloReader() }, glyphs: accents, alphabet: accented),
        PrinterUnderTest(
            profile: PrinterProfile(name: "wheel, ETX/ACK", language: .diablo, columns: 60, features: [.bold, .underline, .backspace], blockSize: 40),
            reader: { DiabloReader() }, glyphs: accents, alphabet: accented),
        PrinterUnderTest(
            profile: PrinterProfile(name: "wheel of 12, bold by microspaces", language: .diablo, columns: 60, features: [.backspace, .microspace], pitch: 12),
            reader: { DiabloReader(pitch: 12) }, glyphs: accents, strikesStyles: true, alphabet: accented),
        PrinterUnderTest(
            profile: PrinterProfile(name: "Model 33", language: .asr33, columns: 72), reader: { Model33Reader() }, hasStyles: false,
            alphabet: capitals + "!\"#$%&*+;<=>@[\\]↑←"),
        PrinterUnderTest(
            profile: PrinterProfile(name: "ITA2, unshifts", language: .ita2, columns: 68),
            reader: { TeletypeReader(isAmerican: false, unshiftsOnSpace: true, startsInFigures: true) }, hasStyles: false, alphabet: capitals + "=+"),
        PrinterUnderTest(
            profile: PrinterProfile(name: "ITA2, does not", language: .ita2, columns: 68),
            reader: { TeletypeReader(isAmerican: false, unshiftsOnSpace: false, startsInFigures: true) }, hasStyles: false, alphabet: capitals + "=+"),
        PrinterUnderTest(
            profile: PrinterProfile(name: "USTTY, unshifts", language: .ustty, columns: 68),
            reader: { TeletypeReader(isAmerican: true, unshiftsOnSpace: true, startsInFigures: false) }, hasStyles: false, alphabet: capitals + "!&$;\""),
        PrinterUnderTest(
            profile: PrinterProfile(name: "USTTY, does not", language: .ustty, columns: 68),
            reader: { TeletypeReader(isAmerican: true, unshiftsOnSpace: false, startsInFigures: true) }, hasStyles: false, alphabet: capitals + "!&$;\""),
    ]
}

extension PrinterUnderTest {
    func expected(_ strikes: [Strike]) -> StruckPage {
        var page = StruckPage(strikes, glyphs: glyphs, strikesStyles: strikesStyles, hasStyles: hasStyles)
        if !profile.features.contains(.cut) { page.cuts = [] }
        return page
    }

    /// Lines of words in all styles, with places to go back to.
    func strikes(_ random: inout SeededGenerator, lines: Int) -> [Strike] {
        let characters = Array(alphabet)
        var strikes: [Strike] = []
        for _ in 0..<lines {
            var column = 0
            while column < (profile.columns ?? 60) - 20 {
                let length = Int.random(in: 1...9, using: &random)
                let word = (0..<length).map { _ in Int.random(in: 0..<6, using: &random) == 0 ? " " : characters.randomElement(using: &random) ?? "A" }
                let style: Style = [[], [], .bold, .underline, [.bold, .underline]].randomElement(using: &random) ?? []
                strikes.append(.text(String(word), style))
                column += length
                if !hasStyles, profile.features.contains(.backspace), Bool.random(using: &random) {
                    strikes += [.back(columns: 1), .text("X", [])]
                }
            }
            if Int.random(in: 0..<5, using: &random) == 0 { strikes.append(.bell) }
            strikes.append(.newLine)
            if Int.random(in: 0..<5, using: &random) == 0 { strikes.append(.tearOff) }
        }
        return strikes
    }
}

@Suite("Printers' languages, read by another")
struct PrinterLanguageTests {
    private static func type(_ printer: PrinterUnderTest, _ pieces: [[Strike]]) throws -> (page: StruckPage, faults: [String], bytes: [UInt8]) {
        func type(_ reader: some PrinterReader & Sendable) throws -> (page: StruckPage, faults: [String], bytes: [UInt8]) {
            let port = MemoryPort(reader)
            let device = PrinterDevice(printer.profile, port: port, retryMilliseconds: 0)
            let stop = try StopSignal()
            for piece in pieces { #expect(try device.print(piece, stop: stop)) }
            if let reader = port.state.withLock({ $0.reader as? DiabloReader }) { #expect(reader.strays == 0) }
            return (port.page, port.faults, port.bytes)
        }
        return try type(printer.reader())
    }

    @Test("A random page looks on paper as it was laid out", arguments: try printersUnderTest())
    func pages(_ printer: PrinterUnderTest) throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<40 {
            let strikes = printer.strikes(&random, lines: 12)
            // However the strikes come, in one piece or one by one.
            let pieces = Bool.random(using: &random) ? [strikes] : strikes.map { [$0] }
            let result = try Self.type(printer, pieces)
            #expect(result.page == printer.expected(strikes))
            #expect(result.faults == [])
        }
    }

    @Test("A page of text is laid out and typed", arguments: try printersUnderTest())
    func text(_ printer: PrinterUnderTest) throws {
        let device = PrinterDevice(printer.profile, port: MemoryPort(PlainReader()))
        var page = try Page(PageSettings(columns: 60), for: device.capabilities)
        let text = "# A title\n\nThe “quick” brown fox – jumps over **the lazy** dog…\n\n1. Étude: 20 °C, ½ cup\n2. `code` → _done_\n"
        let strikes = page.write(text) + page.flush() + page.newLine()
        let result = try Self.type(printer, [strikes])
        #expect(result.faults == [])
        #expect(result.page.plainLines.contains { $0.uppercased().contains("FOX") }, "\(result.page)")
        #expect(result.page.plainLines.contains { $0.uppercased().contains("LAZY DOG...") }, "\(result.page)")
    }

    @Test("Escape sequences are those of the manuals, once, and where they are needed")
    func sequences() throws {
        let printers = try printersUnderTest()
        func bytes(_ name: String, _ strikes: [Strike]) throws -> String {
            let printer = try #require(printers.first { $0.profile.name == name })
            return try Self.type(printer, [strikes]).bytes.map { 0x20..<0x7F ~= $0 ? String(Unicode.Scalar($0)) : "<" + String($0, radix: 16) + ">" }.joined()
        }
        #expect(try bytes("dot matrix", [.text("a", []), .text("b", .bold), .text("c", [.bold, .underline]), .newLine])
            == "<1b>@<1b>R<0><1b>t<1><1b>6a<1b>Eb<1b>-<1>c<1b>F<1b>-<0><d><a>")
        #expect(try bytes("receipts", [.text("é½ Жé x€ЖЖ", []), .newLine, .tearOff])
            == "<10><4><2><10><4><4><1b>@<1b>t<0><82><ab> <1b>t<11><86><1b>t<0><82> x<1b>t<13><d5><1b>t<11><86><86><a><10><4><2><10><4><4><1d>VB<0>")
        #expect(try bytes("daisy wheel", [.text("a", .bold), .newLine, .text("é", .underline), .newLine])
            == "<1b><d>P<1b>Oa<1b>&<d><a><1b>Ee<8>'<1b>R<d><a>")
        #expect(try bytes("wheel of 12, bold by microspaces", [.text("a", .bold)]) == "<1b><d>Pa<1b><1f><a><8><1b><1f><b>a<1b><8>")
        #expect(try bytes("Model 33", [.text("Hi^", []), .newLine]) == "HI^<d><0><0><a><0>")
        #expect(try bytes("ITA2, unshifts", [.text("A1 1B", []), .newLine]) == "<8><1f><1f><3><1b><17><4><1b><17><1f><19><8><1f><1f><2>")
    }
}
