import Glibc

/// A terminal as paper, or a file or pipe, which gets plain text.
///
/// Sequences are those of ECMA-48: SGR 1, 4, 22, 24 for styles, CHA and EL to erase, CUU to go up. There are no
/// colours, so NO_COLOR changes nothing.
public final class TerminalPaper: PaperDevice {
    public let capabilities: PaperCapabilities
    private let output: OutputDescriptor
    private let isTerminal: Bool
    /// Nanoseconds for a character; nil prints at once.
    private let interval: UInt64?
    private let clock: any PrintClock

    public static let charactersPerSecond = 0.0...10_000

    /// - Parameters:
    ///   - descriptor: open for writing; it stays the caller's.
    ///   - charactersPerSecond: the pace of a typewriter is 10 to 15; 0 prints at once.
    ///   - isTerminal: whether the device understands escape sequences; nil asks the descriptor, and TERM.
    /// - Throws: when the pace is out of range.
    public init(
        descriptor: Int32 = 1, charactersPerSecond: Double = 0, isTerminal: Bool? = nil,
        clock: any PrintClock = SystemPrintClock()
    ) throws(PaperError) {
        guard Self.charactersPerSecond.contains(charactersPerSecond) else {
            throw PaperError("paper.characters_per_second: \(charactersPerSecond) is not between 0 and 10000")
        }
        let isTerminal = isTerminal ?? (isatty(descriptor) == 1 && Self.environmentSaysTerminal)
        // Slower than one character in an hour is no pace.
        interval = charactersPerSecond > 0 ? UInt64(min(1e9 / charactersPerSecond, 3.6e12)) : nil
        output = OutputDescriptor(descriptor)
        self.isTerminal = isTerminal
        self.clock = clock
        capabilities = PaperCapabilities(
            columns: Self.columns(of: descriptor), canErase: isTerminal, bold: isTerminal, underline: isTerminal)
    }

    /// Columns of a terminal's window; nil for anything else.
    public static func columns(of descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    private static var environmentSaysTerminal: Bool {
        guard let name = getenv("TERM") else { return false }
        return strcmp(name, "dumb") != 0 && strcmp(name, "") != 0
    }

    public func print(_ strikes: [Strike], stop: StopSignal) throws(PaperError) -> Bool {
        guard let interval else { return try printAtOnce(strikes, stop) }
        var next = clock.now()
        for strike in strikes {
            guard !stop.isRaised else { return false }
            switch strike {
            case .text(let text, let style):
                try output.write(styleOn(style), stop)
                for character in text {
                    let isPrinted = try output.write(String(character), stop)
                    next += interval
                    guard isPrinted, clock.wait(until: next, stop: stop) else {
                        // Not what is raised already: the style must go off.
                        try output.write(styleOff(style), nil)
                        return false
                    }
                }
                try output.write(styleOff(style), stop)
            case .newLine:
                try output.write(bytes(of: strike), stop)
                next += interval
                guard clock.wait(until: next, stop: stop) else { return false }
            case .bell, .back, .erase, .lineUp, .tearOff:
                try output.write(bytes(of: strike), stop)
            }
        }
        return !stop.isRaised
    }

    private func printAtOnce(_ strikes: [Strike], _ stop: StopSignal) throws(PaperError) -> Bool {
        var pending = ""
        for strike in strikes {
            pending += bytes(of: strike)
            // Whole strikes go out, so that a stop never cuts a sequence or a character in two.
            if pending.utf8.count >= 256 {
                guard !stop.isRaised, try output.write(pending, stop) else { return false }
                pending = ""
            }
        }
        guard !stop.isRaised else { return false }
        return try output.write(pending, stop)
    }

    private func bytes(of strike: Strike) -> String {
        switch strike {
        case .text(let text, let style): styleOn(style) + text + styleOff(style)
        // In raw mode a terminal may not add the return itself.
        case .newLine: isTerminal ? "\r\n" : "\n"
        case .tearOff: ""
        case .bell: isTerminal ? "\u{07}" : ""
        case .back(let columns): String(repeating: "\u{08}", count: max(0, columns))
        // To a column by number: after the last one, a terminal's cursor is not where its column says.
        case .erase(_, let column): "\u{1B}[\(column + 1)G\u{1B}[K"
        case .lineUp(let column): "\u{1B}[A\u{1B}[\(column + 1)G"
        }
    }

    private func styleOn(_ style: Style) -> String {
        guard isTerminal else { return "" }
        return (style.contains(.bold) ? "\u{1B}[1m" : "") + (style.contains(.underline) ? "\u{1B}[4m" : "")
    }

    private func styleOff(_ style: Style) -> String {
        guard isTerminal else { return "" }
        return (style.contains(.underline) ? "\u{1B}[24m" : "") + (style.contains(.bold) ? "\u{1B}[22m" : "")
    }
}
