import Glibc

/// A device's own printing thread, with a queue before it: whoever has strikes to print never waits.
public final class Printer: Sendable {
    private let queue: PrintQueue

    /// - Throws: when there is no thread to be had.
    public init(_ device: any PaperDevice) throws(PaperError) {
        queue = try PrintQueue()
        let queue = queue
        try startThread {
            var nextLook = device.attend()
            while let strikes = queue.next(within: nextLook) {
                defer { nextLook = device.attend() }
                guard !strikes.isEmpty else { continue }
                do throws(PaperError) {
                    _ = try device.print(strikes, stop: queue.signal)
                    queue.finish(nil)
                } catch {
                    queue.finish(error)
                }
            }
        }
    }

    /// What is queued still gets printed.
    deinit { queue.end() }

    /// Queues strikes, and returns at once.
    /// - Throws: what the device threw when it printed earlier strikes; after that nothing is printed.
    public func print(_ strikes: [Strike]) throws(PaperError) { try queue.add(strikes) }

    /// Drops what is queued, and stops what is being printed. Returns when the device is silent.
    /// - Returns: whether there was anything to stop; then `Page.stopped()` must hear of it.
    public func stop() -> Bool { queue.stop() }

    /// Returns when everything queued is on paper.
    /// - Throws: what the device threw.
    public func drain() throws(PaperError) { try queue.drain() }

    /// Returns when everything queued is on paper, or after so many nanoseconds.
    /// - Returns: whether everything is.
    /// - Throws: what the device threw.
    public func drain(within nanoseconds: UInt64) throws(PaperError) -> Bool { try queue.drain(within: nanoseconds) }

    /// Everything queued is on paper.
    public var isIdle: Bool { queue.isIdle }
}

/// Runs this on a thread of its own, without the signals that end programs: they are for the thread that waits for keys.
private func startThread(_ body: @escaping @Sendable () -> Void) throws(PaperError) {
    final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    let box = Unmanaged.passRetained(Box(body))
    var thread = pthread_t()
    let status = pthread_create(&thread, nil, { argument in
        // A reader that went away is an error of write(2), not the end of the program.
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in [SIGPIPE, SIGHUP, SIGINT, SIGTERM, SIGQUIT] { sigaddset(&signals, signal) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        guard let argument else { return nil }
        Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
        return nil
    }, box.toOpaque())
    guard status == 0 else {
        box.release()
        throw PaperError("cannot start a printing thread: \(String(cString: strerror(status)))")
    }
    pthread_detach(thread)
}
