extension MetadataValue {
    /// A value of fixed size, whose bytes the caller has checked to be there.
    static func scalar(_ type: ValueType, _ bytes: UnsafeRawBufferPointer, at offset: Int) -> MetadataValue {
        func load<T: FixedWidthInteger>(_: T.Type) -> T {
            T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
        }
        return switch type {
        case .uint8: .uint8(load(UInt8.self))
        case .int8: .int8(load(Int8.self))
        case .uint16: .uint16(load(UInt16.self))
        case .int16: .int16(load(Int16.self))
        case .uint32: .uint32(load(UInt32.self))
        case .int32: .int32(load(Int32.self))
        case .uint64: .uint64(load(UInt64.self))
        case .int64: .int64(load(Int64.self))
        case .float32: .float32(Float(bitPattern: load(UInt32.self)))
        case .float64: .float64(Double(bitPattern: load(UInt64.self)))
        case .bool, .string, .array: .bool(load(UInt8.self) != 0)
        }
    }
}

extension Cursor {
    /// Arrays in arrays are allowed by the specification and unheard of in models; four deep is plenty.
    private static let deepestArray = 4

    mutating func valueType(_ what: @autoclosure () -> String) throws(GGUFError) -> ValueType {
        let id = try integer(UInt32.self, what())
        guard let type = ValueType(rawValue: id) else {
            throw GGUFError(path, "\(what()) is \(id), which is not a GGUF value type (0 to 12); the file is damaged")
        }
        return type
    }

    /// The type and count before an array's elements. So many elements can still fit in the file.
    mutating func arrayHead(_ owner: String) throws(GGUFError) -> (elementType: ValueType, count: Int) {
        let type = try valueType("the element type of \(owner)")
        return (type, try count(ofAtLeast: type.minimumSize, "the element count of \(owner)"))
    }

    /// Checks an array's elements and steps over them.
    mutating func skipElements(
        _ type: ValueType, count: Int, _ owner: String, depth: Int = 1
    ) throws(GGUFError) {
        switch type {
        case .string:
            try skipStrings(count, owner)
        case .array:
            guard depth < Cursor.deepestArray else {
                throw GGUFError(path, "\(owner) nests arrays more than \(Cursor.deepestArray) deep; the file is damaged")
            }
            for _ in 0..<count {
                let head = try arrayHead("an array in \(owner)")
                try skipElements(head.elementType, count: head.count, owner, depth: depth + 1)
            }
        default:
            // `arrayHead` has checked that the product is no more than the bytes left.
            let elements = try skip(count * type.minimumSize, owner)
            if type == .bool, let wrong = elements.first(where: { $0 > 1 }) {
                throw GGUFError(path, "\(owner) holds a BOOL of \(wrong), not 0 or 1; the file is damaged")
            }
        }
    }

    /// Reads the next value, in bytes that were checked before.
    ///
    /// - Parameter base: where the cursor's bytes begin in the storage.
    mutating func value(of type: ValueType, in storage: Storage, at base: Int) throws(GGUFError) -> MetadataValue {
        switch type {
        case .string:
            return .string(String(decoding: try string("a string"), as: UTF8.self))
        case .array:
            let head = try arrayHead("an array")
            let start = position
            try skipElements(head.elementType, count: head.count, "an array")
            return .array(MetadataArray(
                elementType: head.elementType, count: head.count, storage: storage,
                range: base + start..<base + position))
        default:
            let start = position
            try skip(type.minimumSize, "a value")
            return .scalar(type, bytes, at: start)
        }
    }
}
