/// What is mounted where (proc_pid_mounts(5)).
struct MountTable {
    struct Mount: Equatable {
        let source: String
        let directory: String
        let kind: String
        let options: [String]

        var isReadOnly: Bool { options.contains("ro") }
        /// What is there is gone with the power.
        var isInMemory: Bool { kind == "tmpfs" || kind == "ramfs" }
    }

    let mounts: [Mount]

    init(_ text: String) {
        mounts = text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count >= 4 else { return nil }
            return Mount(
                source: Self.plain(fields[0]), directory: Self.plain(fields[1]), kind: String(fields[2]),
                options: fields[3].split(separator: ",").map(String.init))
        }
    }

    /// What a whole path lies on: the nearest directory above it, and of several mounts there the last.
    func mount(of path: String) -> Mount? {
        mounts.reduce(nil as Mount?) { best, mount in
            let isAbove = mount.directory == "/" || path == mount.directory || path.hasPrefix(mount.directory + "/")
            return isAbove && mount.directory.utf8.count >= best?.directory.utf8.count ?? 0 ? mount : best
        }
    }

    /// The kernel writes white space and backslashes as three octal digits.
    private static func plain(_ field: Substring) -> String {
        let pieces = field.split(separator: "\\", omittingEmptySubsequences: false)
        return pieces.dropFirst().reduce(String(pieces.first ?? "")) { text, piece in
            UInt8(piece.prefix(3), radix: 8).map { text + String(Unicode.Scalar($0)) + piece.dropFirst(3) } ?? text + "\\" + piece
        }
    }
}
