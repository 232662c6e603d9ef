import Keyboard
import Logging
import Synchronization

/// Lamps and bells on GPIO lines. Any thread may switch them.
final class OutputLines: Sendable {
    /// What is connected.
    let uses: [KeyboardProfile.Output]
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
        uses = KeyboardProfile.Output.allCases.filter { use in outputs.contains { $0.use == use } }
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
