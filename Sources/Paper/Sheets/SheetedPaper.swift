/// A device whose paper comes in sheets. At the end of one the bell rings; what comes next is printed on a new one: beyond the
/// fold, or after somebody has put it in.
public final class SheetedPaper: PaperDevice {
    public let capabilities: PaperCapabilities
    private let device: any PaperDevice
    private let settings: SheetSettings
    private let textLines: Int
    private let feed: SheetFeed
    // Touched by the printing thread alone.
    nonisolated(unsafe) private var lineNumber: Int {
        didSet { feed.move(to: lineNumber) }
    }
    nonisolated(unsafe) private var isAtLineStart = true

    /// - Returns: `device` itself where the paper is a roll.
    public static func wrap(_ device: any PaperDevice, _ settings: SheetSettings, _ feed: SheetFeed) throws(PaperError) -> any PaperDevice {
        try settings.check()
        guard let textLines = settings.textLines else { return device }
        return SheetedPaper(device, settings, textLines, feed)
    }

    private init(_ device: any PaperDevice, _ settings: SheetSettings, _ textLines: Int, _ feed: SheetFeed) {
        self.device = device
        self.settings = settings
        self.textLines = textLines
        self.feed = feed
        // A smaller sheet than the one before may be over already.
        lineNumber = min(feed.position.line, textLines - 1)
        feed.use()
        var capabilities = device.capabilities
        // What stands on a sheet that was taken out stays there.
        if !settings.isContinuous { capabilities.canErase = false }
        self.capabilities = capabilities
    }

    /// Line by line, because a stop drops what is left, and what is dropped fills no sheet.
    public func print(_ strikes: [Strike], stop: StopSignal) throws(PaperError) -> Bool {
        for line in strikes.lines {
            guard !line.allSatisfy({ $0 == .bell || $0 == .tearOff }) else { // They need no sheet.
                guard try device.print(Array(line), stop: stop) else { return false }
                continue
            }
            // The empty line between two turns is not worth a sheet, nor does one begin with it.
            if feed.isFull, line.count == 1, line.first == .newLine { continue }
            guard try feed.wait(stop) else { return false }
            if isAtLineStart, feed.takeInserted() {
                guard try beginSheet(stop) else { return false }
            }
            isAtLineStart = line.last == .newLine
            guard try device.print(Array(line), stop: stop) else { return false }
            for strike in line { if case .lineUp = strike { lineNumber = max(0, lineNumber - 1) } }
            if isAtLineStart {
                lineNumber += 1
                if lineNumber >= textLines, try !endSheet(stop) { return false }
            }
        }
        return !stop.isRaised
    }

    public func attend() -> UInt64? { device.attend() }

    private func beginSheet(_ stop: StopSignal) throws(PaperError) -> Bool {
        lineNumber = 0
        return try device.print(Array(repeating: .newLine, count: settings.topMargin), stop: stop)
    }

    private func endSheet(_ stop: StopSignal) throws(PaperError) -> Bool {
        lineNumber = 0
        guard !settings.isContinuous else {
            return try device.print(Array(repeating: .newLine, count: settings.bottomMargin + settings.topMargin), stop: stop)
        }
        feed.end()
        return try device.print([.bell], stop: stop)
    }
}
