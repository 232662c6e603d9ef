import Glibc

/// A display as paper: lines move up, and the lowest row is the one that is being typed.
///
/// What it should show is known here, so a display that is gone for a while, or was left in the middle of something, is simply drawn anew.
public final class DisplayDevice: PaperDevice, @unchecked Sendable {
    public let capabilities: PaperCapabilities
    private let port: any PrinterPort
    private let language: DisplayLanguage
    private let repertoire: Repertoire?
    /// Nanoseconds for a character; nil shows at once.
    private let interval: UInt64?
    private let clock: any PrintClock
    private let retryMilliseconds: Int32
    /// How large the display is now; nil where nobody knows.
    private let measure: () -> (columns: Int, lines: Int)?
    private let isPatient: Bool
    private let report: @Sendable (PrinterReport) -> Void

    // One thread at a time prints.
    private var screen: DisplayScreen
    /// Nil: not known.
    private var shown: [[DisplayScreen.Cell]]?
    private var isOpen = false
    private var lastReport: String?

    init(
        _ profile: DisplayProfile, columns: Int, lines: Int, port: any PrinterPort, charactersPerSecond: Double = 0,
        clock: any PrintClock = SystemPrintClock(), retryMilliseconds: Int32 = 500, isPatient: Bool = false,
        report: @escaping @Sendable (PrinterReport) -> Void = { _ in }, measure: @escaping () -> (columns: Int, lines: Int)? = { nil }
    ) {
        language = DisplayLanguage(profile)
        repertoire = profile.repertoire
        screen = DisplayScreen(columns: max(1, columns), rows: max(1, lines))
        self.port = port
        // Slower than one character in an hour is no pace.
        interval = charactersPerSecond > 0 ? UInt64(min(1e9 / charactersPerSecond, 3.6e12)) : nil
        self.clock = clock
        self.retryMilliseconds = retryMilliseconds
        self.isPatient = isPatient
        self.report = report
        self.measure = measure
        var capabilities = PaperCapabilities(profile)
        capabilities.columns = columns
        self.capabilities = capabilities
    }

    /// - Parameters:
    ///   - path: `/dev/lcd`, or a console such as `/dev/tty1`.
    ///   - charactersPerSecond: 0 shows at once.
    ///   - isPatient: Nobody is there to be told at once what can never work: it is waited for like all else.
    ///   - report: Hears what the display waits for.
    /// - Throws: when it is none, or nobody says how large it is.
    public convenience init(
        _ profile: DisplayProfile, at path: String, charactersPerSecond: Double, isPatient: Bool = false,
        report: @escaping @Sendable (PrinterReport) -> Void = { _ in }
    ) throws(PaperError) {
        // An LCD is not asked: its driver lets it be open once.
        let asks = profile.columns == nil || profile.lines == nil
        let size = asks ? Self.size(of: path) : nil
        guard let columns = profile.columns ?? size?.columns, let lines = profile.lines ?? size?.lines else {
            throw PaperError("\(path) does not say how large it is: give its profile columns and lines")
        }
        guard columns >= PageSettings.leastWidth else { throw PaperError("\(path) has \(columns) columns; \(PageSettings.leastWidth) are needed") }
        self.init(
            profile, columns: columns, lines: lines, port: DescriptorPort(.path(path)), charactersPerSecond: charactersPerSecond,
            isPatient: isPatient, report: report
        ) {
            guard asks, let size = Self.size(of: path) else { return nil }
            return (profile.columns ?? size.columns, profile.lines ?? size.lines)
        }
        // What can never work is said at once; what is only not there yet is waited for when there is something to show.
        if let reason = try port.open(isPatient: isPatient) { tell(reason) } else { isOpen = true }
    }

