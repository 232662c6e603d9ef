import Foundation
import Testing

@testable import GGUF

struct WriterTests {
    @Test func writesTheBytesThatItGives() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/model.gguf"
        var writer = GGUFWriter()
        writer.set("k", .string("v"))
        writer.add(tensor: "t", shape: [3], type: .f32, data: [UInt8](1...12))
        try writer.write(to: path)
        #expect(try [UInt8](Data(contentsOf: URL(filePath: path))) == writer.bytes())
        #expect(try folder.contents == ["model.gguf"])
    }

    /// Known bytes, by the specification (docs/gguf.md), not by this package's reader.
    @Test func headerIsLaidOutAsSpecified() throws {
        var writer = GGUFWriter()
        writer.set("k", .uint32(7))
        writer.add(tensor: "t", shape: [2, 1], type: .i8, data: [5, 6])
        let expected: [UInt8] = [
            0x47, 0x47, 0x55, 0x46, 3, 0, 0, 0,  // "GGUF", version 3
            1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,  // one tensor, one key
            1, 0, 0, 0, 0, 0, 0, 0, 0x6B, 4, 0, 0, 0, 7, 0, 0, 0,  // "k", UINT32, 7
            1, 0, 0, 0, 0, 0, 0, 0, 0x74, 2, 0, 0, 0,  // "t", two dimensions
            2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,  // [2, 1]
            24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  // I8, offset 0
        ]
        let bytes = try writer.bytes()
        #expect(Array(bytes.prefix(expected.count)) == expected)
        #expect(bytes.count == 96 + 32 && bytes[expected.count..<96].allSatisfy { $0 == 0 })
        #expect(Array(bytes[96...98]) == [5, 6, 0])
    }

    @Test func tensorMadeInPiecesReadsBack() throws {
        var writer = GGUFWriter()
        writer.add(tensor: "pieces", shape: [100], type: .i8) { sink throws(GGUFError) in
            for start in stride(from: 0, to: 100, by: 33) {
                let piece = (start..<min(100, start + 33)).map { UInt8($0) }
                try piece.span.bytes.withUnsafeBytes(sink)
            }
        }
        let file = try GGUFFile(copying: writer.bytes(), path: "pieces")
        #expect(file.bytes(of: file.tensors[0]).elementsEqual((0..<100).map { UInt8($0) }))
    }

    @Test func failureLeavesTheOldFileAndNoOther() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("model.gguf", smallFile())
        var writer = GGUFWriter()
        writer.add(tensor: "t", shape: [4], type: .f32) { _ throws(GGUFError) in
            throw GGUFError("out of weights")
        }
        #expect(throws: GGUFError("out of weights")) { try writer.write(to: path) }
        #expect(try [UInt8](Data(contentsOf: URL(filePath: path))) == smallFile())
        #expect(try folder.contents == ["model.gguf"])
    }

    @Test func missingFolderIsNamed() {
        let error = #expect(throws: GGUFError.self) { try GGUFWriter().write(to: "/nonexistent/model.gguf") }
        #expect(error?.description == "/nonexistent/model.gguf: cannot write beside it: No such file or directory")
    }

    @Test(arguments: [
        ("t", [3], TensorType.f32, 11, "was given 11 bytes; its shape takes 12"),
        ("t", [33], .q8_0, 34, "rows of 33 weights"),
        ("t", [], .f32, 0, "has 0 dimensions"),
        ("t", [1, 0], .f32, 0, "has a dimension of 0"),
        ("t", [1, -1], .f32, 0, "has a dimension of -1"),
        ("t", [1, 1, 1, 1, 1], .f32, 4, "has 5 dimensions"),
        ("t", [.max], .f32, 0, "is larger than any file"),
        ("t", [.max], .i8, 0, "makes the file larger than any"),
        ("", [1], .i8, 1, "not 1 to 64 bytes long"),
        ("twice", [1], .i8, 1, "is given twice"),
    ] as [(String, [Int], TensorType, Int, String)])
    func impossibleTensorIsRefused(name: String, shape: [Int], type: TensorType, count: Int, message: String) {
        var writer = GGUFWriter()
        writer.add(tensor: "twice", shape: [1], type: .i8, data: [1])
        writer.add(tensor: name, shape: shape, type: type, data: [UInt8](repeating: 0, count: count))
        let error = #expect(throws: GGUFError.self) { try writer.bytes() }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: [0, 3, -8, 4, 1 << 17, .max])
    func impossibleAlignmentIsRefused(alignment: Int) {
        #expect(throws: GGUFError.self) { try GGUFWriter(alignment: alignment).bytes() }
    }

    @Test func lastValueOfAKeyCounts() throws {
        var writer = GGUFWriter()
        writer.set("a", .uint32(1))
        writer.set("b", .uint32(2))
        writer.set("a", .string("x"))
        let file = try GGUFFile(copying: writer.bytes(), path: "set")
        #expect(file.metadata.map(\.key) == ["a", "b"])
        #expect(try file.string("a") == "x")
    }

    /// A text that is not UTF-8 reads with replacements, but is copied as it is.
    @Test func metadataOfAnotherFileIsCopiedByteForByte() throws {
        var raw = RawFile()
        raw.metadata = [
            RawFile.Entry("text", type: 8, encoded(UInt64(3)) + [0x61, 0xFF, 0x62]),
            RawFile.Entry("texts", type: 9, encoded(UInt32(8)) + encoded(UInt64(1)) + encoded(UInt64(1)) + [0xFE]),
            RawFile.Entry("number", .float32(1.5)),
            RawFile.Entry("flag", .bool(true)),
        ]
        var writer = GGUFWriter()
        writer.set(all: try GGUFFile(copying: raw.bytes, path: "raw").metadata)
        #expect(try Array(writer.bytes().prefix(raw.bytes.count)) == raw.bytes)
        writer.set("number", .uint8(1))
        let file = try GGUFFile(copying: writer.bytes(), path: "copy")
        #expect(file.metadata.map(\.key) == ["text", "texts", "number", "flag"])
        #expect(file.metadata["number"] == .uint8(1))
    }

    @Test(arguments: [".", "/dev/null"]) func onlyAFileIsReplaced(path: String) {
        let error = #expect(throws: GGUFError.self) { try GGUFWriter().write(to: path) }
        #expect(error?.description.hasSuffix("not a file; name the file to write") == true)
    }

    @Test func aFullDiskShowsBeforeTheWork() throws {
        let folder = try TemporaryFolder()
        var writer = GGUFWriter()
        writer.add(tensor: "t", shape: [1 << 55], type: .i8) { _ throws(GGUFError) in
            Issue.record("the work has begun")
        }
        let error = #expect(throws: GGUFError.self) { try writer.write(to: "\(folder.path)/model.gguf") }
        #expect(error?.description.contains("takes 36028797018964032 bytes and its disk has ") == true, "\(error?.description ?? "")")
        #expect(try folder.contents == [])
    }
}
