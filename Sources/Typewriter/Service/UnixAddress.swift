import Glibc

/// The address of a Unix socket: a path, or `@` and a name that is in no directory (an abstract socket).
struct UnixAddress: Sendable {
    /// Bytes of `sun_path` (unix(7)).
    private static let mostNameBytes = 108

    /// A `sockaddr_un`, as far as it counts.
    private let bytes: [UInt8]

    /// Nil where the name is neither, or too long.
    init?(_ name: String) {
        var path = Array(name.utf8)
        guard let first = path.first, first == UInt8(ascii: "/") || first == UInt8(ascii: "@"), path.count > 1, !path.contains(0) else { return nil }
        // An abstract name begins with a zero, and counts up to the address's end; a path ends with one.
        if first == UInt8(ascii: "@") { path[0] = 0 } else { path.append(0) }
        guard path.count <= Self.mostNameBytes else { return nil }
        bytes = withUnsafeBytes(of: sa_family_t(AF_UNIX), Array.init) + path
    }

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>?, socklen_t) -> Result) -> Result {
        // Aligned by the allocator, as the C library takes any address.
        bytes.withUnsafeBytes { body($0.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count)) }
    }
}
