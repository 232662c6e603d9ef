/// How a lamp blinks: for so many milliseconds on, off, on, off, and so on, again and again. A lamp that does not blink costs nothing.
package struct LampPattern: Sendable, Equatable {
    /// Of on and off in turn; empty for a lamp that stays as it is.
    private let times: [UInt64]
    private let startsOn: Bool

    private init(startsOn: Bool, _ times: [UInt64] = []) {
        (self.startsOn, self.times) = (startsOn, times)
    }

    package static let off = LampPattern(startsOn: false)
    package static let on = LampPattern(startsOn: true)
    /// On and off every second: it works, be patient.
    package static let slow = LampPattern(startsOn: true, [1000, 1000])
    /// Quickly: do something.
    package static let fast = LampPattern(startsOn: true, [200, 200])
    /// As fast as an eye follows.
    package static let flicker = LampPattern(startsOn: true, [100, 100])
    /// On with a wink.
    package static let winking = LampPattern(startsOn: true, [1800, 200])
    /// So many flashes, and a pause in which they can be counted.
    package static func flashes(_ count: Int) -> LampPattern {
        let flashes = [[UInt64]](repeating: [200, 300], count: max(1, count)).flatMap(\.self)
        return LampPattern(startsOn: true, flashes.dropLast() + [1500])
    }

    /// - Parameter elapsed: Nanoseconds since the pattern began.
    /// - Returns: how the lamp is, and the nanoseconds after which it changes; nil for never.
    package func phase(after elapsed: UInt64) -> (isOn: Bool, lasts: UInt64?) {
        let period = times.reduce(0, +)
        guard period > 0 else { return (startsOn, nil) }
        var rest = elapsed % (period * Self.millisecond)
        var isOn = startsOn
        for time in times.map({ $0 * Self.millisecond }) {
            if rest < time { return (isOn, time - rest) }
            rest -= time
            isOn.toggle()
        }
        return (isOn, nil)
    }

    private static let millisecond: UInt64 = 1_000_000
}
