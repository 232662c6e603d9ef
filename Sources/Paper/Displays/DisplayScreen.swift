/// What a display shows: on its lowest row the line in the making, which stays where it is, and above it the lines before, which move up.
struct DisplayScreen: Sendable {
    /// A column.
    struct Cell: Sendable, Equatable {
        /// With its marks; empty behind a wide character.
        var text: String
        var style: Style = []

        static let blank = Cell(text: " ")
    }

    private(set) var columns: Int
    private(set) var rows: Int
    private var lines: [[Cell]] = [[]]
    /// Where the next character goes, on the lowest row.
    private(set) var column = 0

    /// Lines that are remembered, to go back to: more than anybody takes back.
    private static let mostLines = 200

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }

    /// What is wider than the display now is not shown, and not forgotten.
    mutating func resize(columns: Int, rows: Int) { (self.columns, self.rows) = (columns, rows) }

    /// From the top, each as wide as the display.
    var shown: [[Cell]] {
        let visible = lines.suffix(rows).map { line in
            var row = line.prefix(columns) + [Cell](repeating: .blank, count: max(0, columns - line.count))
            // Of a wide character that is cut through, nothing is shown.
            if line.count > columns, line[columns].text.isEmpty { row[columns - 1] = .blank }
            return Array(row)
        }
        return [[Cell]](repeating: [Cell](repeating: .blank, count: columns), count: rows - visible.count) + visible
    }

    mutating func type(_ character: Character, _ style: Style) {
        let text = String(character)
        let width = text.columnWidth
        guard width > 0 else {
            // A mark stands on the character before it.
            if column > 0, column <= line.count { line[column - 1].text += text }
            return
        }
        guard column + width <= columns else { return }
        while line.count < column + width { line.append(.blank) }
        for place in column..<column + width { line[place] = Cell(text: place == column ? text : "", style: style) }
        column += width
    }

    mutating func newLine() {
        lines.append([])
        if lines.count > max(rows, Self.mostLines) { lines.removeFirst() }
        column = 0
    }

    mutating func back(columns: Int) { column = max(0, column - columns) }

    mutating func erase(to column: Int) {
        self.column = max(0, column)
        line.removeSubrange(min(self.column, line.count)...)
    }

    mutating func lineUp(to column: Int) {
        if lines.count > 1 { lines.removeLast() }
        erase(to: column)
    }

    private var line: [Cell] {
        get { lines[lines.count - 1] }
        set { lines[lines.count - 1] = newValue }
    }
}
