/// One pass over a text's pieces that cuts them smaller. A pre-tokenizer is a sequence of these.
///
/// Each finds matches in a piece from left to right, as a regular expression would; matches become pieces, and so does
/// what lies between two matches.
enum SplitRule: Sendable {
    /// Runs of characters from a set.
    case run(RunPattern)
    /// Words, numbers, punctuation and white space, the alternatives of GPT-2 and its descendants.
    case words(WordPattern)

    /// - Parameter ends: where pieces end, the last one at the text's end.
    func split(_ text: ClassifiedText, _ ends: [Int]) -> [Int] {
        switch self {
        case .run(let pattern): Self.split(text, ends, pattern)
        case .words(let pattern): Self.split(text, ends, pattern)
        }
    }

    private static func split(_ text: ClassifiedText, _ ends: [Int], _ pattern: some Pattern) -> [Int] {
        var result: [Int] = []
        result.reserveCapacity(ends.count)
        var start = 0
        for end in ends {
            let piece = Piece(text: text, end: end)
            var position = start
            while position < end {
                switch pattern.match(piece, at: position) {
                case .match(let stop):
                    if (result.last ?? 0) < position { result.append(position) }
                    result.append(stop)
                    position = stop
                case .none(let next):
                    position = next
                }
            }
            if (result.last ?? 0) < end { result.append(end) }
            start = end
        }
        return result
    }
}

/// What can be looked for at a place in a piece.
protocol Pattern {
    func match(_ piece: Piece, at position: Int) -> Match
}

enum Match {
    /// From the place up to here, at least one character.
    case match(end: Int)
    /// Nothing before the place given, which is further on.
    case none(next: Int)
}

/// `\s?[set]{minimum,maximum}`
struct RunPattern: Pattern, Sendable {
    let set: ScalarSet
    /// Takes one white space in front along.
    var afterWhitespace = false
    var minimum = 1
    var maximum = Int.max
    /// Only where the piece ends with the run.
    var atEnd = false

    func match(_ piece: Piece, at position: Int) -> Match {
        var start = position
        if afterWhitespace, piece.kind(position) == .whitespace, contains(piece, position + 1) { start += 1 }
        var end = start
        while end - start < maximum, contains(piece, end) { end += 1 }
        if end - start < minimum { return .none(next: max(end, position + 1)) }
        if atEnd && end < piece.end { return .none(next: end) }
        return .match(end: end)
    }

    private func contains(_ piece: Piece, _ index: Int) -> Bool {
        set.contains(piece.scalar(index), piece.kind(index))
    }
}
