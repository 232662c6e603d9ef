import GGUF

/// Byte-level byte-pair encoding as GPT-2 introduced it: a text is cut into pieces, and in each piece bytes are merged
/// by the vocabulary's list of merges, the first in the list first.
///
/// Follows llm_tokenizer_bpe_session of llama.cpp, src/llama-vocab.cpp.
struct BytePair: Sendable {
    private let preTokenizer: PreTokenizer
    private let merges: MergeTable
    /// The token of each byte; -1 for none.
    private let byteTokens: [TokenID]

    var addsBOS: Bool { preTokenizer.addsBOS }

    init(_ metadata: VocabularyMetadata, _ vocabulary: Vocabulary) throws(TokenizerError) {
        let name = try metadata.string(MetadataKey.preTokenizer) ?? "default"
        guard let preTokenizer = PreTokenizer(named: name) else {
            throw metadata.error("\(MetadataKey.preTokenizer) is '\(printable(name, limit: 40))', which is not known; "
                + "known are \(PreTokenizer.names.sorted().joined(separator: ", "))")
        }
        self.preTokenizer = preTokenizer
        merges = try MergeTable(metadata, vocabulary)
        byteTokens = (0..<256).map { byte in
            let text = [UInt8(byte)]
            return TokenID(vocabulary.find(text.span.bytes) ?? -1)
        }
    }

    func encode(_ text: ArraySlice<UInt8>, _ vocabulary: Vocabulary, into ids: inout [TokenID]) {
        var merger = PairMerger()
        var start = text.startIndex
        for length in preTokenizer.split(text) {
            let piece = start..<start + length
            start += length
            if preTokenizer.ignoresMerges, let id = vocabulary.find(text.span.bytes.extracting(
                piece.lowerBound - text.startIndex..<piece.upperBound - text.startIndex))
            {
                ids.append(TokenID(id))
                continue
            }
            merger.removeAll()
            for position in piece {
                merger.append(start: position, end: position + 1, id: byteTokens[Int(text[position])])
            }
            merger.merge(merges)
            // A byte that the vocabulary lacks is left out, as llama.cpp does: some have none for control characters.
            merger.forEachRemaining { symbol in
                if symbol.id >= 0 { ids.append(symbol.id) }
            }
        }
    }
}
