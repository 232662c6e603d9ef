import TOMLKit

extension Settings {
    /// Reads a settings file. Keys that it does not name keep their defaults.
    /// - Throws: the first thing that is wrong, as `platen.toml:12: paper.columns 5000 is not between 4 and 1000`.
    public init(file path: String) throws(TypewriterError) {
        try self.init(toml: readTextFile(path), file: path)
    }

    /// - Parameter file: What to call the text in errors.
    public init(toml text: String, file: String) throws(TypewriterError) {
        self.init()
        let document = try TOMLDocument(text, file: file)
        let (table, lines) = (document.table, document.lines)
        var problems: [(line: Int, text: String)] = []
        let sections = Set(SettingKey.all.map { String($0.section) })
        for section in table.keys {
            let line = lines[section]
            guard sections.contains(section) else {
                problems.append((line, unknown("section", "[\(section)]", among: sections.sorted().map { "[\($0)]" })))
                continue
            }
            guard let keys = table[section]?.table else {
                problems.append((line, "\(section) is a section: write [\(section)] on a line of its own"))
                continue
            }
            for key in keys.keys {
                let name = "\(section).\(key)"
                do {
                    guard let value = keys[key] else { continue }
                    try set(name, to: SettingValue(value))
                } catch {
                    problems.append((lines[name, in: section], error.description))
                }
            }
        }
        if let first = problems.min(by: { $0.line < $1.line }) {
            throw TypewriterError("\(file):\(first.line): \(first.text)", status: .configuration)
        }
        do {
            try check()
        } catch {
            throw TypewriterError("\(file): \(error.description)", status: error.status)
        }
    }
}

extension SettingValue {
    init(_ value: some TOMLValueConvertible) {
        let value = value.tomlValue
        switch value.type {
        case .int: self = .integer(value.int ?? 0)
        case .double: self = .number(value.double ?? .nan)
        case .bool: self = .flag(value.bool ?? false)
        case .string: self = .text(value.string ?? "")
        case .array:
            let texts = value.array?.map(\.string) ?? [nil]
            self = texts.contains(nil) ? .other("a list") : .texts(texts.compactMap(\.self))
        case .table, .date, .time, .dateTime: self = .other("a \(value.type)")
        }
    }
}
