import Glibc

/// Keys from a terminal, or from a pipe or a file, whose end is the end of the input.
///
/// A terminal is put into raw mode (`RawMode`). Ctrl-C arrives as `Key.interrupt`, so that the program ends cleanly;
/// Ctrl-\ still kills it, terminal restored, if it does not listen any more.
public final class TerminalKeyboard: Keyboard {
    private let source: Int32
    private let mode: RawMode?
    private var parser: EscapeParser
    private var isEnded = false

    /// - Parameters:
    ///   - descriptor: open for reading; it stays the caller's.
    ///   - escapeTimeout: nanoseconds of silence that tell the Esc key from an escape sequence. A slow line needs more
    ///     than the time of two characters.
    /// - Throws: where the terminal cannot be put into raw mode.
    public init(descriptor: Int32 = 0, escapeTimeout: UInt64 = 50_000_000) throws(KeyboardError) {
        source = descriptor
        parser = EscapeParser(escapeTimeout: escapeTimeout)
        mode = isatty(descriptor) == 1 ? try RawMode(descriptor) : nil
    }

    public var descriptor: Int32? { isEnded ? nil : source }
    public var deadline: UInt64? { parser.deadline }

    public func read(at now: UInt64, into events: inout [KeyEvent]) throws(KeyboardError) {
        guard !isEnded else { return }
        var keys: [Key] = []
        defer { events += keys.map { KeyEvent(time: now, key: $0) } }
        // What has arrived comes before the time-out: a reader that was held up must not cut a sequence in two.
        if try isReadable() {
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = Glibc.read(source, &bytes, bytes.count)
            if count > 0 {
                for byte in bytes[..<count] { parser.feed(byte, at: now, into: &keys) }
            } else if count == 0 || errno == EIO {  // EIO: nobody's terminal any more (read(2)).
                parser.finish(into: &keys)
                keys.append(.endOfInput)
                isEnded = true
            } else if errno != EINTR && errno != EAGAIN {
                throw KeyboardError("cannot read keys from descriptor \(source): \(String(cString: strerror(errno)))")
            }
        }
        parser.timeOut(at: now, into: &keys)
    }

    private func isReadable() throws(KeyboardError) -> Bool {
        var query = pollfd(fd: source, events: Int16(POLLIN), revents: 0)
        guard poll(&query, 1, 0) > 0 else { return false }
        guard Int32(query.revents) & POLLNVAL == 0 else {
            throw KeyboardError("cannot read keys: descriptor \(source) is not open")
        }
        return true
    }
}
