/// The strings of an array, as bytes in the file: a token is not always whole UTF-8.
///
/// One pass finds where each string lies; none is copied. The pointers live as long as the array or its file.
public struct StringArray: RandomAccessCollection, Sendable {
    private let storage: Storage
    private let start: Int
    /// Where each string's bytes begin, from `start`; one more entry marks where the next would begin.
    private let offsets: [UInt32]

    /// Nil for an array of another type, for one of 4 GiB and more, and where the file was changed since it was checked.
    init?(_ array: MetadataArray) {
        guard array.elementType == .string, array.range.count <= UInt32.max - 8 else { return nil }
        let bytes = array.bytes
        var offsets: [UInt32] = []
        offsets.reserveCapacity(array.count + 1)
        var position = 0
        for _ in 0..<array.count {
            guard bytes.count - position >= 8 else { return nil }
            let length = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            position += 8
            guard length <= UInt64(bytes.count - position) else { return nil }
            offsets.append(UInt32(position))
            position += Int(length)
        }
        offsets.append(UInt32(position + 8))
        storage = array.storage
        start = array.range.lowerBound
        self.offsets = offsets
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { offsets.count - 1 }

    public subscript(index: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: storage.bytes[start + Int(offsets[index])..<start + Int(offsets[index + 1]) - 8])
    }
}
