/// Waits for any number of keyboards in one `poll(2)`. Blocks the thread that calls it, so it has one of its own.
public final class KeyWaiter {
    public init(_ keyboards: [any Keyboard]) throws(KeyboardError) {}

    /// The keys that arrived, at least one, or none when `deadline` (nanoseconds of `CLOCK_MONOTONIC`) passed,
    /// `wake` was called, or no keyboard has anything to give any more.
    public func wait(until deadline: UInt64? = nil) throws(KeyboardError) -> [KeyEvent] { [] }

    /// Every keyboard has ended.
    public var isEnded: Bool { true }
}
