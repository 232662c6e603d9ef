import Glibc

/// Tells a printing thread, from any other, to leave off at once, even in the middle of a pause or of a slow write.
public final class StopSignal: Sendable {
    /// Readable while the signal is raised, so that it can be waited for beside a device.
    let descriptor: Int32
    private let writeEnd: Int32

    public init() throws(PaperError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw PaperError("cannot make a pipe: \(String(cString: strerror(errno)))") }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (descriptor, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(descriptor)
        close(writeEnd)
    }

    public var isRaised: Bool {
        var descriptors = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&descriptors, 1, 0) > 0
    }

    public func raise() {
        var byte: UInt8 = 1
        _ = Glibc.write(writeEnd, &byte, 1)
    }

    public func lower() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while Glibc.read(descriptor, &bytes, bytes.count) > 0 {}
    }
}
