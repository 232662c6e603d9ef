import Glibc

/// A file that takes another's place only when it is complete: without `commit` nothing is left of it.
struct OutputFile: ~Copyable {
    private let path: String
    private let partialPath: String
    private let descriptor: CInt
    private var isCommitted = false

    /// Throws where something other than a file has the name: a directory could not be replaced, and a device should not be.
    static func checkName(_ path: String) throws(GGUFError) {
        var status = stat()
        guard stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
            throw GGUFError(path, "is \(kindName(status.st_mode)), not a file; name the file to write")
        }
    }

    /// Begins a file beside `path`, where a rename is atomic.
    init(replacing path: String) throws(GGUFError) {
        let partialPath = "\(path).\(String(UInt32.random(in: 0 ... .max), radix: 36)).part"
        descriptor = open(partialPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw systemError(path, "cannot write beside it") }
        self.path = path
        self.partialPath = partialPath
    }

    /// Throws where the disk has no room for `count` bytes, so that this shows before the work is done.
    func checkRoom(for count: Int) throws(GGUFError) {
        var disk = statvfs()
        guard fstatvfs(descriptor, &disk) == 0, disk.f_blocks > 0 else { return }
        let (free, overflow) = UInt(disk.f_bavail).multipliedReportingOverflow(by: UInt(disk.f_frsize))
        guard !overflow, free < count else { return }
        throw GGUFError(path, "takes \(count) bytes and its disk has \(free) left; make room or name another place")
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
