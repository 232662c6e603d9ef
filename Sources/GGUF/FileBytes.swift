import Glibc

/// The bytes of a file, mapped read-only, or of a copy in memory. The owner of both the map and the descriptor.
struct FileBytes: ~Copyable {
    let bytes: UnsafeRawBufferPointer
    /// The open file with the size and the time of its last change when it was mapped; nil for a copy in memory.
    private let source: (descriptor: CInt, size: Int, changed: timespec)?
    private let mapGuard: MapGuard?

    /// Maps a regular file. Never waits, whatever the path names.
    init(mapping path: String) throws(GGUFError) {
        // O_NONBLOCK: opening a pipe must not wait for its writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw systemError(path, "cannot open it") }
        do throws(GGUFError) {
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw systemError(path, "cannot read its size") }
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw GGUFError(path, "is \(kindName(status.st_mode)), not a file; name the .gguf file itself")
            }
            let size = Int(status.st_size)
            guard size > 0 else { throw GGUFError(path, "is empty; copy or download it again") }
            guard let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
                throw systemError(path, "cannot map its \(size) bytes")
            }
            bytes = UnsafeRawBufferPointer(start: base, count: size)
            source = (descriptor, size, status.st_mtim)
            mapGuard = MapGuard(bytes)
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// A copy of bytes, aligned as a map would be for every alignment up to 64.
    init(copying contents: some Collection<UInt8>) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: contents.count, alignment: 64)
        copy.copyBytes(from: contents)
        bytes = UnsafeRawBufferPointer(copy)
        source = nil
        mapGuard = nil
    }

    deinit {
        mapGuard?.release()
        if let source {
            munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
            close(source.descriptor)
        } else {
            bytes.deallocate()
        }
    }

    /// The same file, to be read past the page cache; nil for a copy in memory.
    ///
    /// - Parameter direct: false: through the page cache in any case.
    func openUncached(path: String, direct: Bool) throws(GGUFError) -> UncachedFile? {
        guard let source else { return nil }
        return try UncachedFile(source.descriptor, path: path, direct: direct)
    }

    /// Tells the kernel how a part of the map will be used; a copy in memory has nothing to tell.
    func advise(_ part: UnsafeRawBufferPointer, _ advice: CInt) {
        guard source != nil, let start = part.baseAddress, !part.isEmpty else { return }
        let page = UInt(sysconf(Int32(_SC_PAGESIZE)))
        let address = UInt(bitPattern: start)
        madvise(UnsafeMutableRawPointer(bitPattern: address & ~(page - 1)), part.count + Int(address & (page - 1)), advice)
    }

    /// Whether some of the file was lost while it was mapped, and has become zeros.
    var isCutOff: Bool { mapGuard?.isCutOff ?? false }

    /// True while the file has the size and the time of change that it had when it was mapped.
    var isUnchanged: Bool {
        guard let source else { return true }
        var status = stat()
        return fstat(source.descriptor, &status) == 0 && Int(status.st_size) == source.size
            && status.st_mtim.tv_sec == source.changed.tv_sec && status.st_mtim.tv_nsec == source.changed.tv_nsec
    }
}

/// The error of the system call that just failed.
func systemError(_ path: String, _ what: String) -> GGUFError {
    GGUFError(path, "\(what): \(String(cString: strerror(errno)))")
}

func kindName(_ mode: mode_t) -> String {
    switch mode & S_IFMT {
    case S_IFDIR: "a directory"
    case S_IFIFO: "a pipe"
    case S_IFSOCK: "a socket"
    default: "a device"
    }
}
