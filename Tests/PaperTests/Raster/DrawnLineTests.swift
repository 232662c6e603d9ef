@testable import Paper
import Synchronization
import TestSupport
import Testing

private let canDrawChinese = Canvas.canDraw("纸")
private let canDrawPersian = Canvas.canDraw("س")
private let noChinese: Comment = "drawing Chinese needs libpangocairo-1.0-0 and a font such as fonts-wqy-zenhei"
private let noPersian: Comment = "drawing Persian needs libpangocairo-1.0-0 and a font such as fonts-dejavu-core"

@Suite("Lines that a receipt printer can only draw")
struct DrawnLineTests {
    private static let columns = 32
    private static let columnDots = 12
    private static let profile = PrinterProfile(
        name: "receipts", language: .escpos, columns: columns, features: [.bold, .underline, .cut, .raster], columnDots: columnDots)

    private struct Paper {
        var page: StruckPage
        var pictures: [Int: [[Bool]]]
        var faults: [String]
    }

    private static func type(_ strikes: [Strike], _ prepare: (inout MemoryPort<EpsonReader>.State) -> Void = { _ in }) throws -> Paper {
        let port = MemoryPort(EpsonReader(isReceipt: true))
        port.state.withLock { prepare(&$0) }
        let device = PrinterDevice(profile, port: port, retryMilliseconds: 0)
        #expect(try device.print(strikes, stop: StopSignal()))
        return port.state.withLock { Paper(page: $0.reader.page, pictures: $0.reader.pictures, faults: $0.reader.faults) }
    }

    private static func strikes(_ text: String) throws -> [Strike] {
        var page = try Page(PageSettings(columns: columns), for: PaperCapabilities(profile))
        return page.write(text) + page.flush() + page.startLine()
    }

    /// The dots of a canvas, white columns at the end left off, as a printer's are.
    private static func dots(_ canvas: borrowing Canvas) -> [[Bool]] {
        var dots: [[Bool]] = []
        for x in 0..<canvas.width { dots.append((0..<24).map { canvas.darkness(x: x, y: $0) >= 112 }) }
        while dots.count > 1, dots.last?.contains(true) == false { dots.removeLast() }
        return dots
    }

    /// A size of em at which a digit is as wide as a column.
    private static func font(_ canvas: borrowing Canvas) -> Canvas.Font {
        var font = Canvas.Font(families: LineRaster.families, size: 100)
        font.size = min(20, 1200 / canvas.measure("0", font).width)
        return font
    }

