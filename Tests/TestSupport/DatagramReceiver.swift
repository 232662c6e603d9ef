import Foundation
import Glibc

/// The other side of a Unix datagram socket, as the service manager and the journal have it.
public final class DatagramReceiver {
    struct Failure: Error { let call: String; let code: Int32 }

    private let descriptor: Int32

    /// - Parameter name: a path, or `@` and a name of an abstract socket.
    public init(_ name: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 } else { bytes.append(0) }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        guard result == 0 else { throw Failure(call: "bind", code: errno) }
    }

    deinit { close(descriptor) }

    /// The next datagram; nil where none comes in time.
    public func receive(within seconds: Double = 0) -> Data? {
        var query = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&query, 1, Int32(seconds * 1000)) > 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 1 << 18)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return count >= 0 ? Data(bytes[..<count]) : nil
    }

    /// The next datagram's lines.
    public func lines(within seconds: Double = 0) -> [String]? {
        receive(within: seconds).map { String(decoding: $0, as: UTF8.self).split(separator: "\n").map(String.init) }
    }

    /// Whether a line for which this holds comes in time; what comes before it is dropped.
    public func hears(within seconds: Double = 30, _ isWanted: (String) -> Bool) -> Bool {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            if let lines = lines(within: 0.2), lines.contains(where: isWanted) { return true }
        }
        return false
    }
}
