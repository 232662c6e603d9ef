/// Bytes shared by a file and by everything that reads from it lazily, so that none can outlive them.
///
/// Unchecked: the bytes are never written after the initializer.
final class Storage: @unchecked Sendable {
    private let file: FileBytes

    init(_ file: consuming FileBytes) {
        self.file = file
    }

    var bytes: UnsafeRawBufferPointer { file.bytes }
    var isUnchanged: Bool { file.isUnchanged }

    func openUncached(path: String, direct: Bool) throws(GGUFError) -> UncachedFile? {
        try file.openUncached(path: path, direct: direct)
    }
}
