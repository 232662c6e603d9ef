import Foundation
import Testing
@testable import GGUF

/// Reads `count` bytes from `offset` on into memory that is aligned as such reads want it.
private func read(_ file: borrowing UncachedFile, at offset: Int, _ count: Int) throws(GGUFError) -> [UInt8] {
    let alignment = UncachedFile.alignment
    let size = (count + alignment - 1) / alignment * alignment
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: alignment)
    defer { buffer.deallocate() }
    try file.read(into: buffer, at: offset, needed: count)
    return Array(buffer.prefix(count))
}

private func noFile() { Issue.record("the file cannot be opened a second time") }

@Suite struct UncachedFileTests {
    private static let bytes: [UInt8] = {
        var writer = GGUFWriter()
        writer.add(tensor: "data", shape: [30_000], type: .i8, data: (0..<30_000).map { UInt8(truncatingIfNeeded: $0 * 7 + $0 >> 8) })
        return (try? writer.bytes()) ?? []
    }()

    @Test(arguments: [true, false]) func readsWhatTheMapShows(direct: Bool) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("model.gguf", Self.bytes)
        let file = try GGUFFile(path: path)
        guard let uncached = try file.openUncached(direct: direct) else { return noFile() }
        #expect(direct || !uncached.isDirect)
        for (offset, count) in [(0, 1), (0, 4096), (4096, 5000), (8192, Self.bytes.count - 8192), (0, Self.bytes.count)] {
            #expect(try read(uncached, at: offset, count) == Array(Self.bytes[offset..<offset + count]), "\(count) at \(offset)")
        }
    }

    @Test func readsTheMappedFileAfterItsNameWasGivenToAnother() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("model.gguf", Self.bytes)
        let file = try GGUFFile(path: path)
        try FileManager.default.removeItem(atPath: path)
        _ = try folder.file("model.gguf", smallFile())
        guard let uncached = try file.openUncached() else { return noFile() }
        #expect(try read(uncached, at: 0, 20_000) == Array(Self.bytes[..<20_000]))
    }

    @Test(arguments: [true, false]) func anEndBeforeTheWantedBytesIsAnError(direct: Bool) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("model.gguf", Self.bytes)
        guard let uncached = try GGUFFile(path: path).openUncached(direct: direct) else { return noFile() }
        for length in [0, 100, 4096, 4097, 9000] {
            truncate(path, off_t(length))
            #expect(throws: GGUFError("\(path): ends before byte 12288: it was cut off while in use; copy or download it again")) {
                try read(uncached, at: 4096, 8192)
            }
        }
    }

    @Test func aCopyInMemoryHasNoFile() throws {
        let isNone = try GGUFFile(copying: Self.bytes, path: "copy").openUncached() == nil
        #expect(isNone)
    }

    @Test func addressesOfTheMapHaveOffsets() throws {
        let file = try GGUFFile(copying: Self.bytes, path: "copy")
        let data = file.bytes(of: file.tensors[0])
        let base = try #require(data.baseAddress)
        #expect(file.offset(of: base) == file.tensors[0].offset)
        let start = base - file.tensors[0].offset
        #expect(file.offset(of: start) == 0 && file.offset(of: start + Self.bytes.count - 1) == Self.bytes.count - 1)
        #expect(file.offset(of: start - 1) == nil && file.offset(of: start + Self.bytes.count) == nil)
    }
}
