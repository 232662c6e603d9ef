import Glibc
import Paper
import Synchronization

/// Time that passes when somebody waits, and at once. Can raise a stop after so many waits.
final class FakeClock: PrintClock {
    private let state = Mutex((now: UInt64(1_000), waits: 0))
    private let stopAfter: Int?
    private let raised: StopSignal?

    /// - Parameter raised: what is raised then; the signal of the one who waits, if nil.
    init(stopAfter: Int? = nil, raising raised: StopSignal? = nil) {
        self.stopAfter = stopAfter
        self.raised = raised
    }

    var waits: Int { state.withLock { $0.waits } }

    func now() -> UInt64 { state.withLock { $0.now } }

    func wait(until time: UInt64, stop: StopSignal) -> Bool {
        let waits = state.withLock { state in
            state.now = max(state.now, time)
            state.waits += 1
            return state.waits
        }
        if waits == stopAfter { (raised ?? stop).raise() }
        return !stop.isRaised
    }
}

/// A pipe whose reading end collects what was written.
struct Pipe {
    let readEnd: Int32
    let writeEnd: Int32

    init() {
        var ends: [Int32] = [0, 0]
        precondition(pipe(&ends) == 0)
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    func close() {
        Glibc.close(readEnd)
        Glibc.close(writeEnd)
    }

    /// What is in the pipe now.
    func read() -> String {
        var result: [UInt8] = []
        var query = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
        while poll(&query, 1, 0) > 0, Int32(query.revents) & POLLIN != 0 {
            var bytes = [UInt8](repeating: 0, count: 65536)
            let count = Glibc.read(readEnd, &bytes, bytes.count)
            guard count > 0 else { break }
            result += bytes[..<count]
        }
        return String(decoding: result, as: UTF8.self)
    }
}
