import Glibc

/// Sends datagrams to a Unix socket: the service manager's, the journal's. Any thread may.
final class DatagramSocket: Sendable {
    private let descriptor: Int32
    private let address: UnixAddress

    /// - Parameter name: A path, or `@` and a name of an abstract socket; nil where it is neither.
    init?(_ name: String) {
        guard let address = UnixAddress(name) else { return nil }
        self.address = address
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        // Who does not read must not stop the typewriter.
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// - Returns: whether it was taken.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        address.withPointer { address, size in
            while true {
                let count = sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), address, size)
                if count < 0, errno == EINTR { continue }
                return count == bytes.count
            }
        }
    }
}
