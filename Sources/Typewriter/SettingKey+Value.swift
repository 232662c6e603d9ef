extension SettingKey {
    /// The value in `settings`.
    func value(in settings: Settings) -> SettingValue {
        switch kind {
        case .integer(let path, _): .integer(settings[keyPath: path])
        case .number(let path, _): .number(Double(settings[keyPath: path]))
        case .automaticNumber(let path, _): settings[keyPath: path].map { .number(Double($0)) } ?? .text(Settings.automatic)
        case .flag(let path): .flag(settings[keyPath: path])
        case .text(let path), .choice(let path, _): .text(settings[keyPath: path])
        case .texts(let path): .texts(settings[keyPath: path])
        }
    }

    /// - Throws: what is wrong with the value, as a line that begins with the key's name.
    func set(_ value: SettingValue, in settings: inout Settings) throws(TypewriterError) {
        switch (kind, value) {
        case (.integer(let path, let range), .integer(let value)):
            guard range.contains(value) else { throw outOfRange(value, range) }
            settings[keyPath: path] = value
        case (.number(let path, let range), .integer), (.number(let path, let range), .number):
            settings[keyPath: path] = try number(value, range)
        case (.automaticNumber(let path, let range), .integer), (.automaticNumber(let path, let range), .number):
            settings[keyPath: path] = try number(value, range)
        case (.automaticNumber(let path, _), .text(Settings.automatic)):
            settings[keyPath: path] = nil
        case (.flag(let path), .flag(let value)):
            settings[keyPath: path] = value
        case (.text(let path), .text(let value)):
            settings[keyPath: path] = value
        case (.texts(let path), .texts(let values)):
            settings[keyPath: path] = values
        case (.choice(let path, let choices), .text(let text)):
            guard choices.contains(text) else { throw noChoice(text, choices) }
            settings[keyPath: path] = text
        default:
            throw mismatch(value)
        }
    }

    private func number(_ value: SettingValue, _ range: ClosedRange<Float>) throws(TypewriterError) -> Float {
        let number: Float = switch value {
        case .integer(let value): Float(value)
        case .number(let value): Float(value)
        default: .nan
        }
        guard range.contains(number) else { throw outOfRange(value, range) }
        return number
    }

    // MARK: Errors

    /// A line about a key that nobody knows, with the nearest known one.
    static func unknownKey(_ name: String) -> String {
        let name = legible(name)
        let key = name[(name.firstIndex(of: ".") ?? name.startIndex)...]
        // The same key of another section is nearer than any other.
        let elsewhere = all.map(\.name).filter { $0.hasSuffix(key) && key.hasPrefix(".") }
        if !elsewhere.isEmpty { return "unknown key \(name); did you mean \(elsewhere.joined(separator: " or "))?" }
        let line = unknown("key", name, among: all.map(\.name))
        let section = name.prefix { $0 != "." }
        let known = all.filter { $0.section == section }.map { $0.name.dropFirst(section.count + 1) }
        return line.last == "?" || known.isEmpty ? line : "\(line); [\(section)] has \(known.joined(separator: ", "))"
    }

    /// - Parameter isSection: Not a key above all sections.
    static func unknownSection(_ name: String, isSection: Bool) -> String {
        let name = legible(name)
        let known = sections.sorted()
        if !isSection, let key = all.first(where: { $0.name.hasSuffix("." + name) }) {
            return "\(name) stands in no section; write [\(key.section)] on a line above it"
        }
        let line = unknown("section", "[\(name)]", among: known.map { "[\($0)]" })
        return line.last == "?" ? line : "\(line); there are \(known.map { "[\($0)]" }.joined(separator: ", "))"
    }

    private var expectation: String {
        switch kind {
        case .integer: "a whole number"
        case .number: "a number"
        case .automaticNumber: "a number or \"\(Settings.automatic)\""
        case .flag: "true or false"
        case .text, .choice: "a text in quotation marks"
        case .texts: "a list of texts, such as [\"a\", \"b\"]"
        }
    }

    private func mismatch(_ value: SettingValue) -> TypewriterError {
        if case .other(let description) = value { return problem("is \(description), not \(expectation)") }
        let line = "\(value) is not \(expectation)"
        switch (kind, value) {
        case (.integer, .text(let text)) where Int(text) != nil,
            (.number, .text(let text)) where Double(text) != nil, (.automaticNumber, .text(let text)) where Double(text) != nil,
            (.flag, .text(let text)) where ["true", "false"].contains(text):
            return problem("\(line); write \(text) without quotation marks")
        case (.integer, .number(let number)):
            guard let whole = Int(exactly: number) else { return problem(line) }
            return problem("\(line); write \(whole)")
        case (.flag, .integer(let number)) where 0...1 ~= number:
            return problem("\(line); write \(number == 1)")
        case (.choice(_, let choices), .flag), (.choice(_, let choices), .integer), (.choice(_, let choices), .number):
            return problem("\(line): \(Self.list(choices))")
        case (.texts, .text):
            return problem("\(line); write [\(value)]")
        default:
            return problem(line)
        }
    }

    private func noChoice(_ text: String, _ choices: [String]) -> TypewriterError {
        let line = "\(SettingValue.text(text)) is \(choices.count == 1 ? "not" : "none of") \(Self.list(choices))"
        return problem(nearest(text, among: choices).map { "\(line); did you mean \"\($0)\"?" } ?? line)
    }

    private static func list(_ choices: [String]) -> String {
        choices.map { "\"\($0)\"" }.joined(separator: ", ")
    }

    private func outOfRange<Bound>(_ value: some CustomStringConvertible, _ range: ClosedRange<Bound>) -> TypewriterError {
        problem("\(value) is not between \(range.lowerBound) and \(range.upperBound)")
    }

    private func problem(_ text: String) -> TypewriterError {
        TypewriterError("\(name) \(text)", status: .configuration)
    }
}

extension Settings {
    /// Sets one key by its name in the settings file.
    public mutating func set(_ name: String, to value: SettingValue) throws(TypewriterError) {
        guard let key = SettingKey.named(name) else { throw TypewriterError(SettingKey.unknownKey(name), status: .configuration) }
        try key.set(value, in: &self)
    }
}
