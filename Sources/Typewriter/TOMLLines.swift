/// Where the keys of a TOML text stand, for error messages: the parser tells positions of syntax errors only. Knows of the
/// syntax what it takes to find `[section]` and `key =` outside of texts, comments and lists over several lines.
///
/// Also finds what must not reach the parser: toml++ 3.4 ends the program, by an assertion, at a section's name that
/// begins with anything but a letter, digit, `-`, `_` or quotation mark, and at a `}` or a line separator in a list. It nests
/// tables as deep as a name has dots, and whoever walks through them may run out of stack.
struct TOMLLines {
    private var lines: [String: Int] = [:]
    /// The first thing that no TOML text may contain.
    private(set) var problem: (line: Int, text: String)?

    /// Dots in a name.
    private static let mostDots = 32
    private static let tooManyDots = "a name with more than \(mostDots) dots; there is none"

    init(_ text: String) {
        var section = ""
        // How many `[[name]]` there were of each.
        var counts: [String: Int] = [:]
        let bytes = Array(text.utf8)
        var line = 1
        for byte in bytes {
            if byte == UInt8(ascii: "\n") { line += 1 }
            if byte < 0x20 && !"\t\r\n".utf8.contains(byte) || byte == 0x7F {
                problem = (line, "a control character (\(byte)) has no place in a settings file; remove it")
                return
            }
        }
        var scanner = Scanner(bytes: bytes)
        while let statement = scanner.nextStatement() {
            if let stray = scanner.stray {
                problem = stray
                return
            }
            guard statement.isNamed else {
                problem = (statement.line, statement.kind == .section ? "this is no section's name; write it as [section]" : "this is no key; a line is [section], key = value, or a # comment")
                return
            }
            guard statement.name.utf8.count(where: { $0 == UInt8(ascii: ".") }) <= Self.mostDots else {
                problem = (statement.line, Self.tooManyDots)
                return
            }
            switch statement.kind {
            case .section, .element:
                section = ""
                let parts = statement.name.split(separator: ".", omittingEmptySubsequences: false)
                for (index, part) in parts.enumerated() {
                    section += section.isEmpty ? part : "." + part
                    if statement.kind == .element, index == parts.count - 1 { counts[section, default: 0] += 1 }
                    // What follows `[[name]]` belongs to the list's last element.
                    if let count = counts[section] {
                        record(section, statement.line)
                        section += "[\(count - 1)]"
                    }
                }
                record(section, statement.line)
            case .key:
                let path = section.isEmpty ? statement.name : section + "." + statement.name
                record(path, statement.line)
            }
        }
    }

    private mutating func record(_ path: String, _ line: Int) {
        var path = path[...]
        while true {
            lines[String(path)] = lines[String(path)] ?? line
            guard let dot = path.lastIndex(of: ".") else { return }
            path = path[..<dot]
        }
    }

    /// The line of a section or a key, counted from 1.
    subscript(path: String) -> Int { lines[path] ?? 1 }

    /// The line of a section, a key, or an element under `[[list]]`, which is called `list[0]`; nil where it has none of its own.
    func line(of path: String) -> Int? { lines[path] }

    /// The line of a key, or of its section where the key stands in an inline table.
    subscript(path: String, in section: String) -> Int { lines[path] ?? self[section] }

    private struct Statement {
        enum Kind { case section, element, key }
        let kind: Kind
        let name: String
        let line: Int
        /// The name begins as a name can.
        let isNamed: Bool
    }

    private struct Scanner {
        let bytes: [UInt8]
        var position = 0
        var line = 1
        /// The first thing that cannot be in a value.
        var stray: (line: Int, text: String)?

        init(bytes: [UInt8]) {
            self.bytes = bytes
            if bytes.starts(with: "\u{FEFF}".utf8) { position = 3 }
        }

