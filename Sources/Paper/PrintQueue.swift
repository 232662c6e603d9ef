import Glibc

/// Strikes on their way to the printing thread. A monitor: one mutex, one condition.
final class PrintQueue: @unchecked Sendable {
    /// Raised while the thread must leave off.
    let signal: StopSignal
    // Guarded by the mutex.
    private var waiting: [Strike] = []
    private var isPrinting = false
    private var isEnding = false
    private var error: PaperError?

    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>

    init() throws(PaperError) {
        signal = try StopSignal()
        mutex = .allocate(capacity: 1)
        changed = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        // Setting the clock must not shorten or prolong any waiting.
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_broadcast(changed)
            pthread_mutex_unlock(mutex)
        }
        return body()
    }

    private func wait(while condition: () -> Bool) {
        while condition() { pthread_cond_wait(changed, mutex) }
    }

    private func wait(within nanoseconds: UInt64, while condition: () -> Bool) {
        var deadline = timespec()
        clock_gettime(CLOCK_MONOTONIC, &deadline)
        let (seconds, rest) = (nanoseconds + UInt64(deadline.tv_nsec)).quotientAndRemainder(dividingBy: 1_000_000_000)
        deadline.tv_sec += Int(seconds)
        deadline.tv_nsec = Int(rest)
        while condition(), pthread_cond_timedwait(changed, mutex, &deadline) != ETIMEDOUT {}
    }

    // MARK: For whoever prints

    func add(_ strikes: [Strike]) throws(PaperError) {
        let failure = locked { () -> PaperError? in
            if error == nil { waiting += strikes }
            return error
        }
        if let failure { throw failure }
    }

    func stop() -> Bool {
        locked {
            let wasBusy = isPrinting || !waiting.isEmpty
            waiting = []
            if isPrinting { signal.raise() }
            wait { isPrinting }
            return wasBusy
        }
    }

    func drain() throws(PaperError) {
        let failure = locked { () -> PaperError? in
            wait { error == nil && (isPrinting || !waiting.isEmpty) }
            return error
        }
        if let failure { throw failure }
    }

    /// Waits for at most so many nanoseconds.
    /// - Returns: whether everything is printed.
    func drain(within nanoseconds: UInt64) throws(PaperError) -> Bool {
        let (failure, isIdle) = locked { () -> (PaperError?, Bool) in
            wait(within: nanoseconds) { error == nil && (isPrinting || !waiting.isEmpty) }
            return (error, !isPrinting && waiting.isEmpty)
        }
        if let failure { throw failure }
        return isIdle
    }

    var isIdle: Bool { locked { !isPrinting && waiting.isEmpty } }

    func end() { locked { isEnding = true } }

    // MARK: For the printing thread

    /// What to print next: nothing, where nothing came within so many nanoseconds; nil when there will be no more.
    func next(within nanoseconds: UInt64?) -> [Strike]? {
        locked {
            if let nanoseconds {
                wait(within: nanoseconds) { waiting.isEmpty && !isEnding }
            } else {
                wait { waiting.isEmpty && !isEnding }
            }
            guard !waiting.isEmpty else { return isEnding ? nil : [] }
            signal.lower()
            isPrinting = true
            defer { waiting = [] }
            return waiting
        }
    }

    func finish(_ error: PaperError?) {
        locked {
            isPrinting = false
            guard let error else { return }
            self.error = error
            waiting = []
            isEnding = true
        }
    }
}
