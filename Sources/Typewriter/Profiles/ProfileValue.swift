import TOMLKit

/// A value of a profile; those in tables know where they stand, for profiles inherit from other files.
indirect enum ProfileValue: Sendable, CustomStringConvertible, TOMLScalarConvertible {
    case integer(Int)
    case number(Double)
    case flag(Bool)
    case text(String)
    case list([Entry])
    case table([String: Entry])
    /// Something that no profile has, such as a date.
    case other(String)

    struct Entry: Sendable {
        var value: ProfileValue
        let origin: FileOrigin
    }

    /// - Parameters:
    ///   - path: The value's name among `lines`.
    ///   - origin: Where it stands; what is in it stands there too, unless its own line is known.
    init(_ value: some TOMLValueConvertible, path: String, at origin: FileOrigin, _ lines: TOMLLines) {
        let value = value.tomlValue
        func entry(_ value: some TOMLValueConvertible, _ path: String) -> Entry {
            let origin = FileOrigin(file: origin.file, line: lines.line(of: path) ?? origin.line)
            return Entry(value: ProfileValue(value, path: path, at: origin, lines), origin: origin)
        }
        if let scalar = ProfileValue(scalar: value) {
            self = scalar
        } else if let elements = value.array {
            self = .list(elements.enumerated().map { entry($1, "\(path)[\($0)]") })
        } else {
            var entries: [String: Entry] = [:]
            if let table = value.table {
                for key in table.keys {
                    guard let value = table[key] else { continue }
                    entries[key] = entry(value, path.isEmpty ? key : "\(path).\(key)")
                }
            }
            self = .table(entries)
        }
    }

    var description: String {
        switch self {
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .flag(let value): "\(value)"
        case .text(let value): String(reflecting: String(value.prefix(60)))  // TOMLKit gives texts a debugDescription of its own.
        case .list: "a list"
        case .table: "a section"
        case .other(let description): description
        }
    }

    /// This, and what of `base` it does not say itself.
    func over(_ base: ProfileValue) -> ProfileValue {
        guard case .table(var entries) = self, case .table(let others) = base else { return self }
        entries.merge(others) { own, other in Entry(value: own.value.over(other.value), origin: own.origin) }
        return .table(entries)
    }

    func without(_ keys: [String]) -> ProfileValue {
        guard case .table(let entries) = self else { return self }
        return .table(entries.filter { !keys.contains($0.key) })
    }
}
