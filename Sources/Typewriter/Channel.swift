import Glibc

/// A queue between threads. Who receives from an empty one sleeps. A monitor: one mutex, one condition.
final class Channel<Element: Sendable>: @unchecked Sendable {
    // Guarded by the mutex.
    private var elements: [Element] = []

    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let arrived: UnsafeMutablePointer<pthread_cond_t>

    init() {
        mutex = .allocate(capacity: 1)
        arrived = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        // A machine without a clock of its own is told the time long after its start: that must not shorten or prolong any waiting.
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(arrived, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(arrived)
        pthread_mutex_destroy(mutex)
        arrived.deallocate()
        mutex.deallocate()
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    private func takeFirst() -> Element? { elements.isEmpty ? nil : elements.removeFirst() }

    func send(_ element: Element) {
        locked {
            elements.append(element)
            pthread_cond_signal(arrived)
        }
    }

    func receive() -> Element {
        locked {
            while true {
                if let element = takeFirst() { return element }
                pthread_cond_wait(arrived, mutex)
            }
        }
    }

    /// The first element, or nil if none comes for so many nanoseconds.
    func receive(within nanoseconds: UInt64) -> Element? {
        var deadline = timespec()
        clock_gettime(CLOCK_MONOTONIC, &deadline)
        let (seconds, rest) = (nanoseconds + UInt64(deadline.tv_nsec)).quotientAndRemainder(dividingBy: 1_000_000_000)
        deadline.tv_sec += Int(seconds)
        deadline.tv_nsec = Int(rest)
        return locked {
            while elements.isEmpty, pthread_cond_timedwait(arrived, mutex, &deadline) != ETIMEDOUT {}
            return takeFirst()
        }
    }

    var isEmpty: Bool { locked { elements.isEmpty } }

    /// The first element, or nil if there is none now.
    func receiveNow() -> Element? { locked { takeFirst() } }
}
