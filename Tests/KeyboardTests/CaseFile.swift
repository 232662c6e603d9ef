import Foundation

/// A file of cases in plain text: `== name | option=value`, the input, a blank line, the expected lines.
struct Case: Sendable, CustomStringConvertible {
    let name: String
    let options: [String: String]
    let input: String
    let expected: String

    var description: String { name }

    static func load(_ file: String) -> [Case] {
        guard let url = Bundle.module.url(forResource: "Cases/" + file, withExtension: nil),
            let text = try? String(contentsOf: url, encoding: .utf8)
        else { return [] }
        return text.components(separatedBy: "\n== ").dropFirst().map { block in
            var lines = block.components(separatedBy: "\n")
            let head = lines.removeFirst().components(separatedBy: " | ")
            var options: [String: String] = [:]
            for option in head.dropFirst() {
                let pair = option.components(separatedBy: "=")
                options[pair[0]] = pair.last
            }
            while lines.last == "" { lines.removeLast() }
            let blank = lines.firstIndex(of: "") ?? lines.endIndex
            return Case(
                name: head[0], options: options, input: lines[..<blank].joined(separator: "\n"),
                expected: lines[min(blank + 1, lines.endIndex)...].joined(separator: "\n"))
        }
    }
}

/// Text as the case files write it: in quotation marks if there are spaces, and what cannot be seen by its code points.
func shown(_ text: String) -> String {
    if text.contains(" ") || text.isEmpty { return "\"\(text)\"" }
    return text.unicodeScalars.map { scalar in
        scalar.isVisible ? String(scalar) : "U+" + String(scalar.value, radix: 16, uppercase: true)
    }.joined()
}

/// The text that `shown` writes.
func read(_ text: Substring) -> String {
    var (result, rest) = ("", text)
    while let scalar = rest.unicodeScalars.first {
        let digits = rest.hasPrefix("U+") ? rest.dropFirst(2).prefix { $0.isHexDigit && !$0.isLowercase } : ""
        if let value = UInt32(digits, radix: 16), let code = Unicode.Scalar(value) {
            result.unicodeScalars.append(code)
            rest = rest[digits.endIndex...]
        } else {
            result.unicodeScalars.append(scalar)
            rest.unicodeScalars.removeFirst()
        }
    }
    return result
}

extension Unicode.Scalar {
    fileprivate var isVisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .nonspacingMark: false
        default: self != "\u{FFFD}"
        }
    }
}
