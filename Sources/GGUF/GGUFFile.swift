import Glibc

/// A GGUF file of version 2 or 3, little-endian, mapped read-only and checked.
///
/// Everything in the file is taken for hostile: once the initializer has returned, every tensor lies inside the file,
/// aligned and apart from all others, and every metadata value can be read. Format:
/// github.com/ggml-org/ggml, docs/gguf.md.
///
/// If another process makes the file shorter while it is mapped, reading the lost part raises SIGBUS, which ends the program. After
/// `surviveCutOffs()` zeros are read instead, and `checkNotCutOff()` tells whether any may have been; `checkUnchanged()` tells
/// before a long piece of work. Whoever replaces a model should write beside it and rename, as `GGUFWriter` does: a map keeps the old file.
public final class GGUFFile: Sendable {
    public let path: String
    /// 2 or 3.
    public let version: UInt32
    /// The tensors' alignment in the file, in bytes: a power of two from 8 to 65536.
    public let alignment: Int
    public let metadata: Metadata
    /// In the order of the file.
    public let tensors: [TensorInfo]
    private let positions: [String: Int]
    private let storage: Storage

    /// Maps the file and checks everything that the format promises.
    public convenience init(path: String) throws(GGUFError) {
        try self.init(Storage(FileBytes(mapping: path)), path: path)
    }

    /// Reads a file that lies in memory; `path` names it in errors.
    convenience init(copying bytes: some Collection<UInt8>, path: String) throws(GGUFError) {
        try self.init(Storage(FileBytes(copying: bytes)), path: path)
    }

    private init(_ storage: Storage, path: String) throws(GGUFError) {
        var cursor = Cursor(storage.bytes, path: path)
        let header = try cursor.header()
        let (entries, keys) = try cursor.metadataEntries(count: header.metadataCount)
        metadata = Metadata(entries: entries, positions: keys, storage: storage)
        alignment = try checkedAlignment(metadata["general.alignment"], path: path)
        (tensors, positions) = try cursor.tensorInfos(count: header.tensorCount, alignment: alignment)
        version = header.version
        self.path = path
        self.storage = storage
    }

    public func tensor(_ name: String) -> TensorInfo? {
        positions[name].map { tensors[$0] }
    }

    /// The tensor's bytes in the map. They live as long as the file object.
    ///
    /// - Parameter tensor: one of this file's.
    public func bytes(of tensor: TensorInfo) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: storage.bytes[tensor.offset..<tensor.offset + tensor.byteCount])
    }

    /// Where in the file an address in its map lies; nil for any other address.
    public func offset(of address: UnsafeRawPointer) -> Int? {
        guard let base = storage.bytes.baseAddress else { return nil }
        let offset = address - base
        return storage.bytes.indices.contains(offset) ? offset : nil
    }

    /// The file once more, to be read past the page cache; nil where this is a copy in memory, which has no file.
    ///
    /// - Parameter direct: false: through the page cache, as where the file system has no direct reads.
    public func openUncached(direct: Bool = true) throws(GGUFError) -> UncachedFile? {
        try storage.openUncached(path: path, direct: direct)
    }

    /// Begins to read what will soon be needed of a tensor's bytes, and does not wait for it.
    public func readAhead(_ bytes: UnsafeRawBufferPointer) {
        storage.advise(bytes, MADV_WILLNEED)
    }

    /// Gives back the memory of the file from its beginning through these bytes, so that a pass over it holds little of it. What is
    /// wanted again is read anew. Not of the bytes alone: the kernel maps neighbours with them, which would add up.
    public func forget(through bytes: UnsafeRawBufferPointer) {
        guard let end = bytes.baseAddress.map({ $0 + bytes.count }), let start = storage.bytes.baseAddress else { return }
        storage.advise(UnsafeRawBufferPointer(start: start, count: end - start), MADV_DONTNEED)
    }

    /// Lets the lost part of a file that is cut off while it is mapped read as zeros. A handler of SIGBUS that is there already gets the
    /// faults of other memory; one that is put later comes first.
    public static func surviveCutOffs() { MapGuard.install() }

    /// Throws when a part of the file was lost since it was mapped: what was read of it may be zeros.
    public func checkNotCutOff() throws(GGUFError) {
        guard !storage.isCutOff else {
            throw GGUFError(path, "was cut off while it is in use; copy or download it again")
        }
    }

    /// Throws when the file's size or time of change is no longer that of the moment it was mapped.
    public func checkUnchanged() throws(GGUFError) {
        guard storage.isUnchanged else {
            throw GGUFError(path, "was changed while it is in use; start again to read it anew")
        }
    }
}
