import Glibc

/// Asks a daemon how it is.
public enum StatusClient {
    /// More is no daemon's answer.
    private static let mostBytes = 65536

    /// The status socket: in the first directory of `RUNTIME_DIRECTORY` (systemd.exec(5)), or where the service has it.
    public static var standardPath: String {
        let directory = getenv("RUNTIME_DIRECTORY").map { String(cString: $0) }?.split(separator: ":").first.map(String.init)
        return "\(directory ?? "/run/platen")/status.sock"
    }

    /// - Returns: a line of JSON, and lines for people.
    /// - Throws: a line that says why nobody answered.
    public static func ask(_ path: String = standardPath) throws(TypewriterError) -> (json: String, text: String) {
        let descriptor = try connect(path)
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= mostBytes {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw TypewriterError("\(path): the daemon does not answer: \(String(cString: strerror(errno)))", status: .unavailable)
            }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard bytes.count <= mostBytes, let end = text.firstIndex(of: "\n") else {
            throw TypewriterError("\(path): what answers there is no typewriter", status: .unavailable)
        }
        return (String(text[..<end]), String(text[text.index(after: end)...]))
    }

    /// Somebody takes connections there.
    static func isAnswered(_ path: String) -> Bool {
        guard let descriptor = try? connect(path) else { return false }
        close(descriptor)
        return true
    }

    private static func connect(_ path: String) throws(TypewriterError) -> Int32 {
        guard let address = UnixAddress(path) else {
            throw TypewriterError("\(path): no path that a socket may have", status: .unavailable)
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw TypewriterError("cannot make a socket: \(String(cString: strerror(errno)))", status: .shortage) }
        var patience = timeval(tv_sec: 5, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        guard address.withPointer({ Glibc.connect(descriptor, $0, $1) }) == 0 else {
            let error = errno
            close(descriptor)
            let reason =
                switch error {
                case ENOENT, ECONNREFUSED: "no typewriter runs here: nobody listens on \(path); `systemctl status platen` says more"
                case EACCES: "not permitted to ask on \(path); join the group platen, or use sudo"
                default: "\(path): \(String(cString: strerror(error)))"
                }
            throw TypewriterError(reason, status: .unavailable)
        }
        return descriptor
    }
}
