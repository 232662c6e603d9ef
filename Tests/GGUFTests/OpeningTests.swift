import Foundation
import Testing

@testable import GGUF

/// People name the wrong file. Each gets one line that says what the file is.
struct OpeningTests {
    private func message(_ path: String) -> String? {
        let error = #expect(throws: GGUFError.self) { try GGUFFile(path: path) }
        #expect(error?.description.hasPrefix("\(path): ") == true)
        return error?.description
    }

    /// Named by what is expected: the beginnings of some formats would upset a terminal.
    struct OtherFormat: CustomTestStringConvertible {
        let contents: String
        let expected: String
        var testDescription: String { expected }

        init(_ contents: String, _ expected: String) {
            self.contents = contents
            self.expected = expected
        }
    }

    @Test(arguments: [
        OtherFormat("PK\u{3}\u{4}…", "a zip archive, perhaps a PyTorch checkpoint"),
        OtherFormat("lmgg....", "an old ggml file"),
        OtherFormat("fmgg....", "an old ggmf file"),
        OtherFormat("tjgg....", "an old ggjt file"),
        OtherFormat("algg....", "an old ggla adapter"),
        OtherFormat("\u{18}\u{1}\0\0\0\0\0\0{\"weight\":{}}", "a safetensors file"),
        OtherFormat("version https://git-lfs.github.com/spec/v1", "run `git lfs pull`"),
        OtherFormat("<!DOCTYPE html><html>", "a web page; download the file itself"),
        OtherFormat("<!doctype html><html>", "a web page"),
        OtherFormat("7z¼¯", "is not a GGUF file"),
        OtherFormat("G", "ends inside its magic: it is truncated"),
        OtherFormat("GGU", "ends inside its magic"),
        OtherFormat("GGML model", "does not begin with \"GGUF\""),
        OtherFormat("Dear sir or madam,", "does not begin with \"GGUF\""),
        OtherFormat("GGUF\u{3}\0\0\0\0\0\0\0", "ends inside the tensor count: it is truncated"),
    ])
    func otherFormatIsNamed(file: OtherFormat) throws {
        let folder = try TemporaryFolder()
        let message = message(try folder.file("model.gguf", file.contents.utf8))
        #expect(message?.contains(file.expected) == true, "\(message ?? "")")
    }

    @Test(arguments: [
        ([0x80, 0x02], "a Python pickle"), ([0x1F, 0x8B, 8], "gzip"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "xz"), ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "7-Zip"),
    ] as [([UInt8], String)])
    func otherBinaryFormatIsNamed(contents: [UInt8], expected: String) throws {
        let folder = try TemporaryFolder()
        let message = message(try folder.file("model.gguf", contents))
        #expect(message?.contains(expected) == true, "\(message ?? "")")
    }

    @Test func emptyFileIsRefused() throws {
        let folder = try TemporaryFolder()
        #expect(message(try folder.file("model.gguf"))?.contains("is empty") == true)
    }

    @Test func directoryIsRefused() throws {
        let folder = try TemporaryFolder()
        #expect(message(folder.path)?.contains("is a directory, not a file") == true)
    }

    @Test(.timeLimit(.minutes(20))) func pipeIsRefusedWithoutWaiting() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/pipe"
        #expect(mkfifo(path, 0o600) == 0)
        #expect(message(path)?.contains("is a pipe, not a file") == true)
    }

    @Test func deviceIsRefused() {
        #expect(message("/dev/null")?.contains("is a device, not a file") == true)
    }

    @Test func missingFileIsNamed() {
        #expect(message("/nonexistent/model.gguf")?.contains("cannot open it: No such file or directory") == true)
    }

    @Test func changeOfTheFileIsNoticed() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("model.gguf", smallFile())
        let file = try GGUFFile(path: path)
        try file.checkUnchanged()
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        try handle.truncate(atOffset: 100)
        try handle.close()
        #expect(throws: GGUFError("\(path): was changed while it is in use; start again to read it anew")) {
            try file.checkUnchanged()
        }
    }

    @Test func replacedFileStaysReadable() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("model.gguf", smallFile())
        let file = try GGUFFile(path: path)
        var writer = GGUFWriter()
        writer.set("new", .bool(true))
        try writer.write(to: path)
        try file.checkUnchanged()
        #expect(file.bytes(of: file.tensors[0]).elementsEqual([UInt8](repeating: 1, count: 24)))
        #expect(try GGUFFile(path: path).bool("new") == true)
    }

    @Test func stringsOutliveTheirFile() throws {
        var strings = try GGUFFile(copying: smallFile(), path: "small").strings("b.string")
        #expect(strings?.last.map { $0.elementsEqual("a".utf8) } == true)
        strings = nil
    }
}
