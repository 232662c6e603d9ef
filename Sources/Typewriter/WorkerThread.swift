import Glibc

/// A thread of the operating system, for work that blocks.
final class WorkerThread: Sendable {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private let thread: pthread_t
    /// Gets an element when the body has returned.
    private let ended = Channel<Void>()

    init(_ body: @escaping @Sendable () -> Void) throws(TypewriterError) {
        let ended = ended
        let body = Unmanaged.passRetained(Body {
            body()
            ended.send(())
        })
        var thread = pthread_t()
        let error = pthread_create(&thread, nil, { argument in
            // Signals that end the program are for the thread that waits for keys; a reader that went away is an error.
            var signals = sigset_t()
            sigemptyset(&signals)
            for signal in [SIGPIPE, SIGHUP, SIGINT, SIGTERM, SIGQUIT] { sigaddset(&signals, signal) }
            pthread_sigmask(SIG_BLOCK, &signals, nil)
            if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
            return nil
        }, body.toOpaque())
        guard error == 0 else {
            body.release()
            throw TypewriterError("cannot start a thread: \(String(cString: strerror(error)))", status: .ioError)
        }
        self.thread = thread
    }

    /// Returns when the thread has ended. Call this or `join(within:)` once.
    func join() {
        pthread_join(thread, nil)
    }

    /// Returns when the thread has ended, or after so many nanoseconds: then it is left behind.
    func join(within patience: UInt64) {
        if ended.receive(within: patience) == nil { pthread_detach(thread) } else { join() }
    }
}
