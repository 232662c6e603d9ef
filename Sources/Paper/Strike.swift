/// One thing that a device does to the paper. Laid out already: a device never wraps, and decides nothing.
public enum Strike: Sendable, Hashable {
    /// Type this, moving right. Printing characters and spaces only, no control characters, and it fits the line.
    case text(String, Style)
    /// Carriage return and line feed.
    case newLine
    case bell
    /// The carriage goes back by so many columns; what is typed stays.
    case back(columns: Int)
    /// Takes away what stands in the last `columns` columns, and goes back there: to `column`, counted from 0
    /// at the paper's left edge. Only for devices that can erase.
    case erase(columns: Int, to: Int)
    /// Goes up a line, to `column` there, to erase what was typed before the line broke. Only for devices that can erase.
    case lineUp(to: Int)
    /// Here a part of the text ends, such as an answer: a device that cuts paper does it, and one that spools jobs prints.
    case tearOff
}

/// How characters are struck. A device ignores what it cannot do.
public struct Style: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Struck twice.
    public static let bold = Style(rawValue: 1)
    public static let underline = Style(rawValue: 2)
}

extension Array where Element == Strike {
    /// The strikes up to each line's end, it included, and the rest.
    var lines: [ArraySlice<Strike>] {
        var lines: [ArraySlice<Strike>] = []
        var start = startIndex
        for index in indices where self[index] == .newLine {
            lines.append(self[start...index])
            start = index + 1
        }
        if start < endIndex { lines.append(self[start...]) }
        return lines
    }
}
