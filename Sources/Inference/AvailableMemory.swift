import Glibc

/// The memory that this process may still take: what the machine has left, or what a control group (a container, a
/// systemd unit with `MemoryMax`) leaves of its limit. Page cache counts as free, as the kernel gives it up on demand.
public struct AvailableMemory: Sendable, Equatable {
    public enum Bound: Sendable, Equatable {
        case machine
        case controlGroup
        /// Somebody's wish.
        case setting
    }

    public let byteCount: Int
    /// What sets it: of several limits the narrowest.
    public let bound: Bound

    public init(byteCount: Int, bound: Bound) {
        self.byteCount = byteCount
        self.bound = bound
    }

    /// A limit that somebody set.
    ///
    /// - Parameter mebibytes: up to 2^30.
    public init(mebibytes: Int) {
        self.init(byteCount: mebibytes << 20, bound: .setting)
    }

    /// Nil where the kernel does not say.
    ///
    /// - Parameter root: stands before `/proc` and `/sys/fs/cgroup`, for tests.
    public static func measure(root: String = "") -> AvailableMemory? {
        guard let free = machine(root) else { return nil }
        guard let left = controlGroup(root), left < free else { return AvailableMemory(byteCount: free, bound: .machine) }
        return AvailableMemory(byteCount: max(0, left), bound: .controlGroup)
    }

    /// `MemAvailable` of proc_meminfo(5).
    private static func machine(_ root: String) -> Int? {
        guard let text = kernelFile(root + "/proc/meminfo"), let kilobytes = number("MemAvailable:", in: text) else { return nil }
        return kilobytes << 10
    }

    /// The least that a control group of this process, or one around it, leaves. Nil where none has a limit.
    ///
    /// Version 2: Documentation/admin-guide/cgroup-v2.rst of the kernel; version 1: cgroup-v1/memory.rst.
    private static func controlGroup(_ root: String) -> Int? {
        guard let groups = kernelFile(root + "/proc/self/cgroup") else { return nil }
        var least: Int?
        for line in groups.split(separator: "\n") {
            // number:controllers:path; version 2 has number 0 and no controllers
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let names = fields[1].split(separator: ",")
            guard names.isEmpty || names.contains("memory") else { continue }
            let (mount, files) = names.isEmpty
                ? (root + "/sys/fs/cgroup", GroupFiles.version2) : (root + "/sys/fs/cgroup/memory", GroupFiles.version1)
            // A path from outside a container's namespace is not below its mount: then the mount itself is the group.
            var path = fields[2].split(separator: "/").filter { $0 != ".." && $0 != "." }[...]
            while true {
                let directory = ([mount] + path.map(String.init)).joined(separator: "/")
                if let left = files.left(in: directory) { least = min(least ?? left, left) }
                if path.popLast() == nil { break }
            }
        }
        return least
    }
}

/// How one version of control groups names what it counts.
private struct GroupFiles {
    let limit: String
    let usage: String
    /// Of `memory.stat`, for the group and all below it.
    let pageCache: [String]

    static let version1 = GroupFiles(
        limit: "memory.limit_in_bytes", usage: "memory.usage_in_bytes", pageCache: ["total_inactive_file", "total_active_file"])
    static let version2 = GroupFiles(limit: "memory.max", usage: "memory.current", pageCache: ["inactive_file", "active_file"])

    /// Bytes below the group's limit, page cache taken for free; nil where there is no group or no limit.
    func left(in directory: String) -> Int? {
        guard let limit = kernelFile(directory + "/" + limit).flatMap({ Int(trimmed($0)) }),
              let usage = kernelFile(directory + "/" + usage).flatMap({ Int(trimmed($0)) }) else { return nil }
        let statistics = kernelFile(directory + "/memory.stat") ?? ""
        let cache = pageCache.reduce(0) { $0 &+ (number($1, in: statistics) ?? 0) }
        return limit &- max(0, usage &- cache)
    }

    private func trimmed(_ text: String) -> Substring { text.prefix { $0 != "\n" } }
}

/// The number after a name at the beginning of a line, up to 2^50.
private func number(_ name: String, in text: String) -> Int? {
    for line in text.split(separator: "\n") {
        let words = line.split(separator: " ")
        if words.count >= 2, words[0] == name { return Int(words[1]).flatMap { (0...1 << 50).contains($0) ? $0 : nil } }
    }
    return nil
}

/// A small file of the kernel's; nil if it cannot be read.
private func kernelFile(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
        while count < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
            let more = read(descriptor, rest.baseAddress, rest.count)
            guard more > 0 else { break }
            count += more
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
