/// Metadata by type. Each is nil where the key is absent, and throws where the value is of another type or does not fit.
extension GGUFFile {
    /// A value of any integer type.
    public func int(_ key: String) throws(GGUFError) -> Int? {
        try read(key, "an integer that fits 64 bits", \.int)
    }

    /// A FLOAT32, a FLOAT64 or an integer.
    public func float(_ key: String) throws(GGUFError) -> Float? {
        try read(key, "a number that fits 32-bit floating point", \.float)
    }

    public func bool(_ key: String) throws(GGUFError) -> Bool? {
        try read(key, "a BOOL") { if case .bool(let value) = $0 { value } else { nil } }
    }

    /// A text. What is not UTF-8 in it is replaced by U+FFFD.
    public func string(_ key: String) throws(GGUFError) -> String? {
        try read(key, "a STRING") { if case .string(let value) = $0 { value } else { nil } }
    }

    /// An array of strings, such as a vocabulary: none of them is copied.
    public func strings(_ key: String) throws(GGUFError) -> StringArray? {
        try read(key, "an array of strings below 4 GiB") {
            if case .array(let array) = $0 { StringArray(array) } else { nil }
        }
    }

    /// An array of any integer type.
    public func ints(_ key: String) throws(GGUFError) -> [Int]? {
        try read(key, "an array of integers that fit 64 bits") {
            if case .array(let array) = $0 { array.ints } else { nil }
        }
    }

    /// An array of BOOL.
    public func bools(_ key: String) throws(GGUFError) -> [Bool]? {
        try read(key, "an array of BOOL") {
            if case .array(let array) = $0 { array.bools } else { nil }
        }
    }

    /// An array of any number type.
    public func floats(_ key: String) throws(GGUFError) -> [Float]? {
        try read(key, "an array of numbers that fit 32-bit floating point") {
            if case .array(let array) = $0 { array.floats } else { nil }
        }
    }

    private func read<Value>(
        _ key: String, _ expected: String, _ convert: (MetadataValue) -> Value?
    ) throws(GGUFError) -> Value? {
        guard let value = metadata[key] else { return nil }
        guard let converted = convert(value) else {
            throw GGUFError(path, "key \(quoted(key)) is \(value.type.name) \(value), not \(expected)")
        }
        return converted
    }
}

extension MetadataArray {
    fileprivate var ints: [Int]? {
        switch elementType {
        case .uint8: numbers(UInt8.self)
        case .int8: numbers(Int8.self)
        case .uint16: numbers(UInt16.self)
        case .int16: numbers(Int16.self)
        case .uint32: numbers(UInt32.self)
        case .int32: numbers(Int32.self)
        case .uint64: numbers(UInt64.self)
        case .int64: numbers(Int64.self)
        default: nil
        }
    }

    fileprivate var bools: [Bool]? {
        guard elementType == .bool else { return nil }
        return bytes.map { $0 != 0 }
    }

    fileprivate var floats: [Float]? {
        let bytes = bytes
        switch elementType {
        case .float32:
            return (0..<count).map {
                Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
            }
        case .float64:
            let values = values().compactMap(\.float)
            return values.count == count ? values : nil
        default:
            return ints?.map { Float($0) }
        }
    }

    private func numbers<T: FixedWidthInteger>(_: T.Type) -> [Int]? {
        let bytes = bytes
        var result: [Int] = []
        result.reserveCapacity(count)
        for index in 0..<count {
            let offset = index * MemoryLayout<T>.size
            let value = T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
            guard let value = Int(exactly: value) else { return nil }
            result.append(value)
        }
        return result
    }
}
