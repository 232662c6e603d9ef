import Glibc

/// Writes to a descriptor that may be slow, blocked or gone, and leaves off when told to.
struct OutputDescriptor: Sendable {
    private let descriptor: Int32

    /// What a pipe takes without blocking once poll says that it is writable (pipe(7), PIPE_BUF).
    private static let pieceSize = 512

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Writes all of the text. False if `stop` was raised before the descriptor took it.
    @discardableResult
    func write(_ text: String, _ stop: StopSignal?) throws(PaperError) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            guard try waitUntilWritable(stop) else { return false }
            let count = rest.prefix(Self.pieceSize).withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR && errno != EAGAIN {
                throw error()
            }
        }
        return true
    }

    /// False if `stop` is raised and the descriptor takes nothing.
    private func waitUntilWritable(_ stop: StopSignal?) throws(PaperError) -> Bool {
        while true {
            var queries = [pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)]
            if let stop { queries.append(pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0)) }
            // Without a signal there is only the end of a sequence to write: a blocked line may have lost it anyway.
            let count = poll(&queries, nfds_t(queries.count), stop == nil ? 100 : -1)
            if count < 0 && errno != EINTR { throw error() }
            if count < 0 { continue }
            if queries[0].revents != 0 { return true }
            return false
        }
    }

    private func error() -> PaperError {
        PaperError("cannot print on descriptor \(descriptor): \(String(cString: strerror(errno)))")
    }
}
