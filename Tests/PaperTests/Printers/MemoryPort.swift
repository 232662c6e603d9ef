@testable import Paper
import Synchronization

/// A port whose other side is a reader. Can be pulled out, and take only some bytes first.
final class MemoryPort<Reader: PrinterReader & Sendable>: PrinterPort, Sendable {
    struct State: Sendable {
        var reader: Reader
        /// Bytes until the plug is pulled; nil: never.
        var untilLoss: Int?
        /// What happens at each loss: how many bytes until the next.
        var nextLoss: @Sendable () -> Int? = { nil }
        var losses = 0
        /// What has to be waited for, one a question.
        var obstacles: [String] = []
        var jobs = 0
        /// Bytes after which `stop` is raised.
        var untilStop: Int?
        var bytes: [UInt8] = []
        /// Bytes are on their way until the printer is asked for an answer; a loss loses them.
        var hasCable = false
        var cable: [UInt8] = []
    }

    let state: Mutex<State>
    let name = "memory"
    let canAnswer = true

    init(_ reader: Reader) { state = Mutex(State(reader: reader)) }

    var page: StruckPage { state.withLock(\.reader.page) }
    var faults: [String] { state.withLock(\.reader.faults) }
    var bytes: [UInt8] { state.withLock(\.bytes) }

    func open() -> String? { nil }
    func close() {}

    func obstacle() -> String? { state.withLock { $0.obstacles.popLast() } }

    func write(_ bytes: ArraySlice<UInt8>, stop: StopSignal?) -> PortWrite {
        state.withLock { state in
            var count = 0
            for byte in bytes {
                if let stop, stop.isRaised { return PortWrite(count: count, end: .stopped) }
                if state.untilLoss == 0 {
                    state.untilLoss = state.nextLoss()
                    state.losses += 1
                    state.cable = []
                    return PortWrite(count: count, end: .lost("unplugged"))
                }
                state.untilLoss? -= 1
                if state.hasCable {
                    state.cable.append(byte)
                    if byte == 0x03 {
                        state.reader.read(state.cable)
                        state.cable = []
                    }
                } else {
                    state.reader.read(byte)
                }
                state.bytes.append(byte)
                count += 1
                if let left = state.untilStop {
                    state.untilStop = left - 1
                    if left == 0 { stop?.raise() }
                }
            }
            return PortWrite(count: count, end: .done)
        }
    }

    func read(milliseconds: Int32, stop: StopSignal) -> PortRead {
        state.withLock { state in
            guard !state.reader.answers.isEmpty else { return .nothing }
            return .byte(state.reader.answers.removeFirst())
        }
    }

    func finishJob(_ stop: StopSignal) -> String? {
        state.withLock { $0.jobs += 1 }
        return nil
    }
}
