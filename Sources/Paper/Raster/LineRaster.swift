/// Draws a whole line as dots, in the cells that the printer's own characters have.
///
/// Every character stands in its cells, so that a drawn line is in step with the typed ones around it. A line with letters that join, or
/// that are read from right to left, is set as one text instead, and narrowed where it is wider than the paper.
struct LineRaster: Sendable {
    struct Cell: Sendable {
        let text: Character
        let style: Style
        var width: Int { String(text).columnWidth }
    }

    /// Dots that a column is wide.
    let columnDots: Int
    /// Of the paper.
    let columns: Int

    /// Dots that a line is high: what ESC * takes at once.
    static let height = 24
    /// Faces of fixed pitch that have most scripts, or whose neighbours do.
    static let families = "DejaVu Sans Mono, Noto Sans Mono, Liberation Mono, Monospace"
    /// Of the baseline, from the top; and the em square, so that what hangs below it has room.
    private static let (baseline, mostSize) = (18.0, 20.0)
    private static let ink = Canvas.Colour(rgb: 0)

    func draw(_ cells: [Cell]) throws(PaperError) -> Canvas {
        let used = cells.reduce(0) { $0 + $1.width }
        let canvas = try Canvas(width: max(1, min(max(used, columns), PageSettings.mostColumns) * columnDots), height: Self.height)
        let font = CellFont(families: Self.families, cellWidth: Double(columnDots), mostSize: Self.mostSize, on: canvas)
        if cells.contains(where: { $0.text.unicodeScalars.contains(where: \.needsShaping) }) {
            set(cells, font, canvas)
        } else {
            place(cells, font, canvas)
        }
        return canvas
    }

    private func place(_ cells: [Cell], _ font: CellFont, _ canvas: borrowing Canvas) {
        var column = 0
        for cell in cells {
            let x = Double(column * columnDots)
            if cell.text != " " {
                for shift in cell.style.contains(.bold) ? [0.0, 1.0] : [0.0] {
                    font.draw(cell.text, cells: cell.width, x: x + shift, baseline: Self.baseline, Self.ink, on: canvas)
                }
            }
            if cell.style.contains(.underline) {
                canvas.fill(x: x, y: Self.baseline + 3, width: Double(cell.width * columnDots), height: 1, Self.ink)
            }
            column += cell.width
        }
    }

    private func set(_ cells: [Cell], _ font: CellFont, _ canvas: borrowing Canvas) {
        var (line, markup) = (cells, "")
        while line.last?.text == " " { line.removeLast() }
        for cell in line {
            let (on, off) = cell.style.marks
            markup += on + cell.text.escaped + off
        }
        var font = font.font
        font.isMarkup = true
        let (room, width) = (Double(canvas.width), canvas.measure(markup, font).width)
        let stretch = width > room ? room / width : 1
        // The line begins where its first letter says that it does.
        let isRightToLeft = line.lazy.flatMap(\.text.unicodeScalars).first { $0.properties.isAlphabetic }.map(\.isRightToLeft) ?? false
        canvas.draw(markup, font, x: isRightToLeft ? room - width * stretch : 0, baseline: Self.baseline, stretch: stretch, Self.ink)
    }
}

extension Unicode.Scalar {
    /// Of a script that joins its letters, reorders them, or is read from right to left: Hebrew to Tibetan, Myanmar, Khmer, Mongolian, the
    /// presentation forms (The Unicode Standard, chapters 9, 12, 13 and 16), and what joins others.
    fileprivate var needsShaping: Bool {
        switch value {
        case 0x590..<0x10A0, 0x1780..<0x18B0, 0x200C...0x200D, 0xFB1D..<0xFE00, 0xFE70..<0xFEFF, 0x10800..<0x11000, 0x1E800..<0x1F000: true
        default: false
        }
    }

    /// Bidi_Class R or AL (DerivedBidiClass.txt, by blocks).
    fileprivate var isRightToLeft: Bool {
        switch value {
        case 0x590..<0x900, 0xFB1D..<0xFE00, 0xFE70..<0xFEFF, 0x10800..<0x11000, 0x1E800..<0x1F000: true
        default: false
        }
    }
}

extension Character {
    /// As Pango's markup has it.
    fileprivate var escaped: String {
        switch self {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        default: String(self)
        }
    }
}

extension Style {
    /// Pango's marks before and behind a text. A mark within a word does not keep its letters from joining.
    fileprivate var marks: (on: String, off: String) {
        ((contains(.bold) ? "<b>" : "") + (contains(.underline) ? "<u>" : ""), (contains(.underline) ? "</u>" : "") + (contains(.bold) ? "</b>" : ""))
    }
}
