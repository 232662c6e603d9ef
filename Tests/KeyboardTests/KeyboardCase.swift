import Foundation
import Keyboard
import TestSupport

/// A case of a text file; an option is `name=value`.
struct Case: Sendable, CustomStringConvertible {
    let name: String
    let options: [String: String]
    let input: String
    let expected: String

    var description: String { name }

    static func load(_ file: String) -> [Case] {
        CaseFile(Bundle.module.url(forResource: "Cases/" + file, withExtension: nil)).blocks.map { block in
            let pairs = block.options.map { $0.components(separatedBy: "=") }
            return Case(
                name: block.name, options: Dictionary(pairs.map { ($0[0], $0[$0.count - 1]) }) { $1 },
                input: block.input, expected: block.expected)
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

/// A key as the case files write it.
func name(_ key: Key) -> String {
    switch key {
    case .text(let text): "text " + shown(text)
    case .function(let number): "function \(number)"
    default: "\(key)"
    }
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
