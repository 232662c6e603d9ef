import Keyboard
import Logging

/// A keyboard whose coming and going is told in the log: a silent machine looks broken.
final class ReportingKeyboard: Keyboard {
    private let keyboard: any Keyboard
    private let name: String
    private let logger: Logger
    private var wasConnected = true

    /// - Parameter name: what to call it.
    init(_ keyboard: any Keyboard, name: String, logger: Logger) {
        (self.keyboard, self.name, self.logger) = (keyboard, name, logger)
        report()
    }

    var descriptor: Int32? { keyboard.descriptor }
    var deadline: UInt64? { keyboard.deadline }
    var isConnected: Bool { keyboard.isConnected }

    func read(at now: UInt64, into events: inout [KeyEvent]) throws(KeyboardError) {
        try keyboard.read(at: now, into: &events)
        report()
    }

    private func report() {
        guard keyboard.isConnected != wasConnected else { return }
        wasConnected.toggle()
        logger.notice(wasConnected ? "\(name) is there" : "\(name) is not there; it is waited for")
    }
}
