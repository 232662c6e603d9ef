/// How text is laid out on the sheet. All numbers are columns.
public struct PageSettings: Sendable, Equatable {
    /// Of the paper, margins included. A device that has fewer wins.
    public var columns: Int
    public var leftMargin: Int
    public var rightMargin: Int
    /// Distance between tab stops, counted from the left margin.
    public var tabWidth: Int
    /// A space typed this close to the right margin returns the carriage.
    public var hotZone: Int
    /// Whether a word longer than the line is broken with a hyphen.
    public var hyphenates: Bool
    /// Whether answers are read as markdown.
    public var markdown: Bool

    public init(
        columns: Int = 72, leftMargin: Int = 0, rightMargin: Int = 0, tabWidth: Int = 8, hotZone: Int = 6,
        hyphenates: Bool = true, markdown: Bool = true
    ) {
        self.columns = columns
        self.leftMargin = leftMargin
        self.rightMargin = rightMargin
        self.tabWidth = tabWidth
        self.hotZone = hotZone
        self.hyphenates = hyphenates
        self.markdown = markdown
    }

    /// The narrowest line of text: room for two wide characters.
    public static let leastWidth = 4
    public static let mostColumns = 1000

    /// Columns between the margins.
    /// - Throws: a line that names the setting which cannot be.
    func textWidth(on device: PaperCapabilities) throws(PaperError) -> Int {
        try check("columns", columns, Self.leastWidth...Self.mostColumns)
        let columns = min(columns, device.columns ?? Self.mostColumns)
        guard columns >= Self.leastWidth else {
            throw PaperError("the device has \(columns) columns; \(Self.leastWidth) are needed")
        }
        try check("left_margin", leftMargin, 0...Self.mostColumns)
        try check("right_margin", rightMargin, 0...Self.mostColumns)
        try check("tab_width", tabWidth, 1...Self.mostColumns)
        try check("hot_zone", hotZone, 0...Self.mostColumns)
        let width = columns - leftMargin - rightMargin
        guard width >= Self.leastWidth else {
            throw PaperError("""
                paper: margins of \(leftMargin) and \(rightMargin) leave \(width) of \(columns) columns; \
                make them smaller, so that \(Self.leastWidth) remain
                """)
        }
        return width
    }

    private func check(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws(PaperError) {
        guard range.contains(value) else {
            throw PaperError("paper.\(name): \(value) is not between \(range.lowerBound) and \(range.upperBound)")
        }
    }
}