    /// Of a console.
    private static func size(of path: String) -> (columns: Int, lines: Int)? {
        // The group of a console may only write.
        let descriptor = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// A font or a screen of another size, as the boot brings one: lines go on in the new rows. The page's width stays what it was.
    private func resize() {
        guard let size = measure(), size.columns > 0, size.lines > 0, size != (screen.columns, screen.rows) else { return }
        screen.resize(columns: size.columns, rows: size.lines)
        shown = nil
    }

    public func print(_ strikes: [Strike], stop: StopSignal) throws(PaperError) -> Bool {
        resize()
        // Of what it showed before nothing is ours.
        if shown == nil, try !refresh(stop) { return false }
        var next = clock.now()
        for strike in strikes {
            guard !stop.isRaised else { return false }
            switch strike {
            case .text(let text, let style):
                for character in text {
                    type(character, style)
                    guard try pace(&next, stop) else { return false }
                }
            case .newLine:
                screen.newLine()
                guard try pace(&next, stop) else { return false }
            case .back(let columns): screen.back(columns: columns)
            case .erase(_, let column): screen.erase(to: column)
            case .lineUp(let column): screen.lineUp(to: column)
            case .bell:
                guard try refresh(stop, then: language.bell) else { return false }
            case .tearOff: break
            }
            guard try refresh(stop) else { return false }
        }
        return !stop.isRaised
    }

    private func type(_ character: Character, _ style: Style) {
        guard let repertoire else { return screen.type(character, style) }
        for case let glyph? in repertoire.rendering(of: character).cells.map(\.first) { screen.type(glyph, style) }
    }

    /// Shows a character, and waits as long as a typewriter needs for it. False when stopped.
    private func pace(_ next: inout UInt64, _ stop: StopSignal) throws(PaperError) -> Bool {
        guard let interval else { return true }
        guard try refresh(stop) else { return false }
        next += interval
        return clock.wait(until: next, stop: stop)
    }

    /// Makes the display show what it should, however long it is away. False when stopped.
    private func refresh(_ stop: StopSignal, then rest: [UInt8] = []) throws(PaperError) -> Bool {
        while !stop.isRaised {
            switch try show(stop, then: rest) {
            case .done: return true
            case .stopped: return false
            case .lost:
                var query = pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0)
                guard poll(&query, 1, retryMilliseconds) <= 0 else { return false }
            }
        }
        return false
    }

    /// Opens the display if it is not open, and makes it show what it should, if it can be had now.
    private func show(_ stop: StopSignal?, then rest: [UInt8] = []) throws(PaperError) -> PortWrite.End {
        if !isOpen {
            if let reason = try port.open(isPatient: isPatient) {
                tell(reason)
                return .lost(reason)
            }
            (isOpen, shown) = (true, nil)
        }
        let rows = screen.shown
        var bytes = language.change(from: shown, to: rows)
        bytes += language.move(toColumn: min(screen.column, screen.columns - 1), row: screen.rows - 1) + rest
        let result = port.write(bytes[...], stop: stop)
        // What was cut off may be anything.
        shown = result.end == .done ? rows : nil
        switch result.end {
        case .done: tell(nil)
        case .stopped: break
        case .lost(let reason):
            port.close()
            isOpen = false
            tell(reason)
        }
        return result.end
    }

    /// A display that is plugged in again shows at once what it should.
    public func attend() -> UInt64? {
        guard lastReport != nil, case .lost? = try? show(nil) else { return nil }
        return UInt64(retryMilliseconds) * 1_000_000
    }

    private func tell(_ obstacle: String?) {
        guard obstacle != lastReport else { return }
        lastReport = obstacle
        report(obstacle.map { .waits(printer: port.name, why: $0) } ?? .goesOn(printer: port.name))
    }
}

extension PaperCapabilities {
    /// Of a display, whether or not it is there.
    public init(_ profile: DisplayProfile) {
        let hasStyles = profile.kind == .console
        self.init(columns: profile.columns, canErase: true, bold: hasStyles, underline: hasStyles, repertoire: profile.repertoire)
    }
}
