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
        pthread_cond_init(changed, nil)
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

    var isIdle: Bool { locked { !isPrinting && waiting.isEmpty } }

    func end() { locked { isEnding = true } }

    // MARK: For the printing thread

    /// What to print next; nil when there will be no more.
    func next() -> [Strike]? {
        locked {
            wait { waiting.isEmpty && !isEnding }
            guard !waiting.isEmpty else { return nil }
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
