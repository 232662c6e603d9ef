import Glibc

/// The packaged service's unit with its drop-ins, as far as it decides what the daemon may reach (systemd.unit(5), systemd.exec(5)).
struct ServiceUnit: Sendable {
    /// Who it runs as.
    static let user = "platen"
    static let name = "platen.service"

    private static let directories = ["/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system"]
    private var assignments: [(key: String, value: String)] = []

    /// Nil where it is not installed, or masked.
    init?(root: String) {
        let files = Self.directories.map { "\(root)\($0)/\(Self.name)" }
        guard let file = files.first(where: { access($0, F_OK) == 0 }), let text = try? readTextFile(file) else { return nil }
        take(text)
        // Of two drop-ins of one name the first directory's holds; they are read in the order of their names.
        var dropIns: [String: String] = [:]
        for directory in Self.directories.reversed().map({ "\(root)\($0)/\(Self.name).d" }) {
            for name in directoryNames(directory) where name.hasSuffix(".conf") { dropIns[name] = "\(directory)/\(name)" }
        }
        for (_, path) in dropIns.sorted(by: { $0.key < $1.key }) { take((try? readTextFile(path)) ?? "") }
    }

    private mutating func take(_ text: String) {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") && !line.hasPrefix(";") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            assignments.append((line[..<equals].filter { $0 != " " }, String(line[line.index(after: equals)...].drop { $0 == " " })))
        }
    }

    /// The last value of a key.
    func value(_ key: String) -> String? { assignments.last { $0.key == key }?.value }

    /// All words of a key that makes a list; an empty value empties it.
    func words(_ key: String) -> [String] {
        var words: [String] = []
        for (_, value) in assignments.filter({ $0.key == key }) {
            words = value.isEmpty ? [] : words + value.split(separator: " ").map(String.init)
        }
        return words
    }

    func isOn(_ key: String) -> Bool { ["yes", "true", "on", "1"].contains(value(key)?.lowercased()) }

    /// The setting that keeps a path from the service; nil where it is there.
    func hiding(_ path: String) -> (key: String, remedy: String)? {
        func isBelow(_ directories: [String]) -> Bool { directories.contains { path.hasPrefix($0 + "/") } }
        if isBelow(["/home", "/root", "/run/user"]), isOn("ProtectHome") || value("ProtectHome") == "tmpfs" {
            return ("ProtectHome", "move it to /srv, or let the service read homes: sudo systemctl edit platen, [Service], ProtectHome=read-only")
        }
        if isBelow(["/tmp", "/var/tmp"]), isOn("PrivateTmp") || value("PrivateTmp") == "disconnected" {
            return ("PrivateTmp", "move it elsewhere, such as /srv")
        }
        return nil
    }
}
