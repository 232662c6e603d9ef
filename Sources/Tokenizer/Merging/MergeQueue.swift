/// Neighbours that can be merged, best first: a binary heap.
struct MergeQueue {
    struct Candidate {
        /// Smaller is better. Among equals the leftmost comes first.
        let priority: UInt32
        /// The places of the two symbols.
        let left: Int
        let right: Int
        /// Where the right symbol ended when the two were entered.
        let end: Int
        /// The token that they become.
        let id: TokenID

        static func < (first: Candidate, second: Candidate) -> Bool {
            first.priority != second.priority ? first.priority < second.priority : first.left < second.left
        }
    }

    private var heap: [Candidate] = []

    mutating func push(_ candidate: Candidate) {
        heap.append(candidate)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard candidate < heap[parent] else { break }
            heap[child] = heap[parent]
            child = parent
        }
        heap[child] = candidate
    }

    mutating func pop() -> Candidate? {
        guard let best = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return best }
        var hole = 0
        while true {
            var child = hole * 2 + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
            guard heap[child] < last else { break }
            heap[hole] = heap[child]
            hole = child
        }
        heap[hole] = last
        return best
    }
}
