import GGUF

/// SentencePiece's byte-pair variant as LLaMA uses it: characters are merged to the token with the highest score;
/// what the vocabulary lacks is written byte by byte. A space is U+2581 in the vocabulary.
///
/// Follows llm_tokenizer_spm of llama.cpp, src/llama-vocab.cpp.
struct SentencePiece: Sendable {
    /// A text that begins anew gets a space in front, so that its first word is the same token as elsewhere.
    let addsSpacePrefix: Bool
    /// Each token's place among the scores, higher scores first; the same number for equal scores.
    private let priorities: [UInt32]
    /// What each byte is written as where a character has no token; nil where the vocabulary lacks that too.
    private let byteTokens: [TokenID?]
    private let unknown: TokenID?

    /// U+2581, which stands for a space.
    static let space: [UInt8] = [0xE2, 0x96, 0x81]

    init(_ metadata: VocabularyMetadata, _ vocabulary: Vocabulary, unknown: TokenID?) throws(TokenizerError) {
        addsSpacePrefix = try metadata.bool(MetadataKey.addsSpacePrefix) ?? true
        priorities = try Self.priorities(metadata, count: vocabulary.count)
        byteTokens = (0..<256).map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return vocabulary.find(byte < 16 ? "<0x0\(digits)>" : "<0x\(digits)>").map(TokenID.init)
        }
        guard unknown != nil || !byteTokens.contains(nil) else {
            throw metadata.damaged("lacks some of the tokens <0x00> to <0xFF> and has no unknown token in their place")
        }
        self.unknown = unknown
    }

    /// - Parameter prefixed: the text begins anew or follows a special token.
    func encode(_ text: ArraySlice<UInt8>, prefixed: Bool, _ vocabulary: Vocabulary, into ids: inout [TokenID]) {
        var escaped: [UInt8] = []
        escaped.reserveCapacity(text.count + text.count / 2)
        if prefixed && addsSpacePrefix { escaped += Self.space }
        for byte in text {
            if byte == UInt8(ascii: " ") { escaped += Self.space } else { escaped.append(byte) }
        }
        var merger = PairMerger()
        var start = 0
        while start < escaped.count {
            let end = min(start + utf8Length(lead: escaped[start]), escaped.count)
            let id = vocabulary.find(escaped.span.bytes.extracting(start..<end)) ?? -1
            merger.append(start: start, end: end, id: TokenID(id))
            start = end
        }
        merger.merge(ScoreRule(text: escaped, vocabulary: vocabulary, priorities: priorities))
        merger.forEachRemaining { symbol in
            if symbol.id >= 0 {
                ids.append(symbol.id)
            } else {
                writeBytes(escaped[symbol.start..<symbol.end], into: &ids)
            }
        }
    }

    private func writeBytes(_ character: ArraySlice<UInt8>, into ids: inout [TokenID]) {
        let tokens = character.compactMap { byteTokens[Int($0)] }
        if tokens.count == character.count {
            ids += tokens
        } else if let unknown {
            ids.append(unknown)
        }
    }

    /// Appends a token's text with spaces for U+2581.
    static func unescape(_ text: ArraySlice<UInt8>, into bytes: inout [UInt8]) {
        var position = text.startIndex
        while position < text.endIndex {
            if text[position...].starts(with: space) {
                bytes.append(UInt8(ascii: " "))
                position += space.count
            } else {
                bytes.append(text[position])
                position += 1
            }
        }
    }

    /// Numbers that order as the scores do from the highest down.
    private static func priorities(_ metadata: VocabularyMetadata, count: Int) throws(TokenizerError) -> [UInt32] {
        let key = MetadataKey.scores
        guard let scores = try metadata.floats(key, count: count) else { return Array(repeating: 0, count: count) }
        if let id = scores.firstIndex(where: \.isNaN) {
            throw metadata.damaged("\(key) of token \(id) is not a number")
        }
        return scores.map { score in
            // IEEE 754 numbers order as sign-magnitude integers. Adding zero makes -0 equal to 0.
            let bits = (score + 0).bitPattern
            return bits >> 31 == 0 ? ~(bits | 0x8000_0000) : bits
        }
    }
}

/// Two neighbours may be merged where their texts together are a token.
private struct ScoreRule: MergeRule {
    let text: [UInt8]
    let vocabulary: Vocabulary
    let priorities: [UInt32]

    func merge(_ left: PairMerger.Symbol, _ right: PairMerger.Symbol) -> (priority: UInt32, id: TokenID)? {
        guard right.end - left.start <= vocabulary.texts.longest,
            let id = vocabulary.find(text.span.bytes.extracting(left.start..<right.end))
        else { return nil }
        return (priorities[id], TokenID(id))
    }
}

/// The bytes of the character that begins with this one; 1 for a byte that begins none.
func utf8Length(lead: UInt8) -> Int {
    switch lead {
    case 0xC0..<0xE0: 2
    case 0xE0..<0xF0: 3
    case 0xF0...: 4
    default: 1
    }
}
