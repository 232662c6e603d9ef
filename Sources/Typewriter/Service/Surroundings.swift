import Keyboard
import Logging

/// Whom a session tells how it is, and who ends it.
struct Surroundings {
    let machine: Machine
    /// Nil where nobody supervises.
    let manager: ServiceManager?
    /// SIGTERM and SIGINT. Nil at a terminal, which has its own way back from them.
    let ending: SignalListener?
    /// SIGHUP. Nil where settings are not read again.
    let reload: SignalListener?
    let logger: Logger

    private static let retrySeconds = 2

    /// Opens what is typed on. Where there is nobody to be told, it is tried until it succeeds.
    /// - Parameter panel: Blinks meanwhile.
    /// - Returns: nil if a signal ended the waiting.
    /// - Throws: what is wrong with the settings, which no waiting mends; at a terminal, all that is wrong.
    func waitForPaper<Paper>(_ panel: SignalPanel, _ open: () throws(TypewriterError) -> Paper) throws(TypewriterError) -> Paper? {
        var reason: TypewriterError?
        while true {
            do throws(TypewriterError) {
                let opened = try open()
                if reason != nil {
                    machine.lack(.printer, nil)
                    logger.notice("the printer is there")
                }
                return opened
            } catch {
                guard let ending, error.status != .configuration else { throw error }
                if error != reason {
                    reason = error
                    machine.lack(.printer, error.description)
                    logger.error("the printer is waited for: \(error)")
                }
                manager?.needsTime(seconds: Self.retrySeconds * 5)
                if Self.pause(panel, until: ending) {
                    machine.turn(to: .ending)
                    return nil
                }
            }
        }
    }

    /// - Returns: whether a signal came before it is time to try again.
    private static func pause(_ panel: SignalPanel, until ending: SignalListener) -> Bool {
        let end = monotonicNanoseconds() + UInt64(retrySeconds) * 1_000_000_000
        while true {
            let now = monotonicNanoseconds()
            guard now < end else { return false }
            var none: [KeyEvent] = []
            panel.read(at: now, into: &none)
            let next = min(end, panel.deadline ?? end)
            if ending.wait(milliseconds: Int32(clamping: (next - min(now, next)) / 1_000_000 + 1)) { return true }
        }
    }
}
