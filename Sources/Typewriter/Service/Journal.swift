import Glibc
import Logging

/// The system's log, in its own protocol: fields in a datagram (systemd.io/JOURNAL_NATIVE_PROTOCOL).
final class Journal: Sendable {
    /// Bytes of a message; what is longer is cut, so that an entry fits into a datagram.
    private static let longestMessage = 32768

    private let socket: DatagramSocket

    init?(socket name: String = "/run/systemd/journal/socket") {
        guard let socket = DatagramSocket(name) else { return nil }
        self.socket = socket
    }

    /// The journal, if standard error leads there: `JOURNAL_STREAM` names the device and inode of what the service manager connected
    /// (systemd.exec(5)).
    static func ofStandardError() -> Journal? {
        guard let stream = getenv("JOURNAL_STREAM").map({ String(cString: $0) }) else { return nil }
        var status = stat()
        guard fstat(STDERR_FILENO, &status) == 0, stream == "\(status.st_dev):\(status.st_ino)" else { return nil }
        return Journal()
    }

    /// - Returns: whether the journal took it.
    func write(_ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata) -> Bool {
        var entry: [UInt8] = []
        func add(_ name: String, _ value: String) {
            let value = Array(value.utf8)
            entry += Array(name.utf8)
            if value.contains(UInt8(ascii: "\n")) {
                // Its length in bytes, little-endian, and the bytes.
                entry.append(UInt8(ascii: "\n"))
                withUnsafeBytes(of: UInt64(value.count).littleEndian) { entry += $0 }
            } else {
                entry.append(UInt8(ascii: "="))
            }
            entry += value
            entry.append(UInt8(ascii: "\n"))
        }
        add("PRIORITY", Self.priority(level))
        add("SYSLOG_IDENTIFIER", "platend")
        add("MESSAGE", message.utf8.count <= Self.longestMessage ? message : String(decoding: message.utf8.prefix(Self.longestMessage), as: UTF8.self))
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) { add("PLATEN_\(key.uppercased())", "\(value)") }
        return socket.send(entry)
    }

    /// syslog's, as in syslog(3).
    private static func priority(_ level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: "7"
        case .info: "6"
        case .notice: "5"
        case .warning: "4"
        case .error: "3"
        case .critical: "2"
        }
    }
}
