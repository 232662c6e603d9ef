import Synchronization

/// A device that tells how many lines are on paper, so that it is known after a cut what of a text was printed.
public final class PaperProgress: PaperDevice {
    private let device: any PaperDevice
    private let count = Atomic<Int>(0)

    public init(_ device: any PaperDevice) { self.device = device }

    public var capabilities: PaperCapabilities { device.capabilities }

    /// Lines that were ended and printed: `Page.line`, as far as the paper has come.
    public var lines: Int { count.load(ordering: .acquiring) }

    /// The page is on this line and all of it on paper: what was stopped was never counted.
    public func catchUp(with line: Int) { count.store(line, ordering: .releasing) }

    public func print(_ strikes: [Strike], stop: StopSignal) throws(PaperError) -> Bool {
        for line in strikes.lines {
            guard try device.print(Array(line), stop: stop) else { return false }
            for strike in line {
                switch strike {
                case .newLine: count.add(1, ordering: .releasing)
                case .lineUp: count.subtract(1, ordering: .releasing)
                case .text, .bell, .back, .erase, .tearOff: break
                }
            }
        }
        return !stop.isRaised
    }

    public func attend() -> UInt64? { device.attend() }
}
