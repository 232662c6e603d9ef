/// How fast somebody types, and when it pays to expect Return.
struct TypingPace {
    /// Nobody pauses for less, and everybody for more.
    private static let least: UInt64 = 40_000_000
    private static let most: UInt64 = 150_000_000
    /// Times that make the pace; longer ones are thoughts.
    private static let kept = 9
    private static let thought: UInt64 = 1_000_000_000

    private var last: UInt64?
    private var gaps: [UInt64] = []

    /// A key at this time, in nanoseconds.
    mutating func key(at time: UInt64) {
        defer { last = time }
        guard let last, time >= last, time - last < Self.thought else { return }
        if gaps.count == Self.kept { gaps.removeFirst() }
        gaps.append(time - last)
    }

    /// After so long, in nanoseconds, the line is read as if it were sent next: half of the time between two letters, so that the other
    /// half is left for it when Return comes as fast as a letter. A letter that comes instead ends the reading within a layer.
    var pause: UInt64 {
        guard gaps.count >= 3 else { return Self.most }
        return min(max(gaps.sorted()[gaps.count / 2] / 2, Self.least), Self.most)
    }
}
