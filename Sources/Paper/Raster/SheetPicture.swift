/// A sheet of paper, as it would look.
struct SheetPicture {
    /// Of the paper.
    let columns: Int
    let lines: Int
    /// Characters an inch.
    let pitch: Int
    /// Has an end where it is torn off, and no margins of its own.
    let isRoll: Bool

    /// Typewriters' faces first; the last two are on every machine with fonts.
    static let families = "Courier Prime, Courier 10 Pitch, Nimbus Mono PS, Courier New, Liberation Mono, DejaVu Sans Mono, Monospace"

    /// Pixels an inch.
    private static let resolution = 144.0
    private static let linesAnInch = 6.0
    /// Of paper beside the first and the last column, and of a roll above the first line and below the last, in inches.
    private static let border = 0.5
    /// Bold is struck again 1/120 inch to the right, as the Diablo 630 does.
    private static let shadow = resolution / 120
    /// Of a line's height, from its top.
    private static let baseline = 0.72

    private static let paper = Canvas.Colour(rgb: 0xF5F0E3)
    private static let ink: UInt32 = 0x1C1B24

    /// Draws the sheet. In whatever order its marks came, it is the same picture.
    func draw(_ marks: [StruckSheets.Mark]) throws(PaperError) -> Canvas {
        let (cell, line, border) = (Self.resolution / Double(pitch), Self.resolution / Self.linesAnInch, Self.resolution * Self.border)
        let top = isRoll ? border : 0
        let canvas = try Canvas(width: Int(Double(columns) * cell + 2 * border), height: Int(Double(lines) * line + 2 * top))
        canvas.fill(x: 0, y: 0, width: Double(canvas.width), height: Double(canvas.height), Self.paper)
        let font = CellFont(families: Self.families, cellWidth: cell, on: canvas)
        let shaped = Dictionary(grouping: marks, by: \.line).compactMapValues { ShapedLine(Self.cells(of: $0)) }
        for (number, text) in shaped {
            text.draw(
                font.font, x: border, room: Double(columns) * cell, baseline: top + (Double(number) + Self.baseline) * line,
                Canvas.Colour(rgb: Self.ink, cover: 0.87), on: canvas)
        }
        for mark in marks.sorted() where shaped[mark.line] == nil {
            let (ink, right, down) = Self.strike(mark)
            font.draw(
                mark.glyph, cells: mark.width,
                x: border + Double(mark.column) * cell + (mark.isShadow ? Self.shadow : 0) + right,
                baseline: top + (Double(mark.line) + Self.baseline) * line + down, ink, on: canvas)
        }
        return canvas
    }

    /// The text of a line, from its marks in the order in which they were struck.
    private static func cells(of marks: [StruckSheets.Mark]) -> [LineRaster.Cell] {
        var struck: [Int: (text: String, style: Style, width: Int)] = [:]
        for mark in marks {
            let style: Style = mark.isShadow ? .bold : mark.glyph == "_" ? .underline : []
            switch (struck[mark.column], String(mark.glyph).columnWidth) {
            case (nil, _) where mark.glyph == "_": struck[mark.column] = (" ", .underline, 1)
            case (nil, _): struck[mark.column] = (String(mark.glyph), style, mark.width)
            case (_?, 0): struck[mark.column]?.text.append(mark.glyph)
            default: struck[mark.column]?.style.formUnion(style)
            }
        }
        var cells: [LineRaster.Cell] = []
        var column = 0
        for place in struck.keys.sorted() {
            guard let mark = struck[place] else { continue }
            while column < place {
                cells.append(LineRaster.Cell(text: " ", style: []))
                column += 1
            }
            cells += mark.text.map { LineRaster.Cell(text: $0, style: mark.style) }
            column = place + mark.width
        }
        return cells
    }

    /// No two strikes are alike: how dark the ribbon leaves it, and where it falls, to a third of a pixel. By the mark and its place, so that
    /// the same page is the same picture.
    private static func strike(_ mark: StruckSheets.Mark) -> (ink: Canvas.Colour, right: Double, down: Double) {
        // FNV-1a (draft-eastlake-fnv).
        var hash: UInt32 = 2_166_136_261
        let numbers = [mark.line, mark.column, mark.isShadow ? 1 : 0].map { UInt32(truncatingIfNeeded: $0) }
        for number in numbers + mark.glyph.unicodeScalars.map(\.value) {
            for shift in stride(from: UInt32(0), to: 32, by: 8) { hash = (hash ^ (number >> shift & 255)) &* 16_777_619 }
        }
        func part(_ shift: UInt32) -> Double { Double(hash >> shift & 255) / 255 }
        return (Canvas.Colour(rgb: ink, cover: 0.78 + 0.18 * part(24)), (part(16) - 0.5) * 0.6, (part(8) - 0.5) * 0.6)
    }
}
