/// Finds the first of several texts in a stream of pieces, and holds back what may be the beginning of one, so that
/// no part of a stop sequence is ever shown.
struct StopSequences: Sendable {
    private let sequences: [[UInt8]]
    private var held: [UInt8] = []
    /// Bytes given out so far; after a match, where in the stream the stop sequence began.
    private(set) var released = 0
    private(set) var isStopped = false

    /// Empty sequences are ignored.
    init(_ sequences: [String]) {
        self.sequences = sequences.map { Array($0.utf8) }.filter { !$0.isEmpty }
    }

    /// Takes whole characters, and gives those that are sure to stand before any stop sequence.
    mutating func append(_ text: String) -> String {
        guard !isStopped else { return "" }
        held += text.utf8
        var end = held.count
        scan: for start in held.indices {
            for sequence in sequences {
                let rest = held[start...]
                if rest.starts(with: sequence) {
                    isStopped = true
                    end = start
                    break scan
                }
                if sequence.starts(with: rest) {
                    end = start
                    break scan
                }
            }
        }
        return release(end)
    }

    /// The stream has ended: what was held back was no stop sequence.
    mutating func finish() -> String {
        isStopped ? "" : release(held.count)
    }

    private mutating func release(_ count: Int) -> String {
        defer { held.removeFirst(count) }
        released += count
        return String(decoding: held[..<count], as: UTF8.self)
    }
}
