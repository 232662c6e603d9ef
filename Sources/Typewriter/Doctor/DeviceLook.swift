import Glibc
import Keyboard
import Paper

/// Looks at devices in ways that they do not notice.
enum DeviceLook {
    static func gpio(_ line: GPIOLine) -> Computer.Look<String> {
        let chips = directoryNames("/dev").filter { $0.hasPrefix("gpiochip") }
        if !chips.isEmpty, chips.allSatisfy({ access("/dev/\($0)", R_OK | W_OK) != 0 && errno == EACCES }) { return .hidden }
        do {
            let (description, user) = try line.look()
            // The typewriter itself, as it calls itself.
            guard let user, !user.hasPrefix("platen") else { return .seen("") }
            return .wrong(description)
        } catch {
            return .wrong(error.description)
        }
    }

    /// An input device, by its path, or else a printer port.
    static func open(_ path: String) -> Computer.Look<String> {
        let descriptor = Glibc.open(path, (path.hasPrefix("/dev/input/") ? O_RDONLY : O_WRONLY) | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else {
            return switch errno {
            case EACCES, EPERM: .hidden
            case EBUSY: .taken
            default: .wrong(String(cString: strerror(errno)))
            }
        }
        close(descriptor)
        guard path.hasPrefix("/dev/input/") else { return PrinterCandidate.obstacle(path).map { .wrong($0) } ?? .seen("") }
        do {
            return try EvdevKeyboard.isTaken(path) ? .taken : .seen("")
        } catch {
            return .wrong(error.description)
        }
    }

    static func consoleSize(_ path: String) -> (columns: Int, lines: Int)? {
        let descriptor = Glibc.open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}
