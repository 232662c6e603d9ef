import Keyboard
import Logging

/// A keyboard whose coming and going is told in the log: a silent machine looks broken.
final class ReportingKeyboard: Keyboard {
    private let keyboard: any Keyboard
    private let name: String
    private let logger: Logger
    private let onChange: (_ isConnected: Bool) -> Void
    private var wasConnected = true

    /// - Parameters:
    ///   - name: what to call it.
    ///   - onChange: called when it is not there, and when it is there again.
    init(_ keyboard: any Keyboard, name: String, logger: Logger, onChange: @escaping (_ isConnected: Bool) -> Void = { _ in }) {
        (self.keyboard, self.name, self.logger, self.onChange) = (keyboard, name, logger, onChange)
        report()
    }

    var descriptor: Int32? { keyboard.descriptor }
    var deadline: UInt64? { keyboard.deadline }
    var isConnected: Bool { keyboard.isConnected }
    var givesKeys: Bool { keyboard.givesKeys }

    func read(at now: UInt64, into events: inout [KeyEvent]) throws(KeyboardError) {
        try keyboard.read(at: now, into: &events)
        report()
    }

    private func report() {
        guard keyboard.isConnected != wasConnected else { return }
        wasConnected.toggle()
        onChange(wasConnected)
        logger.notice(wasConnected ? "\(name) is there" : "\(name) is not there; it is waited for")
    }
}
