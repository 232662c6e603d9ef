@testable import GGUF

/// A GGUF file put together without any check, so that every field can lie.
struct RawFile: Sendable {
    struct Entry: Sendable {
        let bytes: [UInt8]

        init(_ key: String, _ value: MetadataValue) {
            var bytes = encoded(key) + encoded(value.type.rawValue)
            value.encode(into: &bytes)
            self.bytes = bytes
        }

        init(_ key: String, type: UInt32, _ value: [UInt8]) {
            bytes = encoded(key) + encoded(type) + value
        }

        init(key: [UInt8], type: UInt32, _ value: [UInt8]) {
            bytes = encoded(UInt64(key.count)) + key + encoded(type) + value
        }

        /// A key that claims a length, with 64 bytes after it.
        init(keyLength: UInt64) {
            bytes = encoded(keyLength) + [UInt8](repeating: 0x41, count: 64)
        }
    }

    struct Tensor: Sendable {
        let bytes: [UInt8]

        init(_ name: String, _ shape: [UInt64], type: UInt32 = 0, offset: UInt64 = 0, dimensionCount: UInt32? = nil) {
            bytes = encoded(name) + encoded(dimensionCount ?? UInt32(shape.count)) + shape.flatMap { encoded($0) }
                + encoded(type) + encoded(offset)
        }
    }

    var magic = Array("GGUF".utf8)
    var version: UInt32 = 3
    var metadata: [Entry] = []
    var tensors: [Tensor] = []
    var metadataCount: UInt64?
    var tensorCount: UInt64?
    /// Zeros after the next multiple of the alignment.
    var dataCount = 0
    var alignment = 32
    /// Zeros right after the table of tensors.
    var trailing = 0

    var bytes: [UInt8] {
        var bytes = magic + encoded(version) + encoded(tensorCount ?? UInt64(tensors.count))
            + encoded(metadataCount ?? UInt64(metadata.count))
        bytes += metadata.flatMap(\.bytes)
        bytes += tensors.flatMap(\.bytes)
        bytes += [UInt8](repeating: 0, count: trailing)
        if dataCount > 0 {
            bytes += [UInt8](repeating: 0, count: (alignment - bytes.count % alignment) % alignment + dataCount)
        }
        return bytes
    }
}
