import Glibc

/// The one place that must be writable: everything that outlasts a session lies there.
public enum StateDirectory {
    /// The directory that the settings name, else the service manager's (systemd.exec(5), StateDirectory=), else the user's (XDG
    /// Base Directory Specification). It is not made.
    /// - Throws: when there is none to be found.
    public static func path(_ settings: Settings.StateSection, environment: (String) -> String? = Self.variable) throws(TypewriterError) -> String {
        if !settings.directory.isEmpty { return settings.directory }
        // More than one are separated by colons.
        if let given = environment("STATE_DIRECTORY")?.split(separator: ":").first { return String(given) }
        // A relative path there is to be ignored.
        if let base = environment("XDG_STATE_HOME"), base.first == "/" { return base + "/platen" }
        if let home = environment("HOME"), home.first == "/" { return home + "/.local/state/platen" }
        throw TypewriterError(
            "no place is known to keep anything in: name one as state.directory, or turn transcript.keep off", status: .configuration)
    }

    public static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// Makes the directory where it is missing, and those above it, for this user alone.
    static func make(_ path: String) throws(TypewriterError) {
        var end = path.startIndex
        while end < path.endIndex {
            end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
            let part = String(path[..<end])
            guard mkdir(part, 0o700) == 0 || errno == EEXIST || access(part, F_OK) == 0 else {
                throw TypewriterError("\(part) cannot be made: \(String(cString: strerror(errno)))", status: .ioError)
            }
        }
    }
}
