/// What an array to be written can be made of.
public protocol MetadataElement {
    static var valueType: ValueType { get }
    /// Appends the value in the encoding of the file.
    func encode(into bytes: inout [UInt8])
}

extension MetadataElement where Self: FixedWidthInteger {
    public func encode(into bytes: inout [UInt8]) {
        withUnsafeBytes(of: littleEndian) { bytes.append(contentsOf: $0) }
    }
}

extension UInt8: MetadataElement { public static var valueType: ValueType { .uint8 } }
extension Int8: MetadataElement { public static var valueType: ValueType { .int8 } }
extension UInt16: MetadataElement { public static var valueType: ValueType { .uint16 } }
extension Int16: MetadataElement { public static var valueType: ValueType { .int16 } }
extension UInt32: MetadataElement { public static var valueType: ValueType { .uint32 } }
extension Int32: MetadataElement { public static var valueType: ValueType { .int32 } }
extension UInt64: MetadataElement { public static var valueType: ValueType { .uint64 } }
extension Int64: MetadataElement { public static var valueType: ValueType { .int64 } }

extension Float: MetadataElement {
    public static var valueType: ValueType { .float32 }
    public func encode(into bytes: inout [UInt8]) { bitPattern.encode(into: &bytes) }
}

extension Double: MetadataElement {
    public static var valueType: ValueType { .float64 }
    public func encode(into bytes: inout [UInt8]) { bitPattern.encode(into: &bytes) }
}

extension Bool: MetadataElement {
    public static var valueType: ValueType { .bool }
    public func encode(into bytes: inout [UInt8]) { bytes.append(self ? 1 : 0) }
}

extension String: MetadataElement {
    public static var valueType: ValueType { .string }
    public func encode(into bytes: inout [UInt8]) {
        UInt64(utf8.count).encode(into: &bytes)
        bytes.append(contentsOf: utf8)
    }
}

extension MetadataArray: MetadataElement {
    public static var valueType: ValueType { .array }
    public func encode(into bytes: inout [UInt8]) {
        elementType.rawValue.encode(into: &bytes)
        UInt64(count).encode(into: &bytes)
        bytes.append(contentsOf: self.bytes)
    }
}

extension MetadataValue {
    /// Appends the value, without its type, in the encoding of the file.
    func encode(into bytes: inout [UInt8]) {
        switch self {
        case .uint8(let value): value.encode(into: &bytes)
        case .int8(let value): value.encode(into: &bytes)
        case .uint16(let value): value.encode(into: &bytes)
        case .int16(let value): value.encode(into: &bytes)
        case .uint32(let value): value.encode(into: &bytes)
        case .int32(let value): value.encode(into: &bytes)
        case .uint64(let value): value.encode(into: &bytes)
        case .int64(let value): value.encode(into: &bytes)
        case .float32(let value): value.encode(into: &bytes)
        case .float64(let value): value.encode(into: &bytes)
        case .bool(let value): value.encode(into: &bytes)
        case .string(let value): value.encode(into: &bytes)
        case .array(let value): value.encode(into: &bytes)
        }
    }
}
