/// The type of a metadata value. Raw values as in the GGUF specification, `gguf_metadata_value_type`.
public enum ValueType: UInt32, Sendable, CaseIterable {
    case uint8 = 0, int8, uint16, int16, uint32, int32
    case float32 = 6
    case bool = 7
    case string = 8
    case array = 9
    case uint64 = 10, int64
    case float64 = 12

    public var name: String {
        switch self {
        case .uint8: "UINT8"
        case .int8: "INT8"
        case .uint16: "UINT16"
        case .int16: "INT16"
        case .uint32: "UINT32"
        case .int32: "INT32"
        case .float32: "FLOAT32"
        case .bool: "BOOL"
        case .string: "STRING"
        case .array: "ARRAY"
        case .uint64: "UINT64"
        case .int64: "INT64"
        case .float64: "FLOAT64"
        }
    }

    /// The bytes of a value, or nil where they depend on the value.
    var fixedSize: Int? {
        switch self {
        case .uint8, .int8, .bool: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        case .string, .array: nil
        }
    }

    /// The fewest bytes that a value takes: an empty string is its length, an empty array its type and count.
    var minimumSize: Int {
        fixedSize ?? (self == .string ? 8 : 12)
    }
}
