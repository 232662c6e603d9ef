/// The text with everything that could steer a terminal or hide itself written as an escape.
///
/// Names and texts in a model file are chosen by whoever made it: an ESC in a model's name could recolour, retitle
/// or rewrite a terminal, and a right-to-left override could make a name read as another. Control, format, surrogate
/// and private-use characters and line separators become `\u{1B}`, the usual three `\n`, `\r`, `\t`, and a
/// backslash is doubled so that the result is unambiguous.
///
/// - Parameter limit: the most characters to show; what is left out is replaced by an ellipsis.
public func printable(_ text: some StringProtocol, limit: Int = .max) -> String {
    var result = ""
    var shown = 0
    for scalar in text.unicodeScalars {
        if shown == limit {
            return result + "…"
        }
        shown += 1
        switch scalar {
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        case "\\": result += "\\\\"
        case " "..."~": result.unicodeScalars.append(scalar)
        default:
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
                result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default:
                result.unicodeScalars.append(scalar)
            }
        }
    }
    return result
}

/// A name from the file, escaped, cut and quoted for an error message.
func quoted(_ name: some StringProtocol) -> String {
    "'\(printable(name, limit: 80))'"
}
