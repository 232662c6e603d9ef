import Glibc

/// What this system's terminals can do.
public enum TerminalSupport {
    /// Lines of any rate: the ioctl TCGETS2 (ioctl_tty(2)) is there. qemu's user emulation does not have it.
    public static let hasAnyRate: Bool = {
        let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        defer { close(terminal) }
        var mode = [UInt8](repeating: 0, count: 128)
        let getMode: UInt = 0x802C_542A
        return ioctl(terminal, getMode, &mode) == 0 || errno != ENOSYS
    }()
}
