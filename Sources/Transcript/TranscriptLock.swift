import Glibc

/// One typewriter keeps its transcripts in a database at a time; the lock is gone with its process, however that ends.
public struct TranscriptLock: ~Copyable, Sendable {
    private let descriptor: Int32

    /// - Parameter path: of the database; the lock is a file beside it.
    /// - Throws: when another process has it.
    public init(_ path: String) throws(TranscriptError) {
        let lock = path + ".lock"
        // Whoever throws when `self` is whole is also deinitialized, and would close it twice.
        let opened = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard opened >= 0 else { throw TranscriptError("\(lock): \(String(cString: strerror(errno)))") }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            close(opened)
            throw TranscriptError("\(path) is in use by another typewriter; give one of them another state.directory")
        }
        descriptor = opened
    }

    deinit { close(descriptor) }
}
