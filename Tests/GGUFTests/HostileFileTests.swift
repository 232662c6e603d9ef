import Testing

@testable import GGUF

/// One case for each way in which a file's header can lie, with the message that its reader gets.
struct HostileFileTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let file: RawFile
        let message: String
        var testDescription: String { name }

        init(_ name: String, _ file: RawFile, _ message: String) {
            self.name = name
            self.file = file
            self.message = message
        }
    }

    @Test(arguments: header + metadata + tensors + alignment)
    func refused(_ hostile: Case) {
        let error = #expect(throws: GGUFError.self) {
            try GGUFFile(copying: hostile.file.bytes, path: "model.gguf")
        }
        #expect(error?.description.hasPrefix("model.gguf: ") == true)
        #expect(error?.description.contains(hostile.message) == true, "\(error?.description ?? "it opened")")
    }

    @Test func harmlessFileOfTheSameMakeOpens() throws {
        let raw = RawFile(
            metadata: [.init("k", .string("v")), .init("general.alignment", .uint32(64))],
            tensors: [.init("a", [2, 2]), .init("b", [1], offset: 64)], dataCount: 68, alignment: 64)
        let file = try GGUFFile(copying: raw.bytes, path: "model.gguf")
        #expect(file.tensors.map(\.byteCount) == [16, 4] && file.alignment == 64)
    }

    @Test func arraysMayNestFourDeep() throws {
        let raw = RawFile(metadata: [.init("k", type: 9, nested(4))])
        #expect(try GGUFFile(copying: raw.bytes, path: "model.gguf").metadata.count == 1)
    }

    static let header = [
        Case("empty magic", RawFile(magic: []), "does not begin with"),
        Case("GGUF version 0", RawFile(version: 0), "is GGUF version 0; versions 2 and 3 are read"),
        Case("GGUF version 1", RawFile(version: 1), "is GGUF version 1"),
        Case("a version from the future", RawFile(version: 4), "is GGUF version 4"),
        Case("big-endian version 2", RawFile(version: 0x0200_0000), "is a big-endian GGUF file"),
        Case("big-endian version 3", RawFile(version: 0x0300_0000), "is a big-endian GGUF file"),
        Case("2^63 tensors", RawFile(tensorCount: 1 << 63), "the tensor count is 9223372036854775808, more than"),
        Case("2^64-1 tensors", RawFile(tensorCount: .max), "the tensor count is 18446744073709551615"),
        Case("2^63 keys", RawFile(metadataCount: 1 << 63), "the metadata count is 9223372036854775808, more than"),
        Case("2^63-1 keys", RawFile(metadataCount: (1 << 63) - 1), "the metadata count is 9223372036854775807"),
        Case("one tensor more than there are", RawFile(tensorCount: 1), "the tensor count is 1, more than"),
        Case("one key more than there are",
            RawFile(metadata: [.init("k", .uint64(0))], metadataCount: 2, trailing: 20), "key 1 has an empty name"),
    ]

    static let metadata = [
        Case("a key of 2^63 bytes", RawFile(metadata: [.init(keyLength: 1 << 63)]), "the name of key 0 is 9223372036854775808"),
        Case("a key of 2^64-1 bytes", RawFile(metadata: [.init(keyLength: .max)]), "the name of key 0 is 1844674407370955"),
        Case("an empty key", RawFile(metadata: [.init("", .uint32(1))]), "key 0 has an empty name"),
        Case("a key of 65536 bytes",
            RawFile(metadata: [.init(String(repeating: "k", count: 65536), .uint32(1))]), "more than 65535"),
        Case("a key that is not UTF-8", RawFile(metadata: [.init(key: [0xFF], type: 0, [0])]), "is not UTF-8"),
        Case("a key that comes twice",
            RawFile(metadata: [.init("k", .uint32(1)), .init("k", .bool(true))]), "key 'k' occurs twice"),
        Case("a value type of 13", RawFile(metadata: [.init("k", type: 13, [0])]), "the type of key 'k' is 13, which is not"),
        Case("a value type of 2^32-1", RawFile(metadata: [.init("k", type: .max, [0])]), "is 4294967295, which is not"),
        Case("a BOOL of 2", RawFile(metadata: [.init("k", type: 7, [2])]), "holds a BOOL of 2"),
        Case("a BOOL of 255 in an array",
            RawFile(metadata: [.init("k", type: 9, encoded(UInt32(7)) + encoded(UInt64(2)) + [1, 255])]), "BOOL of 255"),
        Case("a string of 2^63 bytes",
            RawFile(metadata: [.init("k", type: 8, encoded(UInt64(1) << 63))]), "the length of key 'k' is 9223372036854775808"),
        Case("a string one byte longer than the file",
            RawFile(metadata: [.init("k", type: 8, encoded(UInt64(3)) + [65, 66])]), "the length of key 'k' is 3, more than the 2"),
        Case("an array of type 13",
            RawFile(metadata: [.init("k", type: 9, encoded(UInt32(13)) + encoded(UInt64(0)))]), "the element type of key 'k' is 13"),
        Case("an array of 2^63 bytes",
            RawFile(metadata: [.init("k", type: 9, encoded(UInt32(0)) + encoded(UInt64(1) << 63))]), "the element count of key 'k'"),
        Case("an array whose size in bytes overflows to 0",
            RawFile(metadata: [.init("k", type: 9, encoded(UInt32(10)) + encoded(UInt64(1) << 61))]), "the element count of key 'k'"),
        Case("2^61 strings",
            RawFile(metadata: [.init("k", type: 9, encoded(UInt32(8)) + encoded(UInt64(1) << 61))]), "the element count of key 'k'"),
        Case("a token of 2^63 bytes",
            RawFile(metadata: [.init("k", type: 9, encoded(UInt32(8)) + encoded(UInt64(1)) + encoded(UInt64(1) << 63))]),
            "the length of a string of key 'k' is 9223372036854775808"),
        Case("a token one byte longer than the file",
            RawFile(metadata: [.init("k", type: 9, encoded(UInt32(8)) + encoded(UInt64(1)) + encoded(UInt64(1)))]),
            "the length of a string of key 'k' is 1, more than the 0"),
        Case("arrays nested five deep", RawFile(metadata: [.init("k", type: 9, nested(5))]), "nests arrays more than 4 deep"),
        Case("arrays nested ten thousand deep", RawFile(metadata: [.init("k", type: 9, nested(10000))]), "nests arrays"),
        Case("a key that writes to the terminal",
            RawFile(metadata: [.init("\u{1B}]0;title\u{7}", type: 99, [0])]), "key '\\u{1B}]0;title\\u{7}' is 99"),
    ]

    static let tensors = [
        Case("an empty tensor name", RawFile(tensors: [.init("", [1])], dataCount: 4), "tensor 0 has an empty name"),
        Case("a tensor name of 65 bytes",
            RawFile(tensors: [.init(String(repeating: "t", count: 65), [1])], dataCount: 4), "name of 65 bytes, more than 64"),
        Case("a tensor that comes twice",
            RawFile(tensors: [.init("t", [1]), .init("t", [1], offset: 32)], dataCount: 64), "tensor 't' occurs twice"),
        Case("no dimensions", RawFile(tensors: [.init("t", [])], dataCount: 64), "tensor 't' has 0 dimensions"),
        Case("five dimensions", RawFile(tensors: [.init("t", [1, 1, 1, 1, 1])], dataCount: 64), "tensor 't' has 5 dimensions"),
        Case("2^32-1 dimensions",
            RawFile(tensors: [.init("t", [1], dimensionCount: .max)], dataCount: 64), "tensor 't' has 4294967295 dimensions"),
        Case("a dimension of zero", RawFile(tensors: [.init("t", [4, 0])], dataCount: 64), "tensor 't' has a dimension of 0"),
        Case("a dimension of 2^63",
            RawFile(tensors: [.init("t", [1 << 63])], dataCount: 64), "tensor 't' has a dimension of 9223372036854775808"),
        Case("dimensions whose product overflows to 0",
            RawFile(tensors: [.init("t", [1 << 32, 1 << 32])], dataCount: 64), "tensor 't' is larger than any file"),
        Case("dimensions whose product overflows to 4",
            RawFile(tensors: [.init("t", [4, (1 << 62) + 1])], dataCount: 64), "tensor 't' is larger than any file"),
        Case("bytes that overflow though the weights do not",
            RawFile(tensors: [.init("t", [1 << 62])], dataCount: 64), "tensor 't' is larger than any file"),
        Case("a row that is not whole blocks",
            RawFile(tensors: [.init("t", [33, 32], type: 8)], dataCount: 4096), "rows of 33 weights, which Q8_0's block of 32"),
        Case("type 43", RawFile(tensors: [.init("t", [1], type: 43)], dataCount: 64), "is of unknown type 43"),
        Case("type 2^32-1", RawFile(tensors: [.init("t", [1], type: .max)], dataCount: 64), "is of unknown type 4294967295"),
    ] + [(4, "Q4_2"), (5, "Q4_3"), (31, "Q4_0_4_4"), (32, "Q4_0_4_8"), (33, "Q4_0_8_8"),
        (36, "IQ4_NL_4_4"), (37, "IQ4_NL_4_8"), (38, "IQ4_NL_8_8")].map { (id: UInt32, name: String) in
        Case("removed type \(name)",
            RawFile(tensors: [.init("t", [256], type: id)], dataCount: 4096), "is of type \(name), which ggml has removed")
    } + [
        Case("a tensor past the end of the file",
            RawFile(tensors: [.init("t", [17])], dataCount: 64), "tensor 't' ends at byte 132, but the file has 128: it is truncated"),
        Case("an offset past the end",
            RawFile(tensors: [.init("t", [1], offset: 4096)], dataCount: 64), "but the file has 128"),
        Case("an offset of 2^63",
            RawFile(tensors: [.init("t", [1], offset: 1 << 63)], dataCount: 64), "but the file has 128"),
        Case("an offset that overflows",
            RawFile(tensors: [.init("t", [1], offset: .max - 31)], dataCount: 64), "an offset of 18446744073709551584, beyond any file"),
        Case("an offset off the alignment",
            RawFile(tensors: [.init("t", [1], offset: 4)], dataCount: 64), "not a multiple of the alignment 32"),
        Case("two tensors in one place",
            RawFile(tensors: [.init("t", [1]), .init("u", [1])], dataCount: 64), "'t' and 'u' overlap"),
        Case("tensors that overlap out of order",
            RawFile(tensors: [.init("t", [1], offset: 32), .init("u", [16])], dataCount: 64), "'u' and 't' overlap"),
    ]

    static let alignment = [
        (MetadataValue.uint32(0), "is 0, not a power of two"),
        (.uint32(1), "is 1, not"),
        (.uint32(33), "is 33, not"),
        (.uint32(48), "is 48, not"),
        (.uint32(1 << 17), "is 131072, not"),
        (.uint32(1 << 31), "is 2147483648, not"),
        (.uint32(.max), "is 4294967295, not"),
        (.uint64(32), "is of type UINT64, not UINT32"),
        (.int32(-32), "is of type INT32"),
        (.string("32"), "is of type STRING"),
        (.float32(32), "is of type FLOAT32"),
        (.bool(true), "is of type BOOL"),
        (.array(MetadataArray([32] as [UInt32])), "is of type ARRAY"),
    ].map { (value: MetadataValue, message: String) in
        Case("alignment \(value.type.name) \(value)",
            RawFile(metadata: [.init("general.alignment", value)], tensors: [.init("t", [1])], dataCount: 64),
            "general.alignment \(message)")
    }
}

/// The bytes of a value of type ARRAY that holds arrays of one array each, `depth` deep.
private func nested(_ depth: Int) -> [UInt8] {
    let outer = encoded(UInt32(9)) + encoded(UInt64(1))
    return (1..<depth).flatMap { _ in outer } + encoded(UInt32(0)) + encoded(UInt64(0))
}
