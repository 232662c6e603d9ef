/// A character with the marks that stand on it: what is typed between two movements of the carriage.
struct Cell: Sendable {
    let base: Unicode.Scalar
    private(set) var text: String
    /// Columns: 0, 1 or 2.
    let width: Int
    let style: Style
    /// Code and addresses: broken only where they must, and never with a hyphen.
    let isVerbatim: Bool
    private var markCount = 0

    /// UAX #15, "Stream-Safe Text Format": no text in use has more marks on a character.
    private static let mostMarks = 30

    init(_ base: Unicode.Scalar, _ style: Style, isVerbatim: Bool) {
        self.base = base
        text = base == "\u{A0}" ? " " : String(base)
        width = base.columnWidth
        self.style = style
        self.isVerbatim = isVerbatim
    }

    mutating func add(mark: Unicode.Scalar) {
        guard markCount < Self.mostMarks else { return }
        markCount += 1
        text.unicodeScalars.append(mark)
    }
}

extension Collection<Cell> {
    var width: Int { reduce(0) { $0 + $1.width } }
}
