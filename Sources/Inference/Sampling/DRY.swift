import Glibc

/// Settings of `DRY`.
public struct DRYSettings: Sendable, Equatable {
    /// How strongly a repetition is punished; 0 turns it off.
    public var multiplier: Float = 0
    /// How fast the punishment grows with the repetition's length.
    public var base: Float = 1.75
    /// Repetitions up to this many tokens are free.
    public var allowedLength = 2
    /// How many recent tokens are searched.
    public var window = 1024
    /// Tokens over which no repetition reaches, such as a line break.
    public var breakers: Set<Int32> = []

    public init() {}

    var problem: String? {
        if !(multiplier >= 0 && multiplier <= 100) { return "dry_multiplier \(multiplier) is not between 0 and 100" }
        if !(base >= 1 && base <= 100) { return "dry_base \(base) is not between 1 and 100" }
        if !(1...65536).contains(allowedLength) { return "dry_allowed_length \(allowedLength) is not between 1 and 65536" }
        if !(0...65536).contains(window) { return "dry_window \(window) is not between 0 and 65536" }
        return nil
    }
}

/// "Don't repeat yourself": a token that would continue a repetition of the text's own end is made less likely by
/// multiplier * base ^ (length - allowedLength), where length is the longest such repetition.
/// As proposed by p-e-w for text-generation-webui (pull request 5677).
struct DRY {
    let settings: DRYSettings
    /// Matching tokens ending at each age, by the Z-function of the reversed text: [window].
    private var lengths: [Int]
    /// The longest repetition that each token would continue.
    private var longest: [Int32: Int] = [:]

    init(_ settings: DRYSettings) {
        self.settings = settings
        lengths = [Int](repeating: 0, count: settings.multiplier > 0 ? settings.window : 0)
        if settings.multiplier > 0 { longest.reserveCapacity(settings.window) }
    }

    mutating func apply(recent: RecentTokens, to logits: UnsafeMutableBufferPointer<Float>) {
        guard settings.multiplier > 0 else { return }
        let count = min(settings.window, recent.count)
        guard count > settings.allowedLength else { return }
        let reach = tokensAfterBreaker(recent, count)
        guard reach >= settings.allowedLength else { return }
        matchLengths(recent, count)
        longest.removeAll(keepingCapacity: true)
        for age in 1..<count where lengths[age] >= settings.allowedLength {
            let follower = recent[age: age - 1]
            longest[follower] = max(longest[follower] ?? 0, min(lengths[age], reach))
        }
        // The power stays finite: a repetition of hundreds of tokens is impossible enough.
        let mostSteps = 80 / log(max(settings.base, 1.001))
        for (token, length) in longest where token >= 0 && Int(token) < logits.count {
            let steps = min(Float(length - settings.allowedLength), mostSteps)
            logits[Int(token)] -= settings.multiplier * pow(settings.base, steps)
        }
    }

    /// How many tokens at the end hold no breaker.
    private func tokensAfterBreaker(_ recent: RecentTokens, _ count: Int) -> Int {
        for age in 0..<count where settings.breakers.contains(recent[age: age]) { return age }
        return count
    }

    /// lengths[age]: how many tokens up to the one at `age` equal the text's last tokens. Linear time.
    private mutating func matchLengths(_ recent: RecentTokens, _ count: Int) {
        var left = 0, right = 0
        lengths[0] = 0
        for i in 1..<count {
            var length = i < right ? min(right - i, lengths[i - left]) : 0
            while i + length < count, recent[age: length] == recent[age: i + length] { length += 1 }
            lengths[i] = length
            if i + length > right { (left, right) = (i, i + length) }
        }
    }
}
