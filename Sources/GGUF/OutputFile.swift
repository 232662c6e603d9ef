import Glibc

/// A file that takes another's place only when it is complete: without `commit` nothing is left of it.
struct OutputFile: ~Copyable {
    private let path: String
    private let partialPath: String
    private let descriptor: CInt
    private var isCommitted = false

    /// Begins a file beside `path`, where a rename is atomic.
    init(replacing path: String) throws(GGUFError) {
        let partialPath = "\(path).\(String(UInt32.random(in: 0 ... .max), radix: 36)).part"
        descriptor = open(partialPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw systemError(path, "cannot write beside it") }
        self.path = path
        self.partialPath = partialPath
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(GGUFError) {
        var rest = bytes
        while let base = rest.baseAddress, !rest.isEmpty {
            let count = write(descriptor, base, rest.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw systemError(path, "cannot write it")
            }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
    }

    /// Puts the file on the disk and then in its place, where it survives a power cut.
    mutating func commit() throws(GGUFError) {
        guard fsync(descriptor) == 0 else { throw systemError(path, "cannot write it to the disk") }
        guard rename(partialPath, path) == 0 else { throw systemError(path, "cannot put it in its place") }
        isCommitted = true
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { path[...$0] } ?? "."
        let directory = open(String(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if directory >= 0 {
            fsync(directory)
            close(directory)
        }
    }

    deinit {
        close(descriptor)
        if !isCommitted {
            unlink(partialPath)
        }
    }
}
