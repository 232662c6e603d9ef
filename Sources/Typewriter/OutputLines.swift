import Keyboard
import Logging
import Synchronization

/// Lamps and bells on GPIO lines. Any thread may switch them. One that fails, or whose chip is not there, stops nobody from typing: it
/// is tried again.
final class OutputLines: Sendable {
    /// Takes a line, and gives what switches it.
    typealias Opener = @Sendable (GPIOLine) throws(KeyboardError) -> (_ isOn: Bool) throws(KeyboardError) -> Void

    /// Nanoseconds between two attempts to take a line.
    private static let interval: UInt64 = 2_000_000_000

    private struct Output {
        let use: KeyboardProfile.Output
        let line: GPIOLine
        /// Nil while it is not there.
        var switching: ((Bool) throws(KeyboardError) -> Void)?
        var nextAttempt: UInt64 = 0
        /// What is wrong with it, as it was told last.
        var problem: String?
    }

    /// What is connected.
    let uses: [KeyboardProfile.Output]
    private let outputs: Mutex<[Output]>
    private let open: Opener
    private let logger: Logger

    /// Takes lines when they are switched first.
    init(_ outputs: [(use: KeyboardProfile.Output, line: GPIOLine)], _ logger: Logger, open: @escaping Opener = OutputLines.gpio) {
        uses = KeyboardProfile.Output.allCases.filter { use in outputs.contains { $0.use == use } }
        self.outputs = Mutex(outputs.map { Output(use: $0.use, line: $0.line) })
        self.open = open
        self.logger = logger
    }

    private static let gpio: Opener = { (line) throws(KeyboardError) in
        let line = try OutputLine(line)
        return { (isOn) throws(KeyboardError) in try line.set(isOn) }
    }

    /// - Parameter now: nanoseconds of `CLOCK_MONOTONIC`.
    /// - Returns: Nil when all that have this use are so now; else when it may be tried again.
    func set(_ use: KeyboardProfile.Output, _ isOn: Bool, at now: UInt64) -> UInt64? {
        outputs.withLock { outputs in
            var retry: UInt64?
            for index in outputs.indices where outputs[index].use == use {
                set(&outputs[index], isOn, at: now)
                if outputs[index].switching == nil { retry = min(retry ?? .max, outputs[index].nextAttempt) }
            }
            return retry
        }
    }

    private func set(_ output: inout Output, _ isOn: Bool, at now: UInt64) {
        guard output.switching != nil || now >= output.nextAttempt else { return }
        do throws(KeyboardError) {
            if output.switching == nil { output.switching = try open(output.line) }
            try output.switching?(isOn)
            if output.problem != nil { logger.notice("the keyboard's output \(output.use.rawValue) is there") }
            output.problem = nil
        } catch {
            output.switching = nil
            output.nextAttempt = now &+ Self.interval
            guard error.description != output.problem else { return }
            output.problem = error.description
            logger.error("the keyboard's output \(output.use.rawValue): \(error)")
        }
    }
}
