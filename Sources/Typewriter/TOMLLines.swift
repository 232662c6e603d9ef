/// Where the keys of a TOML text stand, for error messages: the parser tells positions of syntax errors only. Knows of the
/// syntax what it takes to find `[section]` and `key =` outside of texts, comments and lists over several lines.
struct TOMLLines {
    private var lines: [String: Int] = [:]

    init(_ text: String) {
        var section = ""
        var scanner = Scanner(bytes: Array(text.utf8))
        while let statement = scanner.nextStatement() {
            switch statement.kind {
            case .section:
                section = statement.name
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

    /// The line of a key, or of its section where the key stands in an inline table.
    subscript(path: String, in section: String) -> Int { lines[path] ?? self[section] }

    private struct Statement {
        enum Kind { case section, key }
        let kind: Kind
        let name: String
        let line: Int
    }

    private struct Scanner {
        let bytes: [UInt8]
        var position = 0
        var line = 1

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
                    let start = line
                    let name = takeName(until: [UInt8(ascii: "]")])
                    skipLine()
                    return Statement(kind: .section, name: name, line: start)
                default:
                    let start = line
                    let name = takeName(until: [UInt8(ascii: "=")])
                    skipValue()
                    return Statement(kind: .key, name: name, line: start)
                }
            }
            return nil
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
            var depth = 0
            while position < bytes.count {
                switch bytes[position] {
                case UInt8(ascii: "#"): skipLine()
                case UInt8(ascii: "["), UInt8(ascii: "{"):
                    depth += 1
                    position += 1
                case UInt8(ascii: "]"), UInt8(ascii: "}"):
                    depth -= 1
                    position += 1
                case UInt8(ascii: "\""), UInt8(ascii: "'"): skipText()
                case UInt8(ascii: "\n") where depth <= 0: return
                default: advance()
                }
            }
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
                if mark == UInt8(ascii: "\""), bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count { advance() }
                advance()
            }
        }
    }
}
