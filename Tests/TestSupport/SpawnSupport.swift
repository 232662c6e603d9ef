import Glibc

/// What this system tells of programs that are started.
public enum SpawnSupport {
    /// Whether posix_spawn(3) says that a program is not there. Under qemu's user emulation, whose vfork(2) shares no memory, it does not.
    public static let reportsMissingPrograms: Bool = {
        var child: pid_t = 0
        var arguments: [UnsafeMutablePointer<CChar>?] = [nil]
        guard posix_spawn(&child, "/nowhere/program", nil, nil, &arguments, environ) == 0 else { return true }
        waitpid(child, nil, 0)
        return false
    }()
}
