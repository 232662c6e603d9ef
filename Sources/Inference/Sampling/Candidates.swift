import Glibc

/// The tokens still in question: logits by token until the first cut, then a short list, most likely first.
///
/// One buffer, allocated once for a vocabulary and used again for every token.
struct Candidates: ~Copyable {
    struct Candidate {
        var token: Int32
        var logit: Float
        var probability: Float
    }

    private let storage: UnsafeMutableBufferPointer<Candidate>
    /// Candidates left; after `sort` they are the first, most likely first.
    private(set) var count: Int
    private var isSorted = false

    init(capacity: Int) {
        storage = .allocate(capacity: max(1, capacity))
        storage.initialize(repeating: Candidate(token: 0, logit: 0, probability: 0))
        count = 0
    }

    deinit {
        storage.deallocate()
    }

    var capacity: Int { storage.count }

    subscript(index: Int) -> Candidate { storage[index] }

    /// All tokens of the vocabulary. A logit that is not a number counts as impossible.
    mutating func fill(_ logits: UnsafeMutableBufferPointer<Float>) {
        for (token, logit) in logits.enumerated() {
            storage[token] = Candidate(token: Int32(token), logit: logit.isNaN ? -.infinity : logit, probability: 0)
        }
        count = logits.count
        isSorted = false
    }

    /// Most likely first; ties in the order of the tokens.
    mutating func sort() {
        guard !isSorted else { return }
        // Heapsort: the standard library's sort allocates.
        for i in stride(from: count / 2 - 1, through: 0, by: -1) { siftDown(i, heap: count) }
        for end in stride(from: count - 1, to: 0, by: -1) {
            storage.swapAt(0, end)
            siftDown(0, heap: end)
        }
        isSorted = true
    }

    /// Keeps the k most likely, sorted. Looks at the others once: a heap of k, its least likely on top.
    mutating func keepTop(_ k: Int) {
        guard k < count else { return sort() }
        guard !isSorted else { return keep(first: k) }
        for i in stride(from: k / 2 - 1, through: 0, by: -1) { siftDown(i, heap: k) }
        for i in k..<count where Self.precedes(storage[i], storage[0]) {
            storage[0] = storage[i]
            siftDown(0, heap: k)
        }
        count = k
        sort()
    }

    /// Drops all but the first n.
    mutating func keep(first n: Int) {
        count = max(1, min(n, count))
    }

    /// Sets the probabilities of all candidates left (softmax).
    mutating func normalize() {
        sort()
        guard count > 0 else { return }
        let most = storage[0].logit
        var sum: Float = 0
        for i in 0..<count {
            let p = most == -.infinity ? (i == 0 ? 1 : 0) : exp(storage[i].logit - most)
            storage[i].probability = p
            sum += p
        }
        for i in 0..<count { storage[i].probability /= sum }
    }

    /// Divides every logit, keeping the order.
    mutating func divideLogits(by divisor: Float) {
        for i in 0..<count { storage[i].logit /= divisor }
    }

    private static func precedes(_ a: Candidate, _ b: Candidate) -> Bool {
        a.logit > b.logit || (a.logit == b.logit && a.token < b.token)
    }

    private func siftDown(_ start: Int, heap: Int) {
        var parent = start
        while true {
            var child = 2 * parent + 1
            guard child < heap else { return }
            if child + 1 < heap, Self.precedes(storage[child], storage[child + 1]) { child += 1 }
            guard Self.precedes(storage[parent], storage[child]) else { return }
            storage.swapAt(parent, child)
            parent = child
        }
    }
}
