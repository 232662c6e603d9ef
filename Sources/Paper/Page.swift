/// The sheet in the machine: text comes in, in pieces of any size, and strikes for the device come out.
///
/// A typewriter cannot take ink back, so of what is written at most one word (or one marked phrase of markdown) is
/// held back until it is known where it goes; `flush` ends a text. What is typed appears at once.
/// However a text is cut into pieces, the page comes out the same.
public struct Page: Sendable {
    /// Columns between the margins.
    public let width: Int
    /// Where the carriage stands, counted from the left margin.
    public private(set) var column = 0
    /// Lines ended so far.
    public private(set) var line = 0

    /// - Throws: a line that names the setting which cannot be.
    public init(_ settings: PageSettings = PageSettings(), for device: PaperCapabilities) throws(PaperError) {
        width = try settings.textWidth(on: device)
    }

    /// Lays out a piece of an answer.
    public mutating func write(_ text: String) -> [Strike] { [] }

    /// The text ends here: types what was held back. The carriage stays behind the last letter.
    public mutating func flush() -> [Strike] { [] }

    /// Ends the line (after a flush), whether or not there is anything on it.
    public mutating func newLine() -> [Strike] { [] }

    /// Ends the line only if there is something on it.
    public mutating func startLine() -> [Strike] { [] }

    /// The device dropped strikes: where the carriage stands is not known, and what was held back is forgotten.
    public mutating func stopped() -> [Strike] { [] }

    /// Echoes what a person types: letters appear at once, a space in the hot zone returns the carriage,
    /// and at the margin the line breaks.
    public mutating func type(_ text: String) -> [Strike] { [] }

    /// Takes back text that was typed last, across broken lines where the device can; strikes it over where it cannot.
    public mutating func erase(_ text: String) -> [Strike] { [] }
}
