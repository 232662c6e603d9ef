import Glibc

/// Owns a terminal's raw mode: keys arrive at once and unchanged, and nothing is echoed.
///
/// The terminal is put back when this is freed, at `exit`, and by signals that end the program (`TerminalRestorer`).
/// Of the signals from keys only Ctrl-\ stays: the last resort against a program that does not listen.
struct RawMode: ~Copyable {
    private let restorer: TerminalRestorer.Slot

    /// - Throws: when the descriptor is no terminal, or refuses.
    init(_ descriptor: Int32) throws(KeyboardError) {
        var mode = termios()
        guard tcgetattr(descriptor, &mode) == 0 else { throw Self.error("read", descriptor) }
        let slot = try TerminalRestorer.claim(descriptor, mode)

        mode.c_lflag &= ~tcflag_t(ICANON | ECHO | ECHONL | IEXTEN)
        mode.c_iflag &= ~tcflag_t(ICRNL | INLCR | IGNCR | IXON | ISTRIP | PARMRK | BRKINT)
        withUnsafeMutableBytes(of: &mode.c_cc) { characters in
            characters[Int(VMIN)] = 1
            characters[Int(VTIME)] = 0
            for disabled in [VINTR, VSUSP] { characters[Int(disabled)] = 0 }  // _POSIX_VDISABLE is 0 on Linux.
        }
        guard tcsetattr(descriptor, TCSADRAIN, &mode) == 0 else {
            let error = Self.error("set", descriptor)
            TerminalRestorer.release(slot)
            throw error
        }
        TerminalRestorer.askForBracketedPaste(slot)
        restorer = slot
    }

    deinit { TerminalRestorer.release(restorer) }

    private static func error(_ verb: String, _ descriptor: Int32) -> KeyboardError {
        let reason = String(cString: strerror(errno))
        return KeyboardError("cannot \(verb) the mode of the terminal on descriptor \(descriptor): \(reason)")
    }
}
