import GGUF

/// A byte-pair vocabulary's merges: which two tokens become which, and in what order of preference.
struct MergeTable: MergeRule, Sendable {
    private struct Merge {
        let left: TokenID
        let right: TokenID
        let id: TokenID
    }

    /// By rank; the best has rank 0.
    private var merges: [Merge] = []
    /// Ranks plus one, found by the pair's hash with linear probing; 0 is an empty slot. At most two thirds full.
    private var slots: [UInt32]

    init(_ metadata: VocabularyMetadata, _ vocabulary: Vocabulary) throws(TokenizerError) {
        let key = MetadataKey.merges
        guard let texts = try metadata.strings(key) else {
            throw metadata.damaged("has no \(key), without which its tokens are of no use")
        }
        var size = 16
        while size * 2 < texts.count * 3 { size *= 2 }
        slots = Array(repeating: 0, count: size)
        merges.reserveCapacity(texts.count)
        let alphabet = ByteLevelAlphabet()
        var bytes: [UInt8] = []
        for (rank, text) in texts.enumerated() {
            // The alphabet has no space, so the first one separates the two.
            guard let space = text.firstIndex(of: UInt8(ascii: " ")) else {
                throw metadata.damaged("merge \(rank) is '\(shown(text))', not two tokens with a space between them")
            }
            bytes.removeAll(keepingCapacity: true)
            let isLeftDecoded = alphabet.decode(.init(rebasing: text[..<space]), into: &bytes)
            let middle = bytes.count
            let isRightDecoded = alphabet.decode(.init(rebasing: text[(space + 1)...]), into: &bytes)
            let both = bytes.span.bytes
            guard isLeftDecoded, isRightDecoded, let left = vocabulary.find(both.extracting(..<middle)),
                let right = vocabulary.find(both.extracting(middle...)), let id = vocabulary.find(both)
            else {
                throw metadata.damaged("merge \(rank) is '\(shown(text))', but these or what they make are no tokens")
            }
            merges.append(Merge(left: TokenID(left), right: TokenID(right), id: TokenID(id)))
            enter(rank)
        }
    }

    /// The first of several merges of the same pair counts.
    private mutating func enter(_ rank: Int) {
        let merge = merges[rank]
        var slot = slot(merge.left, merge.right)
        while slots[slot] != 0 {
            let other = merges[Int(slots[slot]) - 1]
            if other.left == merge.left && other.right == merge.right { return }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = UInt32(rank + 1)
    }

    func merge(_ left: PairMerger.Symbol, _ right: PairMerger.Symbol) -> (priority: UInt32, id: TokenID)? {
        var slot = slot(left.id, right.id)
        while slots[slot] != 0 {
            let merge = merges[Int(slots[slot]) - 1]
            if merge.left == left.id && merge.right == right.id { return (slots[slot], merge.id) }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    private func slot(_ left: TokenID, _ right: TokenID) -> Int {
        let pair = UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
        let hash = pair.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return Int(truncatingIfNeeded: hash.high ^ hash.low) & (slots.count - 1)
    }
}
