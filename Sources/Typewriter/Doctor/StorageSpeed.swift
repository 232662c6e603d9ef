import Glibc

/// How fast the disk or card is, and how much room it has.
enum StorageSpeed {
    /// Enough to see an SD card's pace, little enough to wait for.
    private static let most = 64 << 20
    private static let block = 1 << 20

    /// O_DIRECT, which the C library shows to none but GNU's own (<asm/fcntl.h> of Linux).
    #if arch(arm64) || arch(arm)
    private static let direct: Int32 = 0o200_000
    #else
    private static let direct: Int32 = 0o40_000
    #endif

    /// Bytes a second of a sequential read from the file's beginning; nil if it cannot be read. Where the file system can, it is read past the page
    /// cache (open(2), O_DIRECT); elsewhere the kernel is asked to forget the pages first, and those that somebody has mapped it keeps.
    static func reading(_ path: String) -> Double? {
        guard let buffer = aligned_alloc(4096, block) else { return nil }
        defer { free(buffer) }
        return reading(path, direct, buffer) ?? reading(path, 0, buffer)
    }

    private static func reading(_ path: String, _ flag: Int32, _ buffer: UnsafeMutableRawPointer) -> Double? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flag)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        posix_fadvise(descriptor, 0, off_t(most), POSIX_FADV_DONTNEED)
        var total = 0
        let start = seconds()
        while total < most {
            let count = read(descriptor, buffer, block)
            if count < 0, errno == EINTR { continue }
            if count > 0 { total += count }
            // Past the page cache, only whole blocks are read from where a whole block ended.
            guard count == block else { break }
        }
        return total > 0 ? Double(total) / max(seconds() - start, 1e-9) : nil
    }

    /// Seconds, the median of five, that 4 KiB take until they are sure to be kept.
    static func writing(_ directory: String) -> Computer.Look<Double> {
        func obstacle() -> Computer.Look<Double> { errno == EACCES || errno == EPERM ? .hidden : .wrong(String(cString: strerror(errno))) }
        let path = "\(directory)/.platen-doctor-\(getpid())"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return obstacle() }
        defer {
            close(descriptor)
            unlink(path)
        }
        let page = [UInt8](repeating: 0x5A, count: 4096)
        var times: [Double] = []
        for _ in 0..<5 {
            let start = seconds()
            guard write(descriptor, page, page.count) == page.count, fsync(descriptor) == 0 else { return obstacle() }
            times.append(seconds() - start)
        }
        return .seen(times.sorted()[2])
    }

    static func freeBytes(_ directory: String) -> Int? {
        var status = statvfs()
        guard statvfs(directory, &status) == 0 else { return nil }
        let (bytes, isTooLarge) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return isTooLarge ? .max : Int(clamping: bytes)
    }

    private static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
