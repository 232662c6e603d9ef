import Glibc

/// What this process has in memory: proc_pid_smaps_rollup(5) (Linux 4.14), which is exact where status(5) may lag.
struct ProcessMemory {
    /// Bytes that only this process has and that the system can not read again from a file: heap, stacks, buffers, KV cache.
    let anonymous: Int
    /// Bytes of mapped files, shared with the page cache: the model, the program.
    let fileBacked: Int

    /// Nil where the system does not tell.
    init?() {
        guard let text = readProcessFile("/proc/self/smaps_rollup"),
              let resident = Self.bytes("Rss:", in: text), let anonymous = Self.bytes("Anonymous:", in: text) else { return nil }
        self.anonymous = anonymous
        fileBacked = max(0, resident - anonymous)
    }

    private static func bytes(_ name: String, in text: String) -> Int? {
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            guard let kibibytes = line.dropFirst(name.count).split(separator: " ").first.flatMap({ Int($0) }) else { return nil }
            return kibibytes << 10
        }
        return nil
    }
}

/// The time since the kernel started this process, dynamic linking included, to a hundredth of a second. Nil where the system does not tell.
func secondsSinceProcessStart() -> Double? {
    // Field 22 of proc_pid_stat(5), in ticks since boot; the second field, in parentheses, may itself hold spaces and parentheses.
    guard let text = readProcessFile("/proc/self/stat"), let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    var now = timespec()
    guard fields.count > 19, let ticks = Double(fields[19]), ticks > 0, clock_gettime(CLOCK_BOOTTIME, &now) == 0 else { return nil }
    let age = Double(now.tv_sec) + Double(now.tv_nsec) / 1e9 - ticks / Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
    return age >= 0 ? age : nil
}

/// A file of the proc file system, in one piece.
private func readProcessFile(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 16384)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
}
