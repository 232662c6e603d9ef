import Glibc

/// A pseudo-terminal: what is written to `keys` arrives at `terminal` as if typed.
final class PseudoTerminal {
    private(set) var keys: Int32 = -1
    private(set) var terminal: Int32 = -1
    /// The terminal's path.
    let name: String

    init() {
        // A process that another test starts must not keep an end open.
        keys = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var (lock, number): (Int32, UInt32) = (0, 0)
        let setLock: UInt = 0x4004_5431, getNumber: UInt = 0x8004_5430  // TIOCSPTLCK, TIOCGPTN: ioctl_tty(2)
        precondition(ioctl(keys, setLock, &lock) == 0 && ioctl(keys, getNumber, &number) == 0)
        name = "/dev/pts/\(number)"
        terminal = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
        precondition(terminal >= 0)
    }

    deinit {
        hangUp()
        close(terminal)
    }

    /// Returns when the terminal knows: a process that another test just starts holds the end until it executes its program.
    func hangUp() {
        guard keys >= 0 else { return }
        close(keys)
        keys = -1
        var query = pollfd(fd: terminal, events: 0, revents: 0)
        precondition(poll(&query, 1, 10_000) == 1)
    }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        precondition(write(keys, bytes, bytes.count) == bytes.count)
    }

    /// What the terminal shows. The kernel hands over what was written a moment later, and in pieces.
    func shown() -> String {
        var shown: [UInt8] = []
        var query = pollfd(fd: keys, events: Int16(POLLIN), revents: 0)
        while poll(&query, 1, 200) > 0 {
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = read(keys, &bytes, bytes.count)
            guard count > 0 else { break }
            shown += bytes[..<count]
        }
        return String(decoding: shown, as: UTF8.self)
    }

    var mode: termios {
        var mode = termios()
        tcgetattr(terminal, &mode)
        return mode
    }
}
