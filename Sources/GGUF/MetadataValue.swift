/// A metadata value with the type that it has in the file.
public enum MetadataValue: Sendable, Equatable {
    case uint8(UInt8), int8(Int8), uint16(UInt16), int16(Int16), uint32(UInt32), int32(Int32)
    case uint64(UInt64), int64(Int64)
    case float32(Float), float64(Double)
    case bool(Bool)
    case string(String)
    case array(MetadataArray)

    public var type: ValueType {
        switch self {
        case .uint8: .uint8
        case .int8: .int8
        case .uint16: .uint16
        case .int16: .int16
        case .uint32: .uint32
        case .int32: .int32
        case .uint64: .uint64
        case .int64: .int64
        case .float32: .float32
        case .float64: .float64
        case .bool: .bool
        case .string: .string
        case .array: .array
        }
    }

    /// The value of any integer type, or nil for other types and where an `Int` cannot hold it.
    public var int: Int? {
        switch self {
        case .uint8(let value): Int(value)
        case .int8(let value): Int(value)
        case .uint16(let value): Int(value)
        case .int16(let value): Int(value)
        case .uint32(let value): Int(value)
        case .int32(let value): Int(value)
        case .uint64(let value): Int(exactly: value)
        case .int64(let value): Int(value)
        default: nil
        }
    }

    /// The value of any number type, or nil for other types and for a finite FLOAT64 that a `Float` cannot hold.
    public var float: Float? {
        switch self {
        case .float32(let value):
            return value
        case .float64(let value):
            let narrowed = Float(value)
            return narrowed.isInfinite && value.isFinite ? nil : narrowed
        case .uint64(let value):
            return Float(value)
        default:
            return int.map { Float($0) }
        }
    }
}

/// One line for `platen inspect`: long texts and arrays are cut, and nothing in it can steer a terminal.
extension MetadataValue: CustomStringConvertible {
    public var description: String {
        switch self {
        case .uint8(let value): "\(value)"
        case .int8(let value): "\(value)"
        case .uint16(let value): "\(value)"
        case .int16(let value): "\(value)"
        case .uint32(let value): "\(value)"
        case .int32(let value): "\(value)"
        case .uint64(let value): "\(value)"
        case .int64(let value): "\(value)"
        case .float32(let value): "\(value)"
        case .float64(let value): "\(value)"
        case .bool(let value): "\(value)"
        case .string(let value): "\"\(printable(value, limit: 100))\""
        case .array(let value): value.description
        }
    }
}
