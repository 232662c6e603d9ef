import Keyboard
import Logging
import Synchronization

/// The lamp and the bell beside the keys, as the session works them. A keyboard without keys: it wants to be asked when the bell has rung.
package final class SignalPanel: Keyboard {
    /// How long the bell's line is on, in nanoseconds: enough for a striker to reach it.
    private static let ringing: UInt64 = 150_000_000

    package let descriptor: Int32? = nil
    package private(set) var deadline: UInt64?
    private let set: (KeyboardProfile.Output, Bool) -> Void
    private var isThinking = false

    /// - Parameter set: Switches what is connected.
    package init(_ set: @escaping (KeyboardProfile.Output, Bool) -> Void) {
        self.set = set
    }

    package func read(at now: UInt64, into events: inout [KeyEvent]) {
        guard let end = deadline, now >= end else { return }
        deadline = nil
        set(.bell, false)
    }

    func think(_ isThinking: Bool) {
        guard isThinking != self.isThinking else { return }
        self.isThinking = isThinking
        set(.thinking, isThinking)
    }

    func ring(at now: UInt64) {
        deadline = now + Self.ringing
        set(.bell, true)
    }
}

/// Lamps and bells on GPIO lines. Any thread may switch them.
final class OutputLines: Sendable {
    private let lines: Mutex<[(use: KeyboardProfile.Output, line: OutputLine)]>
    private let logger: Logger

    /// Takes the lines; all are off.
    init(_ outputs: [(use: KeyboardProfile.Output, line: GPIOLine)], _ logger: Logger) throws(TypewriterError) {
        var lines: [(KeyboardProfile.Output, OutputLine)] = []
        for (use, line) in outputs {
            do {
                lines.append((use, try OutputLine(line)))
            } catch {
                throw TypewriterError("the keyboard's output \(use.rawValue): \(error)", status: .ioError)
            }
        }
        self.lines = Mutex(lines)
        self.logger = logger
    }

    /// A lamp that fails stops nobody from typing.
    func set(_ use: KeyboardProfile.Output, _ isOn: Bool) {
        lines.withLock { lines in
            for (_, line) in lines.filter({ $0.use == use }) {
                do {
                    try line.set(isOn)
                } catch {
                    logger.warning("the keyboard's output \(use.rawValue): \(error)")
                }
            }
        }
    }
}
