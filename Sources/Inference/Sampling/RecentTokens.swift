/// The last tokens of the text, oldest first, in a ring that never grows.
struct RecentTokens {
    private var ring: [Int32]
    private var end = 0
    private(set) var count = 0

    init(capacity: Int) {
        ring = [Int32](repeating: 0, count: max(1, capacity))
    }

    mutating func append(_ token: Int32) {
        ring[end] = token
        end = (end + 1) % ring.count
        count = min(count + 1, ring.count)
    }

    mutating func removeAll() {
        count = 0
    }

    /// The token `age` steps back: 0 is the last one. Age is below `count`.
    subscript(age age: Int) -> Int32 {
        ring[(end - 1 - age + 2 * ring.count) % ring.count]
    }
}
