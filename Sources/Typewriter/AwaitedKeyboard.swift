import Keyboard
import Logging

/// A keyboard that may not be there, at the beginning or later, and is waited for. That is told: a silent machine looks broken.
final class AwaitedKeyboard: Keyboard {
    /// Nanoseconds between two attempts to open it.
    private static let interval: UInt64 = 2_000_000_000

    private let name: String
    private let isPatient: Bool
    private let logger: Logger
    private let open: () throws(TypewriterError) -> any Keyboard
    private let onChange: (_ obstacle: String?) -> Void
    /// Nil until it is opened.
    private var keyboard: (any Keyboard)?
    private var nextAttempt: UInt64 = 0
    /// Why there is none, as it was told last.
    private var obstacle: String?

    /// - Parameters:
    ///   - name: what to call it.
    ///   - isPatient: what keeps it from being opened is waited for, too.
    ///   - onChange: hears why it is not there, and nil when it is there again.
    /// - Throws: what is wrong with the settings, which no waiting mends; from the impatient, whatever is wrong.
    init(
        _ name: String, isPatient: Bool = true, logger: Logger, onChange: @escaping (_ obstacle: String?) -> Void = { _ in },
        open: @escaping () throws(TypewriterError) -> any Keyboard
    ) throws(TypewriterError) {
        (self.name, self.isPatient, self.logger, self.onChange, self.open) = (name, isPatient, logger, onChange, open)
        do {
            keyboard = try open()
            report()
        } catch {
            guard isPatient, error.status != .configuration else { throw error }
            tell(error.description, .error)
        }
    }

    var descriptor: Int32? { keyboard?.descriptor }
    var deadline: UInt64? { keyboard.map(\.deadline) ?? nextAttempt }
    var isConnected: Bool { keyboard?.isConnected ?? false }
    var givesKeys: Bool { keyboard?.givesKeys ?? true }

    func read(at now: UInt64, into events: inout [KeyEvent]) throws(KeyboardError) {
        if keyboard == nil, now >= nextAttempt {
            nextAttempt = now &+ Self.interval
            do {
                keyboard = try open()
            } catch {
                tell(error.description, .error)
            }
        }
        do {
            try keyboard?.read(at: now, into: &events)
        } catch {
            guard isPatient else { throw error }
            keyboard = nil
            nextAttempt = now &+ Self.interval
            tell(error.description, .error)
        }
        report()
    }

    private func report() {
        guard let keyboard else { return }
        tell(keyboard.isConnected ? nil : "\(name) is not there", .notice)
    }

    private func tell(_ new: String?, _ level: Logger.Level) {
        guard new != obstacle else { return }
        obstacle = new
        onChange(new)
        logger.log(level: level, "\(new.map { "\($0); it is waited for" } ?? "\(name) is there")")
    }
}
