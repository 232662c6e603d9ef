/// What a person should do about a text that the parser of TOML refused. The parser says what it saw; this looks at the line for
/// what was meant.
struct TOMLAdvice {
    let line: Int
    let text: String

    /// - Parameters:
    ///   - parser: what the parser said (toml++ 3.4), such as `Error while parsing array: expected comma or closing ']', saw 'm'`.
    ///   - line: where it said so, from 1.
    init(_ parser: String, line: Int, text: String, _ lines: TOMLLines) {
        // Not by Character: "\r\n" is one.
        let all = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).trimmed }
        // Of a list or a text over several lines, the parser may name a line behind the last one.
        let number = min(max(line, 1), max(all.count, 1))
        let content = all.isEmpty ? "" : all[number - 1]
        self.line = number
        self.text = Self.repeated(parser, content, all[..<min(number, all.count)], lines) ?? Self.overSeveralLines(parser)
            ?? (content.hasPrefix("[") ? Self.header(content) : Self.keyAndValue(parser, content)) ?? Self.plain(parser)
    }

    /// The parser's words without what it was busy with.
    private static func plain(_ parser: String) -> String {
        guard parser.hasPrefix("Error while parsing "), let colon = parser.firstIndex(of: ":") else { return parser }
        let what = parser.dropFirst("Error while parsing ".count).prefix { $0 != ":" }
        return "in this \(what): \(String(parser[parser.index(after: colon)...]).trimmed)"
    }

    // MARK: Whole lines

    /// A key or a section that is there for the second time.
    private static func repeated(_ parser: String, _ content: String, _ before: ArraySlice<String>, _ lines: TOMLLines) -> String? {
        guard parser.has("cannot redefine existing"), let quoted = parser.split(separator: "'").dropFirst().first else { return nil }
        let name = legible(String(quoted))
        if content.hasPrefix("[") {
            let first = lines.line(of: name)
            return "[\(name)] is there for the second time; move its keys to the first one\(first.map { ", on line \($0)" } ?? "")"
        }
        let header = before.last { $0.hasPrefix("[") } ?? ""
        let section = header.dropFirst().prefix { $0 != "]" }
        let first = lines.line(of: section.isEmpty ? name : "\(section).\(name)")
        return "\(name) is set for the second time\(first.map { ", after line \($0)" } ?? ""); remove one of them"
    }

    private static func header(_ content: String) -> String? {
        guard let end = content.lastIndex(of: "]") else {
            return "the section's name is not closed; write \(legible(content.prefixBeforeComment.trimmed))]"
        }
        let rest = String(content[content.index(after: end)...]).trimmed
        guard !rest.isEmpty, !rest.hasPrefix("#") else { return nil }
        return "nothing may follow \(legible(String(content[...end]))); write \(legible(rest)) on a line of its own"
    }

    private static func keyAndValue(_ parser: String, _ content: String) -> String? {
        for sign in [";", "//", "--"] where content.hasPrefix(sign) { return "a comment begins with #, not with \(sign)" }
        guard let equals = content.firstIndex(of: "=") else { return withoutEquals(parser, content) }
        let key = String(content[..<equals]).trimmed
        let value = String(content[content.index(after: equals)...]).trimmed
        guard !key.contains(where: { "\"'".contains($0 as Character) }) else { return nil }
        if key.contains(" " as Character) || key.contains("\t" as Character) {
            return "\(legible(key)) is no key; one is a single word, such as left_margin"
        }
        if value.isEmpty || value.hasPrefix("#") { return "\(legible(key)) has no value; write one, or remove the line to keep the default" }
        if value.hasPrefix("=") { return "one = is enough" }
        return self.value(parser, value)
    }

    private static func withoutEquals(_ parser: String, _ content: String) -> String? {
        guard parser.has("key-value pair: expected '='") else { return nil }
        let parts = content.prefixBeforeComment.split(maxSplits: 1) { ":\" \t".contains($0 as Character) }
        guard parts.count == 2, let key = parts.first else { return "\(legible(content)) is neither [section] nor key = value" }
        return "between \(legible(String(key))) and its value belongs a ="
    }

    /// What the parser noticed when it was beyond the line that is wrong.
    private static func overSeveralLines(_ parser: String) -> String? {
        if parser.has("nested value depth") { return "more brackets in one another than any setting has" }
        if parser.has("parsing array") { return "the list that begins here or above is not closed by a ], or lacks a comma between two elements" }
        if parser.has("string: encountered end-of-file") { return "the text that begins here or above has no quotation marks at its end" }
        return nil
    }

    // MARK: Values

    private static func value(_ parser: String, _ value: String) -> String? {
        switch value.first {
        case "\"": return quoted(parser, value)
        case "'": return parser.has("control characters") ? "the text has no ' at its end" : nil
        case "[": return nil
        case "{": return "no setting stands in braces; a list is written as [\"a\", \"b\"]"
        case let sign? where ("0"..."9").contains(sign) || "+-.".contains(sign): return number(parser, value)
        default: return word(value)
        }
    }

    private static func quoted(_ parser: String, _ value: String) -> String? {
        if parser.has("unknown escape sequence") {
            let sign = parser.split(separator: "'").dropFirst().first.map(String.init) ?? "\\"
            return "\(sign) is no sign in \"...\"; write '...' instead, or \\\\ for every \\"
        }
        if parser.has("scalar sequence") { return "\\u takes the four hexadecimal digits of a character, as in \"\\u00e9\", and \\U takes eight" }
        if parser.has("control characters") { return "the text has no \" at its end; for several lines write \"\"\" at both ends" }
        if parser.has("expected a comment or whitespace") {
            return "nothing but a # comment may follow the text; inside of it, write \\\" for \""
        }
        return nil
    }

    private static func number(_ parser: String, _ value: String) -> String? {
        let value = value.prefixBeforeComment.trimmed
        if let last = value.last, ";,".contains(last) { return "nothing ends a line; remove the \(last)" }
        let parts = value.split(separator: "," as Character, omittingEmptySubsequences: false)
        if parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isNumber) }) {
            return "\(value) is no number; write \(parts[0]).\(parts[1])"
        }
        if parser.has("leading zeroes") {
            let digits = String(value.drop { $0 == "0" }.prefix(20))
            return "a number has no zero in front; write \(digits.isEmpty ? "0" : digits)"
        }
        if parser.has("not representable") { return "\(legible(value)) is larger than any number here" }
        if parser.has("could not be interpreted as a value") { return "\(legible(value)) is larger or smaller than any number here" }
        if parser.has("decimal digit"), value.contains("." as Character) { return "\(legible(value)) is no number; a point stands between two digits, as in 0.5" }
        if parser.has("expected a comment or whitespace") {
            let number = value.prefix { $0 != " " && $0 != "\t" }
            let rest = String(value.dropFirst(number.count)).trimmed
            if rest.isEmpty { return "\(legible(value)) is no number; a text stands in quotation marks: \"\(legible(value))\"" }
            if rest.contains("=" as Character) { return "nothing may follow \(number); write \(legible(rest)) on a line of its own" }
            if rest.allSatisfy({ $0.isNumber || $0 == " " }) { return "\(legible(value)) is no number; write \(legible(value.filter { $0 != " " }))" }
            return "nothing but a # comment may follow \(number); write \(number), or \"\(legible(value))\" if it is a text"
        }
        return "\(legible(value)) is no number"
    }

    private static func word(_ value: String) -> String? {
        let value = value.prefixBeforeComment.trimmed
        switch value.lowercased() {
        case "true", "yes", "on", "enabled": return "\(value) is no value; write true"
        case "false", "no", "off", "disabled": return "\(value) is no value; write false"
        case "nil", "null", "none", "default": return "\(value) is no value; remove the line to keep the default"
        default: return "a text stands in quotation marks; write \"\(legible(value))\""
        }
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    fileprivate var trimmed: String {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }

    /// A comment begins with a #; those in texts are none, but here it does not matter.
    fileprivate var prefixBeforeComment: String { String(prefix { $0 != "#" }) }

    /// Of a string, Foundation's `contains` would be taken, which TOMLKit makes visible.
    fileprivate func has(_ words: String) -> Bool {
        let (bytes, words) = (Array(utf8), Array(words.utf8))
        return bytes.indices.contains { bytes[$0...].starts(with: words) }
    }
}
