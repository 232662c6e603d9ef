/// Which glyphs were struck where, sheet by sheet, in the order in which they were.
struct StruckSheets: Sendable {
    struct Mark: Sendable, Hashable, Comparable {
        let glyph: Character
        /// From the sheet's upper edge.
        let line: Int
        /// From the paper's left edge.
        let column: Int
        /// Columns: 1 or 2.
        let width: Int
        /// Struck a second time, a little to the right.
        let isShadow: Bool

        static func < (left: Mark, right: Mark) -> Bool {
            (left.line, left.column, left.isShadow ? 1 : 0, left.glyph) < (right.line, right.column, right.isShadow ? 1 : 0, right.glyph)
        }
    }

    private let repertoire: Repertoire?
    private let linesOfSheet: Int
    private(set) var sheets: [[Mark]] = [[]]
    private var line = 0
    private var column = 0

    /// - Parameters:
    ///   - repertoire: Of the device; nil when it types everything.
    ///   - linesOfSheet: Behind so many lines the next sheet begins.
    init(_ repertoire: Repertoire?, linesOfSheet: Int) {
        self.repertoire = repertoire
        self.linesOfSheet = max(1, linesOfSheet)
    }

    /// Lines down to the last mark of a sheet.
    func lines(of sheet: Int) -> Int { (sheets[sheet].map(\.line).max() ?? -1) + 1 }

    /// Types what a device would.
    mutating func type(_ strike: Strike) {
        guard let repertoire else {
            if case .text(let text, let style) = strike { return text.forEach { type([$0], style) } }
            return PrinterStep.steps(of: strike, Repertoire([])).forEach { obey($0) }
        }
        PrinterStep.steps(of: strike, repertoire).forEach { obey($0) }
    }

    private mutating func obey(_ step: PrinterStep) {
        switch step {
        case .cell(let glyphs, let style): type(glyphs, style)
        case .over(let glyph): mark(glyph, column: max(0, column - 1), width: 1)
        case .newLine:
            (line, column) = (line + 1, 0)
            if line == linesOfSheet {
                line = 0
                sheets.append([])
            }
        case .back(let columns): column = max(0, column - columns)
        case .bell, .tearOff, .image: break
        }
    }

    private mutating func type(_ glyphs: [Character], _ style: Style) {
        let width = glyphs.first.map { String($0).columnWidth } ?? 0
        // A mark that came alone.
        guard width > 0 else { return glyphs.forEach { mark($0, column: max(0, column - 1), width: 1) } }
        for glyph in glyphs where glyph != " " {
            mark(glyph, column: column, width: width)
            if style.contains(.bold) { mark(glyph, column: column, width: width, isShadow: true) }
        }
        if style.contains(.underline) {
            for place in column..<column + width { mark("_", column: place, width: 1) }
        }
        column += width
    }

    private mutating func mark(_ glyph: Character, column: Int, width: Int, isShadow: Bool = false) {
        sheets[sheets.count - 1].append(Mark(glyph: glyph, line: line, column: column, width: width, isShadow: isShadow))
    }
}
