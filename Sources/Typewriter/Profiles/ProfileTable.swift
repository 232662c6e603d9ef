/// A profile or a section of one: typed values by dotted name. What nobody asked for is unknown, and an error.
///
/// Everything that is absent is nil; everything that is there and is not what it should be throws `FILE:LINE: what; remedy`.
package struct ProfileTable: Sendable {
    /// Where it begins.
    package let origin: FileOrigin
    let value: ProfileValue
    private var asked: Set<String> = []

    init(_ value: ProfileValue, at origin: FileOrigin) {
        self.value = value
        self.origin = origin
    }

    // MARK: Values

    package mutating func text(_ name: String) throws(TypewriterError) -> String? {
        guard let entry = try entry(name) else { return nil }
        guard case .text(let text) = entry.value else { throw Self.mismatch(name, entry, "a text in quotation marks") }
        return text
    }

    package mutating func choice(_ name: String, _ choices: [String]) throws(TypewriterError) -> String? {
        guard let text = try text(name) else { return nil }
        guard choices.contains(text) else {
            let list = choices.map { "\"\($0)\"" }.joined(separator: ", ")
            throw problem(name, "\(ProfileValue.text(text)) is none of \(list)")
        }
        return text
    }

    package mutating func flag(_ name: String) throws(TypewriterError) -> Bool? {
        guard let entry = try entry(name) else { return nil }
        guard case .flag(let flag) = entry.value else { throw Self.mismatch(name, entry, "true or false") }
        return flag
    }

    package mutating func integer(_ name: String, _ range: ClosedRange<Int>) throws(TypewriterError) -> Int? {
        guard let entry = try entry(name) else { return nil }
        return try Self.integer(name, entry, range)
    }

    package mutating func number(_ name: String, _ range: ClosedRange<Double>) throws(TypewriterError) -> Double? {
        guard let entry = try entry(name) else { return nil }
        let number: Double
        switch entry.value {
        case .integer(let value): number = Double(value)
        case .number(let value): number = value
        default: throw Self.mismatch(name, entry, "a number")
        }
        guard range.contains(number) else { throw Self.outOfRange(name, entry, range) }
        return number
    }

    // MARK: Lists

    package mutating func texts(_ name: String) throws(TypewriterError) -> [String]? {
        guard let list = try list(name) else { return nil }
        var texts: [String] = []
        for entry in list {
            guard case .text(let text) = entry.value else { throw Self.mismatch(name, entry, "a text in quotation marks") }
            texts.append(text)
        }
        return texts
    }

    /// A list of texts and whole numbers, or one of them alone: GPIO lines, which have names and numbers.
    package mutating func names(_ name: String) throws(TypewriterError) -> [String]? {
        guard let entry = try entry(name) else { return nil }
        var list = [entry]
        if case .list(let entries) = entry.value { list = entries }
        var names: [String] = []
        for entry in list {
            switch entry.value {
            case .text(let text): names.append(text)
            case .integer(let number): names.append("\(number)")
            default: throw Self.mismatch(name, entry, "a name in quotation marks, a whole number, or a list of them")
            }
        }
        return names
    }

    package mutating func integers(_ name: String, _ range: ClosedRange<Int>) throws(TypewriterError) -> [Int]? {
        guard let list = try list(name) else { return nil }
        var integers: [Int] = []
        for entry in list { integers.append(try Self.integer(name, entry, range)) }
        return integers
    }

    /// A list of lists of texts: the rows of a matrix.
    package mutating func rows(_ name: String) throws(TypewriterError) -> [[String]]? {
        guard let list = try list(name) else { return nil }
        var rows: [[String]] = []
        for entry in list {
            var row = ProfileTable(.table([name: entry]), at: origin)
            rows.append(try row.texts(name) ?? [])
        }
        return rows
    }

    // MARK: Sections

    /// A section of its own. Ask it `refuseUnknown()`, too.
    package mutating func section(_ name: String) throws(TypewriterError) -> ProfileTable? {
        guard let entry = try entry(name) else { return nil }
        return try Self.section(name, entry)
    }

    /// What stands under `[[name]]`, in the file's order. Ask each `refuseUnknown()`, too.
    package mutating func sections(_ name: String) throws(TypewriterError) -> [ProfileTable] {
        var sections: [ProfileTable] = []
        for entry in try list(name) ?? [] { sections.append(try Self.section(name, entry)) }
        return sections
    }

    /// The keys of this section, for one whose keys are data, in the order of the alphabet.
    package var keys: [String] {
        guard case .table(let entries) = value else { return [] }
        return entries.keys.sorted()
    }

    // MARK: Errors

    /// A line about a value: what is wrong with it, and where it stands.
    package func problem(_ name: String, _ text: String) -> TypewriterError {
        ((try? find(name))?.origin ?? origin).problem("\(name): \(text)")
    }

    /// A line about a value that must be there.
    package func missing(_ name: String) -> TypewriterError {
        origin.problem("\(name) is missing")
    }

    /// - Throws: a line about the first thing in this section that nobody asked for, with the nearest name that somebody did ask for.
    package func refuseUnknown() throws(TypewriterError) {
        let first = unknownNames(value, prefix: "").min { ($0.origin.file, $0.origin.line, $0.name) < ($1.origin.file, $1.origin.line, $1.name) }
        guard let first else { return }
        throw first.origin.problem(unknown("key", String(first.name.prefix(60)), among: asked.sorted()))
    }

    private func unknownNames(_ value: ProfileValue, prefix: String) -> [(name: String, origin: FileOrigin)] {
        guard case .table(let entries) = value else { return [] }
        return entries.flatMap { key, entry -> [(name: String, origin: FileOrigin)] in
            let name = prefix + key
            if asked.contains(name) { return [] }
            let isSection = asked.contains { $0.hasPrefix(name + ".") }
            return isSection ? unknownNames(entry.value, prefix: name + ".") : [(name, entry.origin)]
        }
    }

    // MARK: Finding

    private mutating func entry(_ name: String) throws(TypewriterError) -> ProfileValue.Entry? {
        asked.insert(name)
        return try find(name)
    }

    private mutating func list(_ name: String) throws(TypewriterError) -> [ProfileValue.Entry]? {
        guard let entry = try entry(name) else { return nil }
        guard case .list(let list) = entry.value else { throw Self.mismatch(name, entry, "a list") }
        return list
    }

    private func find(_ name: String) throws(TypewriterError) -> ProfileValue.Entry? {
        guard case .table(let entries) = value else { return nil }
        // A key may have dots of its own, in quotation marks.
        if let entry = entries[name] { return entry }
        guard let dot = name.firstIndex(of: "."), let entry = entries[String(name[..<dot])] else { return nil }
        let section = try Self.section(String(name[..<dot]), entry)
        return try section.find(String(name[name.index(after: dot)...]))
    }

    private static func section(_ name: String, _ entry: ProfileValue.Entry) throws(TypewriterError) -> ProfileTable {
        guard case .table = entry.value else { throw mismatch(name, entry, "a section") }
        return ProfileTable(entry.value, at: entry.origin)
    }

    private static func integer(_ name: String, _ entry: ProfileValue.Entry, _ range: ClosedRange<Int>) throws(TypewriterError) -> Int {
        guard case .integer(let value) = entry.value else { throw mismatch(name, entry, "a whole number") }
        guard range.contains(value) else { throw outOfRange(name, entry, range) }
        return value
    }

    private static func mismatch(_ name: String, _ entry: ProfileValue.Entry, _ expected: String) -> TypewriterError {
        entry.origin.problem("\(name): \(entry.value) is not \(expected)")
    }

    private static func outOfRange<Bound>(_ name: String, _ entry: ProfileValue.Entry, _ range: ClosedRange<Bound>) -> TypewriterError {
        entry.origin.problem("\(name): \(entry.value) is not between \(range.lowerBound) and \(range.upperBound)")
    }
}
