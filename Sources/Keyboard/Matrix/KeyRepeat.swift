/// How keys that are held down repeat.
public struct KeyRepeat: Sendable, Hashable {
    /// Nanoseconds until a key that is held repeats for the first time, and from then on.
    public var delay: UInt64
    public var interval: UInt64
    /// The codes of `linux/input-event-codes.h` that repeat; nil for all.
    public var codes: Set<UInt16>?

    public init(delay: UInt64 = 500_000_000, interval: UInt64 = 100_000_000, codes: Set<UInt16>? = KeyRepeat.typamatic) {
        self.delay = delay
        self.interval = max(1, interval)
        self.codes = codes
    }

    /// The keys that repeat on an electric typewriter: space, backspace, hyphen with underscore. (Its carrier return, which repeats
    /// as well, sends here.)
    public static let typamatic: Set<UInt16> = [57, 14, 12]

    func concerns(_ binding: KeyBinding?) -> Bool {
        guard case .code(let code)? = binding else { return false }
        return codes?.contains(code) ?? true
    }
}

/// Tells when the key that went down last repeats. Pure.
struct KeyRepeater {
    private let settings: KeyRepeat
    private var held: MatrixPosition?
    /// When it repeats next; nil where nothing does.
    private(set) var due: UInt64?

    init(_ settings: KeyRepeat) { self.settings = settings }

    /// - Parameter binding: What the key stands for.
    mutating func change(_ change: Debouncer.Change, _ binding: KeyBinding?, at now: UInt64) {
        if change.isPressed {
            // Another key ends it, whether that repeats or not.
            held = settings.concerns(binding) ? change.position : nil
            due = held.map { _ in now + settings.delay }
        } else if change.position == held {
            (held, due) = (nil, nil)
        }
    }

    /// The key that repeats now. What was missed is not made up for.
    mutating func take(at now: UInt64) -> MatrixPosition? {
        guard let held, let due, now >= due else { return nil }
        self.due = now + settings.interval
        return held
    }
}
