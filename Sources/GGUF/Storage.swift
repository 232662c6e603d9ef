/// Bytes shared by a file and by everything that reads from it lazily, so that none can outlive them.
///
/// Unchecked: the bytes are never written after the initializer.
final class Storage: @unchecked Sendable {
    private let file: FileBytes

    init(_ file: consuming FileBytes) {
        self.file = file
    }

    var bytes: UnsafeRawBufferPointer { file.bytes }
    func advise(_ part: UnsafeRawBufferPointer, _ advice: CInt) { file.advise(part, advice) }
    var isUnchanged: Bool { file.isUnchanged }
    var isCutOff: Bool { file.isCutOff }

    func openUncached(path: String, direct: Bool) throws(GGUFError) -> UncachedFile? {
        try file.openUncached(path: path, direct: direct)
    }
}
