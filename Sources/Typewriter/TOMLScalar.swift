import TOMLKit

/// What is made of values of TOML: what a settings file says of a key, or a profile.
protocol TOMLScalarConvertible {
    static func integer(_ value: Int) -> Self
    static func number(_ value: Double) -> Self
    static func flag(_ value: Bool) -> Self
    static func text(_ value: String) -> Self
    /// Something that is taken nowhere, in words.
    static func other(_ description: String) -> Self
}

extension TOMLScalarConvertible {
    /// Nil for a list and for a table.
    init?(scalar value: TOMLValue) {
        switch value.type {
        case .int: self = .integer(value.int ?? 0)
        case .double: self = .number(value.double ?? .nan)
        case .bool: self = .flag(value.bool ?? false)
        case .string: self = .text(value.string ?? "")
        case .date, .time, .dateTime: self = .other("a \(value.type)")
        case .array, .table: return nil
        }
    }
}
