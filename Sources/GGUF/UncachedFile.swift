import Glibc

/// Reads a mapped file once more, past the page cache: what is read in a circle and is larger than memory would only push
/// out what is worth keeping.
public struct UncachedFile: ~Copyable, Sendable {
    /// What offsets, lengths and addresses are multiples of. Enough for every file system: blocks of devices have 512 or 4096 bytes.
    public static let alignment = 4096

    /// `O_DIRECT`, which Swift's Glibc does not show: asm/fcntl.h of the architecture, or asm-generic's.
    #if arch(arm64) || arch(arm)
    private static let directFlag: CInt = 0o200000
    #else
    private static let directFlag: CInt = 0o40000
    #endif

    private let path: String
    private let descriptor: CInt
    /// True where reads go from the device into the buffer (`O_DIRECT`). File systems that cannot do that are read through the
    /// page cache, which is told to forget the range at once.
    public let isDirect: Bool

    /// Opens the very file that `original` has open, whatever its path names by now.
    init(_ original: CInt, path: String, direct: Bool) throws(GGUFError) {
        self.path = path
        let name = "/proc/self/fd/\(original)"
        if direct, let descriptor = Self.openDirect(name) {
            self.descriptor = descriptor
            isDirect = true
            return
        }
        descriptor = open(name, O_RDONLY | O_CLOEXEC)
        isDirect = false
        guard descriptor >= 0 else { throw systemError(path, "cannot open it a second time") }
        // No reading ahead beyond what is asked for.
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_RANDOM)
    }

    deinit {
        close(descriptor)
    }

    /// Nil where the file system refuses: some when opening, some only when reading.
    private static func openDirect(_ name: String) -> CInt? {
        let descriptor = open(name, O_RDONLY | O_CLOEXEC | directFlag)
        guard descriptor >= 0 else { return nil }
        let block = UnsafeMutableRawPointer.allocate(byteCount: alignment, alignment: alignment)
        defer { block.deallocate() }
        guard pread(descriptor, block, alignment, 0) >= 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    /// Fills `buffer` from `offset` on; its address and size, and the offset, are multiples of `alignment`.
    ///
    /// - Parameter needed: bytes that must be there; what lies behind may be cut off by the end of the file.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int, needed: Int) throws(GGUFError) {
        var done = 0
        while done < needed {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw systemError(path, "cannot read \(needed) bytes at \(offset)") }
            // A direct read that ends between blocks has met the end of the file: the next would not be aligned.
            guard count > 0, !isDirect || count % Self.alignment == 0 || done + count >= needed else {
                throw GGUFError(path, "ends before byte \(offset + needed): it was cut off while in use; copy or download it again")
            }
            done += count
        }
        if !isDirect { posix_fadvise(descriptor, off_t(offset), off_t(done), POSIX_FADV_DONTNEED) }
    }
}
