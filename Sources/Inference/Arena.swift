import Glibc

/// One anonymous mapping from which every buffer of a context is cut, once, at start. Pages cost memory only
/// when they are first written, so a long context that is never filled is free.
struct Arena: ~Copyable {
    /// Adds up what will be taken, with the same rounding.
    struct Plan {
        private(set) var byteCount = 0

        mutating func add<T>(_ type: T.Type, _ count: Int) throws(InferenceError) {
            let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<T>.stride)
            let (sum, overflow2) = byteCount.addingReportingOverflow(overflow ? 0 : Arena.rounded(bytes))
            guard !overflow, !overflow2, bytes < 1 << 46, sum < 1 << 46 else {
                throw InferenceError("the context needs more memory than there are addresses: choose a shorter one")
            }
            byteCount = sum
        }
    }

    let byteCount: Int
    private let base: UnsafeMutableRawPointer
    private var used = 0

    /// Buffers begin at a cache line, so that threads writing to neighbours do not share one.
    private static func rounded(_ bytes: Int) -> Int { (bytes + 63) & ~63 }

    init(_ plan: Plan) throws(InferenceError) {
        let size = max(plan.byteCount, 1)
        let address = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let address, address != MAP_FAILED else {
            throw InferenceError("cannot get \(size >> 20) MiB of memory for the context: \(String(cString: strerror(errno))); choose a shorter one")
        }
        base = address
        byteCount = size
    }

    deinit {
        munmap(base, byteCount)
    }

    /// The next `count` elements, zeroed. What is taken must have been planned.
    mutating func take<T: BitwiseCopyable>(_ type: T.Type, _ count: Int) -> UnsafeMutablePointer<T> {
        let start = base + used
        used += Self.rounded(count * MemoryLayout<T>.stride)
        precondition(used <= byteCount, "more was taken than planned")
        return start.bindMemory(to: T.self, capacity: count)
    }
}