    @Test("Every character stands in its columns, and other lines stay text", .enabled(if: canDrawChinese, noChinese))
    func chinese() throws {
        let strikes = try Self.strikes("打字机 is a *typewriter*.\nNothing to draw here.\n纸")
        let paper = try Self.type(strikes)
        #expect(paper.faults == [])
        #expect(paper.pictures.keys.sorted() == [0, 2])
        #expect(paper.page.plainLines == [" ", "Nothing to draw here."])
        let canvas = try Canvas(width: Self.columns * Self.columnDots, height: 24)
        let font = Self.font(canvas)
        var column = 0
        for (text, isUnderlined) in [("打字机 is a ", false), ("typewriter", true), (".", false)] {
            for character in text {
                let (width, columns) = (canvas.measure(String(character), font).width, String(character).columnWidth)
                let left = Double(column * Self.columnDots) + (Double(columns * Self.columnDots) - width) / 2
                canvas.draw(String(character), font, x: left, baseline: 18, Canvas.Colour(rgb: 0))
                if isUnderlined { canvas.fill(x: Double(column * 12), y: 21, width: Double(columns * 12), height: 1, Canvas.Colour(rgb: 0)) }
                column += columns
            }
        }
        #expect(paper.pictures[0] == Self.dots(canvas))
        // A wide character is as wide as two letters, and there is ink in each.
        for start in [0, 24, 48] { #expect(paper.pictures[0]?[start..<start + 24].contains { $0.contains(true) } == true) }
        #expect(paper.pictures[2]?.count ?? 0 <= 24)
    }

    @Test("Persian joins its letters, and begins at the right margin", .enabled(if: canDrawPersian, noPersian))
    func persian() throws {
        let text = "سلام دنیا، می‌خواهم ۱۲۳"
        let paper = try Self.type(try Self.strikes(text))
        #expect(paper.faults == [])
        let picture = try #require(paper.pictures[0])
        let canvas = try Canvas(width: Self.columns * Self.columnDots, height: 24)
        let font = Self.font(canvas)
        let width = canvas.measure(text, font).width
        canvas.draw(text, font, x: Double(canvas.width) - width, baseline: 18, Canvas.Colour(rgb: 0))
        #expect(picture == Self.dots(canvas))
        #expect(picture.count > canvas.width - 6, "it ends at the right margin")
        // Alone, each letter has white on both sides; joined, several are one.
        let inked = picture.map { $0.contains(true) }
        let pieces = zip([false] + inked, inked).count { !$0 && $1 }
        #expect(pieces < text.count(where: { $0 != " " }), "\(pieces) pieces")
    }

    @Test("What has a good substitute is not drawn; letters that have none are", .enabled(if: canDrawPersian, noPersian))
    func order() {
        let repertoire = PrinterLanguage(Self.profile).repertoire
        #expect("a“—½→…".map { repertoire.rendering(of: $0).kind } == [.own, .alias, .alias, .transliterated, .transliterated, .transliterated])
        #expect("éλس۱".map { repertoire.rendering(of: $0).kind } == [.drawn, .drawn, .drawn, .drawn])
        var plain = Self.profile
        plain.features.remove(.raster)
        #expect("éس".map { PrinterLanguage(plain).repertoire.rendering(of: $0).kind } == [.bareLetter, .substitute])
        // No font has a character that is not assigned.
        #expect(repertoire.rendering(of: "\u{378}").kind == .substitute)
    }

    @Test("A drawn line that is interrupted comes out whole, and once", .enabled(if: canDrawPersian, noPersian))
    func interrupted() throws {
        let strikes = try Self.strikes("سلام دنیا\nA line of text.\nΚαλημέρα κόσμε, **good** morning\n")
        let whole = try Self.type(strikes)
        #expect(whole.pictures.count == 2)
        for seed in 0..<40 {
            let losses = Mutex(SeededGenerator(seed: seed))
            let pulled = Mutex(0)
            let paper = try Self.type(strikes) { state in
                state.untilLoss = 20 + seed * 61
                // Time enough for the longest line, and for what ends one that was cut off.
                state.nextLoss = {
                    pulled.withLock { $0 += 1 }
                    return losses.withLock { Int.random(in: 0..<6000, using: &$0) }
                }
            }
            #expect(pulled.withLock(\.self) > 0 || seed > 20)
            #expect(paper.faults == [])
            #expect(paper.pictures == whole.pictures)
            #expect(paper.page.outlines == whole.page.outlines)
        }
    }

    @Test("A drawn line that is stopped leaves the printer between two sequences", .enabled(if: canDrawPersian, noPersian))
    func stopped() throws {
        let strikes = try Self.strikes("سلام دنیا سلام\n")
        let whole = MemoryPort(EpsonReader(isReceipt: true))
        #expect(try PrinterDevice(Self.profile, port: whole).print(strikes, stop: StopSignal()))
        for bytes in stride(from: 0, to: whole.bytes.count - 1, by: 37) {
            let port = MemoryPort(EpsonReader(isReceipt: true))
            let device = PrinterDevice(Self.profile, port: port, retryMilliseconds: 0)
            let signal = try StopSignal()
            port.state.withLock { $0.untilStop = bytes }
            let isDone = try device.print(strikes, stop: signal)
            #expect(!isDone)
            signal.lower()
            #expect(try device.print([.newLine, .text("PLAIN", []), .newLine], stop: signal))
            #expect(port.faults == [])
            #expect(port.page.plainLines.last == "PLAIN")
        }
    }
}
