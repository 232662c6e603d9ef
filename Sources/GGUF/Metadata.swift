/// The file's keys and values, in the order of the file. Values are made when asked for.
public struct Metadata: Sendable {
    /// A value that was checked and left where it is.
    struct Entry: Sendable {
        let key: String
        let type: ValueType
        /// The value's bytes in the file, without the length of a string and the head of an array.
        let range: Range<Int>
        /// An array's type and count; meaningless for other values.
        var elementType = ValueType.uint8
        var count = 0
    }

    let storage: Storage
    let entries: [Entry]
    private let positions: [String: Int]

    init(entries: [Entry], positions: [String: Int], storage: Storage) {
        self.entries = entries
        self.positions = positions
        self.storage = storage
    }

    public subscript(key: String) -> MetadataValue? {
        positions[key].map { value(of: entries[$0]) }
    }

    private func value(of entry: Entry) -> MetadataValue {
        switch entry.type {
        case .string:
            return .string(String(decoding: storage.bytes[entry.range], as: UTF8.self))
        case .array:
            return .array(MetadataArray(
                elementType: entry.elementType, count: entry.count, storage: storage, range: entry.range))
        default:
            return .scalar(entry.type, storage.bytes, at: entry.range.lowerBound)
        }
    }
}

extension Metadata.Entry {
    /// Hands over the value with its type as they stand in the file, not as they read: a text need not be UTF-8.
    func copy(from storage: Storage, _ sink: (UnsafeRawBufferPointer) throws(GGUFError) -> Void) throws(GGUFError) {
        var head: [UInt8] = []
        type.rawValue.encode(into: &head)
        switch type {
        case .string:
            UInt64(range.count).encode(into: &head)
        case .array:
            elementType.rawValue.encode(into: &head)
            UInt64(count).encode(into: &head)
        default:
            break
        }
        try head.span.bytes.withUnsafeBytes(sink)
        try sink(UnsafeRawBufferPointer(rebasing: storage.bytes[range]))
    }
}

extension Metadata: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { entries.count }

    public subscript(position: Int) -> (key: String, value: MetadataValue) {
        (entries[position].key, value(of: entries[position]))
    }
}
