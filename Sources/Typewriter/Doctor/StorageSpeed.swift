import Glibc

/// How fast the disk or card is, past the page cache.
enum StorageSpeed {
    /// Enough to see an SD card's pace, little enough to wait for.
    private static let most = 64 << 20
    private static let block = 1 << 20

    /// Bytes a second of a sequential read from the file's beginning; nil if it cannot be read. The kernel is asked to forget the pages
    /// first; those that somebody has mapped it keeps, and then this is too fast.
    static func reading(_ path: String) -> Double? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        posix_fadvise(descriptor, 0, off_t(most), POSIX_FADV_DONTNEED)
        var buffer = [UInt8](repeating: 0, count: block)
        var total = 0
        let start = seconds()
        while total < most {
            let count = read(descriptor, &buffer, block)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            total += count
        }
        return total > 0 ? Double(total) / max(seconds() - start, 1e-9) : nil
    }

    /// Seconds, the median of five, that 4 KiB take until they are sure to be kept; nil if the directory cannot be written.
    static func writing(_ directory: String) -> Double? {
        let path = "\(directory)/.platen-doctor-\(getpid())"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        defer {
            close(descriptor)
            unlink(path)
        }
        let page = [UInt8](repeating: 0x5A, count: 4096)
        var times: [Double] = []
        for _ in 0..<5 {
            let start = seconds()
            guard write(descriptor, page, page.count) == page.count, fsync(descriptor) == 0 else { return nil }
            times.append(seconds() - start)
        }
        return times.sorted()[2]
    }

    private static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
