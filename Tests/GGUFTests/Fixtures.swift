import Foundation

@testable import GGUF

/// A folder that is removed with its contents.
final class TemporaryFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "gguf-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    func file(_ name: String, _ bytes: some Sequence<UInt8> = []) throws -> String {
        let file = "\(path)/\(name)"
        try Data(bytes).write(to: URL(filePath: file))
        return file
    }

    var contents: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

func encoded(_ value: some MetadataElement) -> [UInt8] {
    var bytes: [UInt8] = []
    value.encode(into: &bytes)
    return bytes
}

/// A small file with a value of every type, an array of every type and three tensors.
func smallFile() throws -> [UInt8] {
    var writer = GGUFWriter()
    writer.set("general.architecture", .string("llama"))
    writer.set("a.uint8", .uint8(200))
    writer.set("a.int8", .int8(-3))
    writer.set("a.uint16", .uint16(60000))
    writer.set("a.int16", .int16(-300))
    writer.set("a.uint32", .uint32(4_000_000_000))
    writer.set("a.int32", .int32(-70000))
    writer.set("a.uint64", .uint64(.max))
    writer.set("a.int64", .int64(.min))
    writer.set("a.float32", .float32(0.5))
    writer.set("a.float64", .float64(1e300))
    writer.set("a.bool", .bool(true))
    writer.set("b.uint8", .array(MetadataArray([1, 2, 3] as [UInt8])))
    writer.set("b.int8", .array(MetadataArray([-1, 2] as [Int8])))
    writer.set("b.uint16", .array(MetadataArray([1] as [UInt16])))
    writer.set("b.int16", .array(MetadataArray([] as [Int16])))
    writer.set("b.uint32", .array(MetadataArray([7, 8] as [UInt32])))
    writer.set("b.int32", .array(MetadataArray([-7, 8] as [Int32])))
    writer.set("b.uint64", .array(MetadataArray([1 << 40] as [UInt64])))
    writer.set("b.int64", .array(MetadataArray([-1 << 40] as [Int64])))
    writer.set("b.float32", .array(MetadataArray([1.5, -2.5] as [Float])))
    writer.set("b.float64", .array(MetadataArray([1.5, -2.5] as [Double])))
    writer.set("b.bool", .array(MetadataArray([true, false])))
    writer.set("b.string", .array(MetadataArray(["▁the", "", "a"])))
    writer.set("b.array", .array(MetadataArray([MetadataArray(["x"]), MetadataArray([1, 2] as [Int32])])))
    writer.add(tensor: "f32", shape: [3, 2], type: .f32, data: [UInt8](repeating: 1, count: 24))
    writer.add(tensor: "q8_0", shape: [32, 2, 1, 1], type: .q8_0, data: [UInt8](repeating: 2, count: 68))
    writer.add(tensor: "q4_k", shape: [256], type: .q4_K, data: [UInt8](repeating: 3, count: 144))
    return try writer.bytes()
}
