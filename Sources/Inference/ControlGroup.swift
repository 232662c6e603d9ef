import Glibc

/// A control group that this process is in (a container, a systemd unit): the directory with the kernel's files about it.
struct ControlGroup {
    enum Version {
        case one, two
    }

    let version: Version
    private let directory: String

    /// The groups of this process and those around them that a controller may limit.
    ///
    /// - Parameters:
    ///   - controller: "memory", "cpu": of version 1, where each has a tree of its own. Version 2 has one for all.
    ///   - root: stands before `/proc` and `/sys/fs/cgroup`, for tests.
    static func all(of controller: String, root: String) -> [ControlGroup] {
        guard let text = kernelFile(root + "/proc/self/cgroup") else { return [] }
        var groups: [ControlGroup] = []
        for line in text.split(separator: "\n") {
            // number:controllers:path, cgroups(7); version 2 has number 0 and no controllers
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let names = fields[1].split(separator: ",")
            guard names.isEmpty || names.contains(where: { $0 == controller }) else { continue }
            let mount = root + "/sys/fs/cgroup" + (names.isEmpty ? "" : "/" + controller)
            // A path from outside a container's namespace is not below its mount: then the mount itself is the group.
            var path = fields[2].split(separator: "/").filter { $0 != ".." && $0 != "." }[...]
            while true {
                let directory = ([mount] + path.map(String.init)).joined(separator: "/")
                groups.append(ControlGroup(version: names.isEmpty ? .two : .one, directory: directory))
                if path.popLast() == nil { break }
            }
        }
        return groups
    }

    /// A file's text; nil where the group or the file is not there.
    func text(of file: String) -> String? { kernelFile(directory + "/" + file) }

    /// The words of a file's first line.
    func words(of file: String) -> [Substring] {
        (text(of: file) ?? "").prefix { $0 != "\n" }.split(separator: " ")
    }
}

/// A small file of the kernel's; nil if it cannot be read.
func kernelFile(_ path: String) -> String? {
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
