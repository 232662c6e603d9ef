/// The alternatives by which GPT-2 and its descendants cut a text into words, in the order in which they are tried.
///
/// GPT-2: `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`; the others differ in what this
/// structure says. A capital letter is only ever one of ASCII, as in llama.cpp, whose expressions these are
/// (llm_tokenizer_bpe in src/llama-vocab.cpp).
struct WordPattern: Pattern, Sendable {
    enum Contractions {
        case none
        /// `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll`, `'d`
        case lowercase
        case anyCase
        /// In any case, and part of the word before.
        case suffix
    }

    enum Letters {
        /// ` ?\p{L}+`
        case afterSpace
        /// `[^\r\n\p{L}\p{N}]?\p{L}+`, with the classes that the character in front must not be of.
        case afterAnyBut(ScalarClass)
        /// The same, and a small letter ends a word that a capital follows: `camelCase` is two.
        case cased
    }

    enum Numbers {
        /// ` ?\p{N}+`
        case afterSpace
        /// `\p{N}{1,n}`
        case upTo(Int)
        case none
    }

    var contractions = Contractions.lowercase
    var letters = Letters.afterSpace
    /// What a word is made of.
    var wordClasses: ScalarClass = .letter
    var numbers = Numbers.afterSpace
    /// Runs of these, with a space in front.
    var symbols: ScalarClass = [.other, .mark, .punctuation, .symbol]
    /// What a run of symbols takes along behind it.
    var symbolTail: [UInt32] = []
    /// ``[!-/:-@\[-`{-~][A-Za-z]+`` comes first.
    var asciiPunctuationStartsWord = false
    /// `\s*[\r\n]+`
    var endsAtNewlines = false

    static let newlines: [UInt32] = [0x0A, 0x0D]

    func match(_ piece: Piece, at position: Int) -> Match {
        if let end = contraction(piece, position) ?? asciiWord(piece, position) ?? word(piece, position)
            ?? number(piece, position) ?? symbolRun(piece, position) ?? whitespace(piece, position)
        {
            return .match(end: end)
        }
        return .none(next: position + 1)
    }

    private func contraction(_ piece: Piece, _ position: Int) -> Int? {
        switch contractions {
        case .lowercase: contractionEnd(piece, position, anyCase: false)
        case .anyCase: contractionEnd(piece, position, anyCase: true)
        case .none, .suffix: nil
        }
    }

    private func contractionEnd(_ piece: Piece, _ position: Int, anyCase: Bool) -> Int? {
        guard piece.scalar(position) == UInt32(UInt8(ascii: "'")) else { return nil }
        func letter(_ index: Int) -> Character? {
            let scalar = piece.scalar(index)
            let isCapital = 0x41...0x5A ~= scalar
            guard isCapital && anyCase || 0x61...0x7A ~= scalar else { return nil }
            return Unicode.Scalar(scalar | 0x20).map(Character.init)
        }
        switch (letter(position + 1), letter(position + 2)) {
        case ("s", _), ("t", _), ("m", _), ("d", _): return position + 2
        case ("r", "e"), ("v", "e"), ("l", "l"): return position + 3
        default: return nil
        }
    }

    private func asciiWord(_ piece: Piece, _ position: Int) -> Int? {
        guard asciiPunctuationStartsWord, piece.scalar(position) < 0x80,
            !piece.kind(position).isDisjoint(with: [.punctuation, .symbol])
        else { return nil }
        var end = position + 1
        while 0x41...0x5A ~= piece.scalar(end) || 0x61...0x7A ~= piece.scalar(end) { end += 1 }
        return end > position + 1 ? end : nil
    }

    private func word(_ piece: Piece, _ position: Int) -> Int? {
        var start = position
        switch letters {
        case .afterSpace:
            if piece.scalar(position) == 0x20 { start += 1 }
        case .afterAnyBut(let excluded):
            if isPrefix(piece, position, excluded) { start += 1 }
        case .cased:
            if isPrefix(piece, position, [.letter, .number]) { start += 1 }
        }
        guard piece.kind(start).isSubset(of: wordClasses), start < piece.end else { return nil }
        guard case .cased = letters else { return piece.skip(start, wordClasses) }
        let end = casedWordEnd(piece, start)
        return contractions == .suffix ? contractionEnd(piece, end, anyCase: true) ?? end : end
    }

    /// True for a character that may go in front of a word, and does: one that is in a word itself only if it must.
    private func isPrefix(_ piece: Piece, _ position: Int, _ excluded: ScalarClass) -> Bool {
        piece.kind(position).isDisjoint(with: excluded.union(wordClasses)) && !piece.isNewline(position)
            && position < piece.end
    }

    /// `U*l+|U+l*`, where U is every letter but a-z and l every letter but A-Z; letters that are not ASCII are both.
    private func casedWordEnd(_ piece: Piece, _ start: Int) -> Int {
        var end = start
        while piece.kind(end) == .letter, !(0x61...0x7A ~= piece.scalar(end)) { end += 1 }
        if 0x61...0x7A ~= piece.scalar(end) {
            while piece.kind(end) == .letter, !(0x41...0x5A ~= piece.scalar(end)) { end += 1 }
            return end
        }
        // No small letter follows, so the first alternative takes one back that is both; without, the second matches.
        var last = end
        while last > start, 0x41...0x5A ~= piece.scalar(last - 1) { last -= 1 }
        return last > start ? last : end
    }

    private func number(_ piece: Piece, _ position: Int) -> Int? {
        switch numbers {
        case .afterSpace:
            let start = piece.scalar(position) == 0x20 ? position + 1 : position
            return piece.kind(start) == .number ? piece.skip(start, .number) : nil
        case .upTo(let limit):
            var end = position
            while end - position < limit, piece.kind(end) == .number { end += 1 }
            return end > position ? end : nil
        case .none:
            return nil
        }
    }

    private func symbolRun(_ piece: Piece, _ position: Int) -> Int? {
        let start = piece.scalar(position) == 0x20 ? position + 1 : position
        var end = piece.skip(start, symbols)
        guard end > start else { return nil }
        while symbolTail.contains(piece.scalar(end)) { end += 1 }
        return end
    }

    private func whitespace(_ piece: Piece, _ position: Int) -> Int? {
        let end = piece.skip(position, .whitespace)
        guard end > position else { return nil }
        if endsAtNewlines {
            var last = end
            while last > position, !piece.isNewline(last - 1) { last -= 1 }
            if last > position { return last }
        }
        // \s+(?!\S) leaves the last one to the word behind it.
        return end < piece.end && end - position > 1 ? end - 1 : end
    }
}
