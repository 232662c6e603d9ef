import Glibc

/// Lets any thread end a `KeyWaiter.wait` early.
public final class KeyWaker: Sendable {
    /// Readable once `wake` was called: a pipe's end.
    let descriptor: Int32
    private let writeEnd: Int32

    init() throws(KeyboardError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw KeyboardError("cannot make a pipe: \(String(cString: strerror(errno)))") }
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

    public func wake() {
        var byte: UInt8 = 1
        _ = Glibc.write(writeEnd, &byte, 1)
    }

    /// Whether `wake` was called since the last time this was asked.
    func isAwake() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 64)
        var wasCalled = false
        while Glibc.read(descriptor, &bytes, bytes.count) > 0 { wasCalled = true }
        return wasCalled
    }
}
