/// Lets through only what may reach a device. A model's answer is input from outside: an escape character in it
/// would command the terminal or printer.
///
/// Line ends of all kinds become a line feed, spaces of all widths a space. Control characters and invisible
/// format characters (direction overrides, byte order marks, soft hyphens) are dropped, except the joiners.
struct TextFilter: Sendable {
    private var isAfterReturn = false

    mutating func filter(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        let wasAfterReturn = isAfterReturn
        isAfterReturn = scalar == "\r"
        switch scalar {
        case " "..."~", "\t": return scalar
        case "\n": return wasAfterReturn ? nil : "\n"
        // Vertical tab, form feed, next line, line and paragraph separator (UAX #14, classes BK, CR and NL).
        case "\r", "\u{0B}", "\u{0C}", "\u{85}", "\u{2028}", "\u{2029}": return "\n"
        case "\u{200C}", "\u{200D}": return scalar
        case "\u{2007}", "\u{202F}": return "\u{A0}"
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .surrogate: return nil
        case .format where !scalar.isSeenFormat: return nil
        case .spaceSeparator where scalar != "\u{A0}" && scalar != "\u{3000}": return " "
        default: return scalar
        }
    }
}
