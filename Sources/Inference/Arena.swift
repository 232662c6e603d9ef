import Glibc

/// One anonymous mapping from which every buffer of a context is cut, once, at start. Pages cost memory only
/// when they are first written, so a long context that is never filled is free.
struct Arena: ~Copyable {
    /// Lays the buffers one after another. Its size is known before any memory is taken.
    struct Plan: Sendable {
        private(set) var byteCount = 0

        mutating func add<T: BitwiseCopyable>(_ type: T.Type, _ count: Int) throws(InferenceError) -> Slot<T> {
            let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<T>.stride)
            guard !overflow, bytes < 1 << 46, byteCount < 1 << 46 else {
                throw InferenceError("the context needs more memory than there are addresses: choose a shorter one")
            }
            defer { byteCount += (bytes + 63) & ~63 }
            return Slot(offset: byteCount, count: count)
        }
    }

    /// A buffer's place. It begins at a cache line, so that threads writing to neighbours do not share one.
    struct Slot<T: BitwiseCopyable>: Sendable {
        fileprivate let offset: Int
        fileprivate let count: Int
    }

    let byteCount: Int
    private let base: UnsafeMutableRawPointer

    init(_ plan: Plan) throws(InferenceError) {
        let size = max(plan.byteCount, 1)
        let address = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let address, address != MAP_FAILED else {
            throw InferenceError(shortage: "cannot get \(size >> 20) MiB of memory for the context: \(String(cString: strerror(errno))); choose a shorter one")
        }
        base = address
        byteCount = size
    }

    deinit {
        munmap(base, byteCount)
    }

    /// A buffer of the plan that this was made from, zeroed.
    subscript<T>(slot: Slot<T>) -> UnsafeMutablePointer<T> {
        precondition(slot.offset + slot.count * MemoryLayout<T>.stride <= byteCount, "a buffer of another plan")
        return (base + slot.offset).bindMemory(to: T.self, capacity: slot.count)
    }
}