        mutating func nextStatement() -> Statement? {
            while position < bytes.count {
                switch bytes[position] {
                case UInt8(ascii: "\n"):
                    advance()
                case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                    advance()
                case UInt8(ascii: "#"):
                    skipLine()
                case UInt8(ascii: "["):
                    let isElement = position + 1 < bytes.count && bytes[position + 1] == UInt8(ascii: "[")
                    position += isElement ? 2 : 1
                    while position < bytes.count, " \t".utf8.contains(bytes[position]) { position += 1 }
                    let (start, isNamed) = (line, beginsName)
                    let name = takeName(until: [UInt8(ascii: "]")])
                    skipLine()
                    return Statement(kind: isElement ? .element : .section, name: name, line: start, isNamed: isNamed)
                default:
                    let (start, isNamed) = (line, beginsName)
                    let name = takeName(until: [UInt8(ascii: "=")])
                    skipValue()
                    return Statement(kind: .key, name: name, line: start, isNamed: isNamed)
                }
            }
            return nil
        }

        private var beginsName: Bool {
            guard position < bytes.count else { return false }
            switch bytes[position] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): return true
            default: return "-_\"'".utf8.contains(bytes[position])
            }
        }

        private mutating func advance() {
            if bytes[position] == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }

        private mutating func skipLine() {
            while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
        }

        /// A dotted name without brackets, quotation marks and white space.
        private mutating func takeName(until ends: [UInt8]) -> String {
            var name: [UInt8] = []
            while position < bytes.count, bytes[position] != UInt8(ascii: "\n"), !ends.contains(bytes[position]) {
                if !#"[]"' "#.utf8.contains(bytes[position]), bytes[position] != UInt8(ascii: "\t") { name.append(bytes[position]) }
                position += 1
            }
            return String(decoding: name, as: UTF8.self)
        }

        /// To the end of the line on which the value ends.
        private mutating func skipValue() {
            var open: [UInt8] = []
            // Of a name in an inline table.
            var dots = 0
            while position < bytes.count {
                switch bytes[position] {
                case UInt8(ascii: "."):
                    dots += 1
                    if dots > TOMLLines.mostDots { stray = stray ?? (line, TOMLLines.tooManyDots) }
                    position += 1
                case UInt8(ascii: ","), UInt8(ascii: "="):
                    dots = 0
                    position += 1
                case UInt8(ascii: "#"): skipLine()
                case UInt8(ascii: "["), UInt8(ascii: "{"):
                    open.append(bytes[position] + 2)  // In ASCII, the bracket that closes it.
                    position += 1
                case UInt8(ascii: "]"), UInt8(ascii: "}"):
                    if open.popLast() != bytes[position] {
                        stray = stray ?? (line, "\(Unicode.Scalar(bytes[position])) closes nothing; remove it, or quote the text")
                    }
                    position += 1
                case 0x80...:
                    stray = stray ?? (line, "\"\(Self.character(bytes[position...]))\" outside of quotation marks; a text stands in straight ones: \"text\"")
                    position += 1
                case UInt8(ascii: "\""), UInt8(ascii: "'"): skipText()
                case UInt8(ascii: "\n") where open.isEmpty: return
                default: advance()
                }
            }
        }

        private static func character(_ bytes: ArraySlice<UInt8>) -> Character {
            String(decoding: bytes.prefix(4), as: UTF8.self).first ?? "?"
        }

        private mutating func skipText() {
            let mark = bytes[position]
            let isLong = bytes[position...].starts(with: [mark, mark, mark])
            let end = isLong ? [mark, mark, mark] : [mark]
            position += end.count
            while position < bytes.count {
                if bytes[position...].starts(with: end) {
                    position += end.count
                    // A text in three marks may end with up to two marks of its own.
                    while isLong, position < bytes.count, bytes[position] == mark { position += 1 }
                    return
                }
                if !isLong, bytes[position] == UInt8(ascii: "\n") { return }
                if mark == UInt8(ascii: "\""), bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count {
                    advance()
                    // The parser's texts end there.
                    if ["u0000", "U00000000"].contains(where: { bytes[position...].starts(with: $0.utf8) }) {
                        stray = stray ?? (line, "a zero character is no part of any text; remove it")
                    }
                }
                advance()
            }
        }
    }
}
