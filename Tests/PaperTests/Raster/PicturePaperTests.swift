import Foundation
@testable import Paper
import Testing

/// Pango, Cairo and a font are there.
let canDraw = Canvas.obstacle == nil
let whyNotDrawn: Comment = "drawing needs libpangocairo-1.0-0 and fonts-dejavu-core"

@Suite("The page as it would be struck")
struct PicturePaperTests {
    private static func sheets(_ profile: PrinterProfile, _ strikes: [Strike], linesOfSheet: Int = 100) -> StruckSheets {
        var sheets = StruckSheets(PaperCapabilities(profile).repertoire, linesOfSheet: linesOfSheet)
        for strike in strikes { sheets.type(strike) }
        return sheets
    }

    private static func marks(_ sheets: StruckSheets) -> [String] {
        sheets.sheets[0].map { "\($0.line),\($0.column) \($0.glyph)\($0.isShadow ? "+" : "")" }
    }

    private static let wheel = PrinterProfile(name: "wheel", language: .diablo, columns: 60, features: [.bold, .underline, .backspace])

    @Test("What a wheel lacks is struck of several glyphs on one place, bold is struck twice, and a low line under what is underlined")
    func strikes() {
        let sheets = Self.sheets(Self.wheel, [.text("é", []), .text("B", .bold), .newLine, .text("u ", .underline), .back(columns: 2), .text("X", [])])
        #expect(Self.marks(sheets) == ["0,0 e", "0,0 '", "0,1 B", "0,1 B+", "1,0 u", "1,0 _", "1,1 _", "1,0 X"])
    }

    @Test("A printer that cannot go back strikes nothing over")
    func plain() {
        let sheets = Self.sheets(PrinterProfile(name: "plain", language: .plain), [.text("é½", [])])
        #expect(Self.marks(sheets) == ["0,0 e", "0,1 1", "0,2 /", "0,3 2"])
    }

    @Test("A device that types everything takes two columns for a wide character")
    func everything() {
        var sheets = StruckSheets(nil, linesOfSheet: 10)
        sheets.type(.text("漢x", []))
        #expect(sheets.sheets[0].map(\.column) == [0, 2])
        #expect(sheets.sheets[0].map(\.width) == [2, 1])
    }

    @Test("A full sheet is followed by another")
    func sheets() {
        let sheets = Self.sheets(Self.wheel, (0..<5).flatMap { [.text("\($0)", []), .newLine] }, linesOfSheet: 2)
        #expect(sheets.sheets.map { $0.map(\.glyph) } == [["0", "1"], ["2", "3"], ["4"]])
        #expect(sheets.sheets[2][0].line == 0)
    }

    @Test("There is ink where something was struck, and none elsewhere", .enabled(if: canDraw, whyNotDrawn))
    func ink() throws {
        let paper = PicturePaper(PaperCapabilities(Self.wheel), columns: 8, pitch: 10, sheets: SheetSettings())
        #expect(try paper.print([.text("H  H", []), .newLine, .newLine, .text("H", .bold)], stop: StopSignal()))
        let canvas = try paper.firstSheet()
        #expect((canvas.width, canvas.height) == (8 * 144 / 10 + 144, 3 * 24 + 144))
        /// The ink in a cell, above what the paper has.
        func ink(_ line: Int, _ column: Int) -> Int {
            let left = 72 + column * 144 / 10
            var sum = 0
            for y in 72 + line * 24..<72 + line * 24 + 24 {
                for x in left..<left + 14 { sum += max(0, Int(canvas.darkness(x: x, y: y)) - 40) }
            }
            return sum
        }
        let inked = (0..<3).map { line in (0..<6).filter { ink(line, $0) > 1000 } }
        #expect(inked == [[0, 3], [], [0]])
        #expect(ink(0, 1) == 0)
        #expect(ink(2, 0) > ink(0, 0), "bold is darker")
    }

    @Test("Letters that join do, and a line that is read from the right begins there", .enabled(if: canDraw, whyNotDrawn), arguments: [
        [Strike.text("بببب", [])], [.text("ب", []), .text("ببب", .bold)], [.text("ببب", .underline), .text("ب", [])],
    ])
    func joined(_ strikes: [Strike]) throws {
        let paper = PicturePaper(PaperCapabilities(bold: true, underline: true), columns: 20, pitch: 10, sheets: SheetSettings())
        #expect(try paper.print(strikes, stop: StopSignal()))
        let canvas = try paper.firstSheet()
        let inked = (0..<canvas.width).filter { x in (72..<96).contains { canvas.darkness(x: x, y: $0) > 80 } }
        let first = try #require(inked.first), last = try #require(inked.last)
        #expect(last - first + 1 == inked.count, "no letter stands apart")
        #expect(canvas.width - 72 - last < 144 / 10, "it begins in the last column")
        #expect(last - first < 5 * 144 / 10)
    }

    @Test("A sheet is a file", .enabled(if: canDraw, whyNotDrawn))
    func files() throws {
        let directory = NSTemporaryDirectory() + "platen-picture-\(UUID())"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let paper = PicturePaper(PaperCapabilities(Self.wheel), columns: 20, pitch: 12, sheets: SheetSettings(lines: 3))
        #expect(try paper.print((0..<4).flatMap { [.text("line \($0)", []), .newLine] }, stop: StopSignal()))
        let paths = try paper.write(to: directory + "/page.png")
        #expect(paths == ["page", "page-2"].map { "\(directory)/\($0).png" })
        for path in paths {
            let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: path)))
            // PNG specification, 5.2 and 11.2.2: the signature; width and height.
            #expect(bytes.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
            #expect(bytes[16..<24] == [0, 0, 1, 0x80, 0, 0, 0, 0x48])
        }
        #expect(throws: PaperError("\(directory)/none/page.png: cannot be written: No such file or directory")) {
            try paper.write(to: directory + "/none/page.png")
        }
    }
}
