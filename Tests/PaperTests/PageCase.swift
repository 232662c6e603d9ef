import Foundation
import Paper
import TestSupport

/// A case of a text file. Options are `columns=20 left=2`. In the input `\n`, `\r`, `\t`, `\e`, `\\` and `\u{hex}` stand for
/// the characters, and a line's end is one too, but for the last.
struct Case: Sendable, CustomStringConvertible {
    let name: String
    let options: [String: String]
    let input: String
    let expected: String

    var description: String { name }

    static func load(_ file: String) -> [Case] {
        CaseFile(Bundle.module.url(forResource: "Cases/" + file, withExtension: nil)).blocks.map { block in
            var options: [String: String] = [:]
            for option in block.options.joined(separator: " ").split(separator: " ") {
                let pair = option.split(separator: "=", maxSplits: 1).map(String.init)
                options[pair[0]] = pair.count > 1 ? pair[1] : ""
            }
            return Case(name: block.name, options: options, input: unescape(block.input), expected: block.expected)
        }
    }

    var settings: PageSettings {
        func number(_ key: String, _ standard: Int) -> Int { options[key].flatMap(Int.init) ?? standard }
        return PageSettings(
            columns: number("columns", 24), leftMargin: number("left", 0), rightMargin: number("right", 0),
            tabWidth: number("tab", 8), hotZone: number("hot", 4), hyphenates: options["hyphens"] != "no",
            markdown: options["markdown"] != "no")
    }

    private static func unescape(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let character = rest.popFirst() {
            guard character == "\\", let next = rest.popFirst() else {
                result.append(character)
                continue
            }
            switch next {
            case "n": result.unicodeScalars.append("\n")
            case "r": result.unicodeScalars.append("\r")
            case "t": result.unicodeScalars.append("\t")
            case "e": result.unicodeScalars.append("\u{1B}")
            case "u":
                let end = rest.firstIndex(of: "}") ?? rest.endIndex
                if let value = UInt32(rest[..<end].dropFirst(), radix: 16), let scalar = Unicode.Scalar(value) {
                    result.unicodeScalars.append(scalar)
                }
                rest = rest[end...].dropFirst()
            case "\\": result.append("\\")
            default: result += "\\" + String(next)
            }
        }
        return result
    }
}
