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
    private static func controlGroup(_ root: String) -> Int? {
        ControlGroup.all(of: "memory", root: root).compactMap { group in
            (group.version == .two ? GroupFiles.version2 : .version1).left(in: group)
        }.min()
    }
}

/// How one version of control groups names what it counts.
///
/// Version 2: Documentation/admin-guide/cgroup-v2.rst of the kernel; version 1: cgroup-v1/memory.rst.
private struct GroupFiles {
    let limit: String
    let usage: String
    /// Of `memory.stat`, for the group and all below it.
    let pageCache: [String]

    static let version1 = GroupFiles(
        limit: "memory.limit_in_bytes", usage: "memory.usage_in_bytes", pageCache: ["total_inactive_file", "total_active_file"])
    static let version2 = GroupFiles(limit: "memory.max", usage: "memory.current", pageCache: ["inactive_file", "active_file"])

    /// Bytes below the group's limit, page cache taken for free; nil where there is no group or no limit.
    func left(in group: ControlGroup) -> Int? {
        guard let limit = group.words(of: limit).first.flatMap({ Int($0) }),
              let usage = group.words(of: usage).first.flatMap({ Int($0) }) else { return nil }
        let statistics = group.text(of: "memory.stat") ?? ""
        let cache = pageCache.reduce(0) { $0 &+ (number($1, in: statistics) ?? 0) }
        return limit &- max(0, usage &- cache)
    }
}

/// The number after a name at the beginning of a line, up to 2^50.
private func number(_ name: String, in text: String) -> Int? {
    for line in text.split(separator: "\n") {
        let words = line.split(separator: " ")
        if words.count >= 2, words[0] == name { return Int(words[1]).flatMap { (0...1 << 50).contains($0) ? $0 : nil } }
    }
    return nil
}
