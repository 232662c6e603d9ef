import CHardware
import Glibc

/// Lines of which nothing is known, each driven low in turn. Nothing is ever driven high.
public final class GPIOProbe {
    /// The lines that can be probed, by the numbers or names that they were given by.
    public let lines: [String]
    /// Lines that are held high by something stronger than a pull: driving them would be a short circuit.
    public let heldHigh: [String]
    private let groups: [GPIOGroup]
    private let settle: UInt64

    /// - Parameter settle: Nanoseconds that a line takes to follow another.
    public init(_ lines: [GPIOLine], settle: UInt64 = 50_000) throws(KeyboardError) {
        var (found, held): ([(String, GPIOGroup)], [String]) = ([], [])
        guard lines.count <= MatrixState.most else { throw KeyboardError("\(lines.count) lines; up to \(MatrixState.most) can be probed") }
        for line in lines {
            let place = try line.place()
            var settings = pl_gpio_settings(is_output: false, active_low: true, is_open: true, has_edges: false, pull: PL_GPIO_PULL_DOWN)
            let group = try GPIOGroup(path: place.path, [place.offset], settings)
            pl_sleep(1_000_000)
            if try group.values() == 0 {
                held.append(line.line)
                continue
            }
            settings.pull = PL_GPIO_PULL_UP
            try group.configure(settings)
            found.append((line.line, group))
        }
        (self.lines, groups, heldHigh, self.settle) = (found.map(\.0), found.map(\.1), held, settle)
    }

    /// Takes a few milliseconds.
    public func look() throws(KeyboardError) -> WiringLook {
        var look = WiringLook(whileDriven: [])
        pl_sleep(settle)
        look.undriven = try values(except: nil)
        for (index, group) in groups.enumerated() {
            try group.makeOutput(true, values: 1)
            pl_sleep(settle)
            look.whileDriven.append(try values(except: index))
            try group.makeOutput(false)
            pl_sleep(settle)
        }
        return look
    }

    private func values(except driven: Int?) throws(KeyboardError) -> UInt64 {
        var values: UInt64 = 0
        for (index, group) in groups.enumerated() where index != driven { values |= try group.values() << UInt64(index) }
        return values
    }
}
