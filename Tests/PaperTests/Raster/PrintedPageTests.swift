import Foundation
@testable import Paper
import TestSupport
import Testing

extension StruckPage {
    /// What an eye sees, as marks to draw.
    var marks: [StruckSheets.Mark] {
        places.flatMap { key, place -> [StruckSheets.Mark] in
            func mark(_ glyph: Character, isShadow: Bool = false) -> StruckSheets.Mark {
                StruckSheets.Mark(glyph: glyph, line: key[0], column: key[1], width: 1, isShadow: isShadow)
            }
            var marks = place.glyphs.flatMap { glyph, count in (0..<count).map { _ in mark(glyph) } }
            if place.isBold { marks += place.glyphs.keys.map { mark($0, isShadow: true) } }
            if place.isUnderlined { marks.append(mark("_")) }
            return marks
        }
    }
}

@Suite("A page drawn from a printer's bytes")
struct PrintedPageTests {
    private static let text = """
        # On the platen

        A *platen* is the roller that a typewriter's paper lies on. This page was set for a **daisy wheel** with the ninety-odd characters \
        of ASCII, sent to it in the language of the Diablo 630, and drawn from those bytes by a program that knows nothing of the one that \
        wrote them.

        What the wheel lacks is typed as people did:

        - accents over letters: café, über, mañana, Łódź, Århus, Dvořák;
        - signs made of two: ± ÷ ≠ ¢ ø;
        - the rest spelled out: ½ cup at 20 °C → “done” – or so…

        1. Return sends a line.
        2. Esc stops the answer, *at once*.

        > And a quotation stands a little to the right, as it always did.
        """

    /// Of the sheet.
    private static let lines = 26

    private static func strikes(_ capabilities: PaperCapabilities) throws -> [Strike] {
        var page = try Page(PageSettings(columns: 68, leftMargin: 4, rightMargin: 4), for: capabilities)
        return [.newLine, .newLine] + page.write(text) + page.flush() + page.newLine()
    }

    /// The page's bytes as the wheel's reader sees them, and as a preview has them.
    private static func page(_ profile: PrinterProfile, _ reader: DiabloReader) throws -> (read: StruckPage, preview: PicturePaper) {
        let port = MemoryPort(reader)
        let device = PrinterDevice(profile, port: port, retryMilliseconds: 0)
        let strikes = try strikes(device.capabilities)
        #expect(try device.print(strikes, stop: StopSignal()))
        #expect(port.faults == [])
        let preview = PicturePaper(PaperCapabilities(profile), columns: 68, pitch: profile.pitch, sheets: SheetSettings(lines: lines))
        #expect(try preview.print(strikes, stop: StopSignal()))
        return (port.page, preview)
    }

    private static let wheel = PrinterProfile(name: "wheel", language: .diablo, features: [.bold, .underline, .backspace])

    /// With PLATEN_PRINTED_PAGE the picture is kept there: the one in the README.
    @Test("is the preview's page, dot for dot", .enabled(if: canDraw, whyNotDrawn), arguments: [10, 12])
    func preview(_ pitch: Int) throws {
        var profile = Self.wheel
        profile.pitch = pitch
        let (read, preview) = try Self.page(profile, DiabloReader(pitch: pitch))
        let picture = try SheetPicture(columns: 68, lines: Self.lines, pitch: pitch, isRoll: false).draw(read.marks)
        let expected = try preview.firstSheet()
        #expect((picture.width, picture.height) == (expected.width, expected.height))
        var (different, inked) = (0, 0)
        for y in 0..<picture.height {
            for x in 0..<picture.width {
                let darkness = picture.darkness(x: x, y: y)
                if darkness != expected.darkness(x: x, y: y) { different += 1 }
                if darkness > 128 { inked += 1 }
            }
        }
        #expect(different == 0)
        #expect(inked > 10_000)
        if pitch == 10, let path = ProcessInfo.processInfo.environment["PLATEN_PRINTED_PAGE"] { try picture.write(to: path) }
    }

    @Test("shows the text that was laid out")
    func text() throws {
        let (read, _) = try Self.page(Self.wheel, DiabloReader())
        let lines = read.plainLines.map { String($0.drop { $0 == " " }) }
        #expect(lines.contains("ON THE PLATEN"))
        #expect(lines.contains("- the rest spelled out: 1/2 cup at 20 degC -> \"done\" - or"), "\(lines)")
        #expect(read.marks.allSatisfy { 4..<64 ~= $0.column })
    }
}
