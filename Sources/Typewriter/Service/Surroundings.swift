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

    /// Opens a part of the machine. Where there is nobody to be told, it is tried until it succeeds.
    /// - Returns: nil if a signal ended the waiting.
    /// - Throws: what is wrong with the settings, which no waiting mends; at a terminal, all that is wrong.
    func wait<Part>(for part: MachinePart, _ open: () throws(TypewriterError) -> Part) throws(TypewriterError) -> Part? {
        var reason: TypewriterError?
        while true {
            do throws(TypewriterError) {
                let opened = try open()
                if reason != nil {
                    machine.lack(part, nil)
                    logger.notice("the \(part.rawValue) is there")
                }
                return opened
            } catch {
                guard let ending, error.status != .configuration else { throw error }
                if error != reason {
                    reason = error
                    machine.lack(part, error.description)
                    logger.error("the \(part.rawValue) is waited for: \(error)")
                }
                manager?.needsTime(seconds: Self.retrySeconds * 5)
                if ending.wait(milliseconds: Int32(Self.retrySeconds * 1000)) {
                    machine.turn(to: .ending)
                    return nil
                }
            }
        }
    }
}
