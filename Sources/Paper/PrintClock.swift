import Glibc

/// The time that a device is paced by. Tests bring their own.
public protocol PrintClock: Sendable {
    /// Monotonic nanoseconds.
    func now() -> UInt64
    /// Blocks the printing thread until then. False as soon as `stop` is raised.
    func wait(until time: UInt64, stop: StopSignal) -> Bool
}

public struct SystemPrintClock: PrintClock {
    public init() {}

    public func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    public func wait(until time: UInt64, stop: StopSignal) -> Bool {
        while true {
            let now = now()
            guard now < time else { return !stop.isRaised }
            var query = pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&query, 1, Int32(min((time - now - 1) / 1_000_000 + 1, 60_000))) > 0 { return false }
        }
    }
}
