import Foundation
import Paper

/// A file of cases in plain text:
///
///     == name of the case | columns=20 left=2
///     input
///
///     expected
///
/// The first blank line ends the input; a case ends before the next `==`. In the input `\n`, `\r`, `\t`, `\e`, `\\` and
/// `\u{hex}` stand for the characters, and a line's end is one too, but for the last. Whatever stands before the first
/// case is a comment.
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
            for option in head.dropFirst().joined(separator: " ").split(separator: " ") {
                let pair = option.split(separator: "=", maxSplits: 1).map(String.init)
                options[pair[0]] = pair.count > 1 ? pair[1] : ""
            }
            while lines.last == "" { lines.removeLast() }
            let blank = lines.firstIndex(of: "") ?? lines.endIndex
            return Case(
                name: head[0], options: options,
                input: unescape(lines[..<blank].joined(separator: "\n")),
                expected: lines[min(blank + 1, lines.endIndex)...].joined(separator: "\n"))
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
