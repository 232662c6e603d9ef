import Glibc

/// The one who started the daemon and wants to hear how it is. The protocol is sd_notify(3)'s: assignments, one a line, in a datagram.
package final class ServiceManager: Sendable {
    /// Nanoseconds between two signs of life, half of what is allowed; nil where nobody waits for them.
    let heartbeat: UInt64?
    private let socket: DatagramSocket

    /// As `NOTIFY_SOCKET`, `WATCHDOG_USEC` and `WATCHDOG_PID` say; nil where there is nobody. They are taken out of the environment: a
    /// program that is started from here has nothing to tell.
    package convenience init?() {
        func take(_ name: String) -> String? {
            defer { unsetenv(name) }
            return getenv(name).map { String(cString: $0) }
        }
        let (name, microseconds, process) = (take("NOTIFY_SOCKET"), take("WATCHDOG_USEC"), take("WATCHDOG_PID"))
        self.init(socket: name ?? "", watchdog: process == nil || process == "\(getpid())" ? microseconds : nil)
    }

    /// - Parameter watchdog: Microseconds without a sign of life, after which the manager starts the daemon anew.
    init?(socket name: String, watchdog: String? = nil) {
        guard let socket = DatagramSocket(name) else { return nil }
        self.socket = socket
        // An hour is as good as never, and fits every clock.
        heartbeat = watchdog.flatMap(UInt64.init).flatMap { $0 > 1 ? min($0, 3_600_000_000) * 500 : nil }
    }

    /// Tells what the machine does, now and from now on.
    package func follow(_ machine: Machine) {
        machine.observe { [self] state in
            tell((state == .ending ? ["STOPPING=1"] : []) + ["STATUS=\(state)"])
        }
    }

    /// Keys are accepted.
    package func isReady() { tell(["READY=1"]) }
    /// The loop that handles keys has just come round.
    func isAlive() { tell(["WATCHDOG=1"]) }
    /// It takes this much longer until it is ready.
    func needsTime(seconds: Int) { tell(["EXTEND_TIMEOUT_USEC=\(seconds * 1_000_000)"]) }

    /// Settings are read anew; `isReady` ends it.
    package func isReloading(at now: UInt64) { tell(["RELOADING=1", "MONOTONIC_USEC=\(now / 1000)"]) }

    private func tell(_ assignments: [String]) {
        socket.send(Array(assignments.map { $0.filter { $0 != "\n" } }.joined(separator: "\n").utf8))
    }
}
