/// The tokens that are found in a text as a whole before anything else is split.
///
/// Where two overlap the longer one wins, and the first of two equally long: as in llama.cpp, which looks for one token
/// after the other, the longest first (tokenizer_st_partition in src/llama-vocab.cpp).
struct SpecialTokens: Sendable {
    enum Fragment {
        case token(TokenID)
        case text(Range<Int>)
    }

    private let index: TextIndex
    /// The lengths that occur, longest first.
    private let lengths: [Int]
    /// Which bytes a token begins with.
    private let leads: [Bool]
    /// Tokens that swallow the white space behind them.
    private let strippingRight: Set<Int>

    /// - Parameter ids: tokens whose literal texts are in `vocabulary.texts`. Empty texts are never found.
    init(_ ids: [Int], _ vocabulary: Vocabulary, strippingRight: Set<Int> = []) {
        var index = TextIndex(capacity: ids.count)
        var lengths: Set<Int> = []
        var leads = [Bool](repeating: false, count: 256)
        for id in ids {
            guard let lead = vocabulary.texts[id].first, index.insert(id, vocabulary.texts) == nil else { continue }
            lengths.insert(vocabulary.texts[id].count)
            leads[Int(lead)] = true
        }
        self.index = index
        self.lengths = lengths.sorted(by: >)
        self.leads = leads
        self.strippingRight = strippingRight
    }

    /// The token whose literal text this is.
    func find(_ text: String, _ vocabulary: Vocabulary) -> Int? {
        let bytes = Array(text.utf8)
        return index.find(bytes.span.bytes, vocabulary.texts)
    }

    /// Cuts a text into special tokens and what lies between them; neither is ever empty.
    func split(_ text: [UInt8], _ vocabulary: Vocabulary) -> [Fragment] {
        let candidates = lengths.isEmpty ? [] : text.indices.filter { leads[Int(text[$0])] }
        guard !candidates.isEmpty else { return text.isEmpty ? [] : [.text(text.indices)] }
        var found: [(range: Range<Int>, id: Int)] = []
        var taken = [Bool](repeating: false, count: text.count)
        for length in lengths {
            for start in candidates where !taken[start] {
                // What was taken before is at least as long, so it cannot lie inside without reaching an end.
                let end = start + length
                guard end <= text.count, !taken[end - 1],
                    let id = index.find(text.span.bytes.extracting(start..<end), vocabulary.texts)
                else { continue }
                var stop = end
                if strippingRight.contains(id) {
                    while stop < text.count, !taken[stop], isSpace(text[stop]) { stop += 1 }
                }
                for position in start..<stop { taken[position] = true }
                found.append((start..<stop, id))
            }
        }
        found.sort { $0.range.lowerBound < $1.range.lowerBound }
        var fragments: [Fragment] = []
        var position = 0
        for (range, id) in found {
            if position < range.lowerBound { fragments.append(.text(position..<range.lowerBound)) }
            fragments.append(.token(TokenID(id)))
            position = range.upperBound
        }
        if position < text.count { fragments.append(.text(position..<text.count)) }
        return fragments
    }

    private func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || 0x09...0x0D ~= byte
    }
}
