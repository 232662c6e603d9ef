import CHardware
import Glibc

/// Waits for any number of keyboards in one `ppoll(2)`. Blocks the thread that calls it, so it has one of its own.
public final class KeyWaiter {
    /// For other threads.
    public let waker: KeyWaker
    private let keyboards: [any Keyboard]
    private let now: @Sendable () -> UInt64
    /// Met while other keys were already there: they are given first.
    private var postponed: KeyboardError?

    /// - Parameter now: the time in nanoseconds of `CLOCK_MONOTONIC`.
    public init(
        _ keyboards: [any Keyboard], now: @escaping @Sendable () -> UInt64 = monotonicNanoseconds
    ) throws(KeyboardError) {
        waker = try KeyWaker()
        self.keyboards = keyboards
        self.now = now
    }

    /// Every keyboard has ended; `wait` gives no more keys.
    public var isEnded: Bool { keyboards.allSatisfy { !$0.givesKeys || $0.descriptor == nil && $0.deadline == nil } }

    /// The keys that arrived, at least one; none when `deadline` (nanoseconds of `CLOCK_MONOTONIC`) passed,
    /// the waker was called, or every keyboard has ended.
    /// - Throws: what a keyboard threw.
    public func wait(until deadline: UInt64? = nil) throws(KeyboardError) -> [KeyEvent] {
        if let error = postponed {
            postponed = nil
            throw error
        }
        var events: [KeyEvent] = []
        while true {
            let time = now()
            for keyboard in keyboards {
                do throws(KeyboardError) {
                    try keyboard.read(at: time, into: &events)
                } catch {
                    guard !events.isEmpty else { throw error }
                    postponed = error
                }
            }
            if !events.isEmpty || waker.isAwake() || isEnded { return events }
            if let deadline, time >= deadline { return events }
            try sleep(until: ([deadline] + keyboards.map(\.deadline)).compactMap { $0 }.min(), from: time)
        }
    }

    /// Returns when a descriptor is ready or the time has come; too early does no harm.
    private func sleep(until deadline: UInt64?, from time: UInt64) throws(KeyboardError) {
        let timeout = deadline.map { Int64(min($0 - min($0, time), 3_600_000_000_000)) } ?? -1
        var descriptors = ([waker.descriptor] + keyboards.compactMap(\.descriptor)).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        if pl_poll(&descriptors, nfds_t(descriptors.count), timeout) < 0, errno != EINTR {
            throw KeyboardError("cannot wait for keys: \(String(cString: strerror(errno)))")
        }
    }
}
