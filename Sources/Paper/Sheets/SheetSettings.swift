/// How the paper is cut. All numbers are lines.
public struct SheetSettings: Sendable, Equatable {
    /// Of a sheet, margins included; 0 for a roll, which has no end.
    public var lines: Int
    public var topMargin: Int
    public var bottomMargin: Int
    /// Sheets hang together (fan-fold paper), and printing goes on over the fold. Single sheets are waited for.
    public var isContinuous: Bool

    public init(lines: Int = 0, topMargin: Int = 0, bottomMargin: Int = 0, isContinuous: Bool = false) {
        self.lines = lines
        self.topMargin = topMargin
        self.bottomMargin = bottomMargin
        self.isContinuous = isContinuous
    }

    public static let mostLines = 10_000

    /// Lines of text that a sheet takes; nil on a roll.
    var textLines: Int? { lines > 0 ? lines - topMargin - bottomMargin : nil }

    /// - Throws: a line that names the setting which cannot be.
    public func check() throws(PaperError) {
        guard lines > 0 else { return }
        if let textLines, textLines < 1 {
            throw PaperError("""
                paper: margins of \(topMargin) and \(bottomMargin) lines leave nothing of \(lines); make them smaller, or paper.lines larger
                """)
        }
    }
}
