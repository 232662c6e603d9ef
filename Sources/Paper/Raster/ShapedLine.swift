/// A line with letters that join, or that are read from right to left: set as one text, and narrowed where it is wider than its room.
struct ShapedLine {
    /// As Pango has it.
    private let markup: String
    private let isRightToLeft: Bool

    /// Nil where every character can stand in its own cells.
    init?(_ cells: [LineRaster.Cell]) {
        guard cells.contains(where: { $0.text.unicodeScalars.contains(where: \.needsShaping) }) else { return nil }
        var line = cells
        while line.last?.text == " " { line.removeLast() }
        markup = line.reduce(into: "") { markup, cell in
            let (on, off) = cell.style.marks
            markup += on + cell.text.escaped + off
        }
        // The line begins where its first letter says that it does.
        isRightToLeft = line.lazy.flatMap(\.text.unicodeScalars).first { $0.properties.isAlphabetic }.map(\.isRightToLeft) ?? false
    }

    /// - Parameters:
    ///   - x: The left end of the room, which is so many pixels wide.
    ///   - baseline: From the upper edge.
    func draw(_ font: Canvas.Font, x: Double, room: Double, baseline: Double, _ ink: Canvas.Colour, on canvas: borrowing Canvas) {
        var font = font
        font.isMarkup = true
        let width = canvas.measure(markup, font).width
        let stretch = width > room ? room / width : 1
        canvas.draw(markup, font, x: isRightToLeft ? x + room - width * stretch : x, baseline: baseline, stretch: stretch, ink)
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
