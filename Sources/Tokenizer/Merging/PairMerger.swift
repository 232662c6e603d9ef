/// Which two neighbours may become one token, and how gladly.
protocol MergeRule {
    /// - Returns: the merged token and its priority, smaller first; nil where the two stay apart.
    func merge(_ left: PairMerger.Symbol, _ right: PairMerger.Symbol) -> (priority: UInt32, id: TokenID)?
}

/// Merges neighbouring symbols, always the best pair first and the leftmost of equals, until no pair can be merged.
///
/// Both SentencePiece (by score) and byte-pair encoding (by rank) work so. The symbols are a linked list and the pairs
/// wait in a queue, so n symbols take O(n log n) steps, whatever the text.
struct PairMerger {
    struct Symbol {
        /// The symbol's bytes in the text; none once it was merged into the symbol before it.
        var start: Int
        var end: Int
        /// -1 where the vocabulary has no such token.
        var id: TokenID
        /// Neighbours, -1 at the ends.
        var previous: Int
        var next: Int
    }

    private(set) var symbols: [Symbol] = []
    private var queue = MergeQueue()

    mutating func removeAll() {
        symbols.removeAll(keepingCapacity: true)
    }

    /// Adds a symbol at the end of the text.
    mutating func append(start: Int, end: Int, id: TokenID) {
        let place = symbols.count
        symbols.append(Symbol(start: start, end: end, id: id, previous: place - 1, next: -1))
        if place > 0 { symbols[place - 1].next = place }
    }

    mutating func merge(_ rule: some MergeRule) {
        guard symbols.count > 1 else { return }
        for place in 1..<symbols.count {
            enter(place - 1, place, rule)
        }
        while let best = queue.pop() {
            let left = symbols[best.left]
            let right = symbols[best.right]
            // Skipped where either has been merged with another since: the left one then reaches further or is gone,
            // the right one ends elsewhere or is gone.
            guard left.end == right.start, right.end == best.end, left.start < left.end, right.start < right.end else {
                continue
            }
            symbols[best.left].end = right.end
            symbols[best.left].id = best.id
            symbols[best.left].next = right.next
            symbols[best.right].start = right.end
            if right.next >= 0 { symbols[right.next].previous = best.left }
            if left.previous >= 0 { enter(left.previous, best.left, rule) }
            if right.next >= 0 { enter(best.left, right.next, rule) }
        }
    }

    private mutating func enter(_ left: Int, _ right: Int, _ rule: some MergeRule) {
        guard let merge = rule.merge(symbols[left], symbols[right]) else { return }
        queue.push(MergeQueue.Candidate(
            priority: merge.priority, left: left, right: right, end: symbols[right].end, id: merge.id))
    }

    /// What is left, in the order of the text.
    func forEachRemaining(_ body: (Symbol) -> Void) {
        var place = symbols.isEmpty ? -1 : 0
        while place >= 0 {
            body(symbols[place])
            place = symbols[place].next
        }
    }
}
