import Glibc

/// A pseudo-terminal: what is written to `keys` arrives at `terminal` as if typed.
final class PseudoTerminal {
    private(set) var keys: Int32 = -1
    private(set) var terminal: Int32 = -1
    /// The terminal's path.
    let name: String

    init() {
        var path = [CChar](repeating: 0, count: 256)
        precondition(openpty(&keys, &terminal, &path, nil, nil) == 0)
        name = String(decoding: path.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        hangUp()
        close(terminal)
    }

    func hangUp() {
        if keys >= 0 { close(keys) }
        keys = -1
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
