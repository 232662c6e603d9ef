import Glibc

/// Sends datagrams to a Unix socket: the service manager's, the journal's. Any thread may.
final class DatagramSocket: Sendable {
    /// Bytes of `sun_path` (unix(7)).
    private static let mostNameBytes = 108

    private let descriptor: Int32
    /// A `sockaddr_un`, as far as it counts.
    private let address: [UInt8]

    /// - Parameter name: A path, or `@` and a name that is in no directory (an abstract socket).
    /// Nil where it is neither, or too long.
    init?(_ name: String) {
        var path = Array(name.utf8)
        guard let first = path.first, first == UInt8(ascii: "/") || first == UInt8(ascii: "@"), path.count > 1 else { return nil }
        // An abstract name begins with a zero, and counts up to the address's end; a path ends with one.
        if first == UInt8(ascii: "@") { path[0] = 0 } else { path.append(0) }
        guard path.count <= Self.mostNameBytes else { return nil }
        address = withUnsafeBytes(of: sa_family_t(AF_UNIX), Array.init) + path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        // Who does not read must not stop the typewriter.
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// - Returns: whether it was taken.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        address.withUnsafeBytes { address in
            // Aligned by the allocator, as any address of the C library is taken.
            guard let base = address.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return false }
            while true {
                let count = sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), base, socklen_t(address.count))
                if count < 0, errno == EINTR { continue }
                return count == bytes.count
            }
        }
    }
}
