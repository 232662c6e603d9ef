import Glibc

/// A process that has a device open.
package struct DeviceHolder: Sendable, Equatable {
    let process: Int32
    /// As the kernel has it: at most fifteen bytes.
    let name: String

    /// It is this program, or the daemon.
    var isTypewriter: Bool { name == "platend" || name == "platen" }

    var description: String { "\(legible(name)) (process \(process))" }

    /// Everybody but this process, by the links in /proc: root sees all of them, others only their own.
    static func all(of path: String) -> [DeviceHolder] {
        guard let resolved = realpath(path, nil) else { return [] }
        defer { free(resolved) }
        let device = String(cString: resolved)
        let processes = directoryNames("/proc").compactMap { Int32($0) }.filter { $0 != getpid() }.sorted()
        return processes.filter { process in
            directoryNames("/proc/\(process)/fd").contains { linkTarget("/proc/\(process)/fd/\($0)") == device }
        }.map { process in
            let name = (try? readTextFile("/proc/\(process)/comm")) ?? ""
            return DeviceHolder(process: process, name: String(name.prefix { $0 != "\n" }))
        }
    }
}
