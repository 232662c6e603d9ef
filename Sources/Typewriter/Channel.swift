import Glibc
import Synchronization

/// A queue between threads. Who receives from an empty one sleeps.
final class Channel<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])
    nonisolated(unsafe) private let available: UnsafeMutablePointer<sem_t>

    init() {
        available = .allocate(capacity: 1)
        sem_init(available, 0, 0)
    }

    deinit {
        sem_destroy(available)
        available.deallocate()
    }

    func send(_ element: Element) {
        elements.withLock { $0.append(element) }
        sem_post(available)
    }

    func receive() -> Element {
        while true {
            if sem_wait(available) == 0, let element = takeFirst() { return element }
        }
    }

    /// The first element, or nil if none comes for so many nanoseconds; about as many, should the clock be set meanwhile.
    func receive(within nanoseconds: UInt64) -> Element? {
        var deadline = timespec()
        clock_gettime(CLOCK_REALTIME, &deadline)
        let (seconds, rest) = (nanoseconds + UInt64(deadline.tv_nsec)).quotientAndRemainder(dividingBy: 1_000_000_000)
        deadline.tv_sec += Int(seconds)
        deadline.tv_nsec = Int(rest)
        while sem_timedwait(available, &deadline) != 0 {
            guard errno == EINTR else { return nil }
        }
        return takeFirst()
    }

    var isEmpty: Bool { elements.withLock(\.isEmpty) }

    /// The first element, or nil if there is none now.
    func receiveNow() -> Element? {
        sem_trywait(available) == 0 ? takeFirst() : nil
    }

    private func takeFirst() -> Element? {
        elements.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }
}
