/// An array of metadata values of one type, kept as the bytes of the file until somebody asks for them.
///
/// A vocabulary of 262 thousand tokens costs nothing to open this way.
public struct MetadataArray: Sendable {
    public let elementType: ValueType
    public let count: Int
    let storage: Storage
    /// Where the elements lie in the storage.
    let range: Range<Int>

    init(elementType: ValueType, count: Int, storage: Storage, range: Range<Int>) {
        self.elementType = elementType
        self.count = count
        self.storage = storage
        self.range = range
    }

    /// An array to write.
    public init<Element: MetadataElement>(_ elements: [Element]) {
        var bytes: [UInt8] = []
        for element in elements {
            element.encode(into: &bytes)
        }
        self.init(
            elementType: Element.valueType, count: elements.count,
            storage: Storage(FileBytes(copying: bytes)), range: 0..<bytes.count)
    }

    /// The elements in the encoding of the file.
    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: storage.bytes[range])
    }

    /// The first elements, at most `limit` of them.
    ///
    /// Fewer come back only where the file was changed while it is mapped.
    public func values(limit: Int = .max) -> [MetadataValue] {
        var cursor = Cursor(bytes, path: "")
        var values: [MetadataValue] = []
        while values.count < min(limit, count),
            let value = try? cursor.value(of: elementType, in: storage, at: range.lowerBound)
        {
            values.append(value)
        }
        return values
    }
}

extension MetadataArray: Equatable {
    /// True where the file's bytes are the same.
    public static func == (left: MetadataArray, right: MetadataArray) -> Bool {
        left.elementType == right.elementType && left.count == right.count
            && left.bytes.elementsEqual(right.bytes)
    }
}

extension MetadataArray: CustomStringConvertible {
    public var description: String {
        let shown = values(limit: 6).map(\.description).joined(separator: ", ")
        return "\(count) \(elementType.name) [\(shown)\(count > 6 ? ", …" : "")]"
    }
}
