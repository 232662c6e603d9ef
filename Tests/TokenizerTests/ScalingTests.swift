import Testing

@testable import Tokenizer

/// Work grows with the text's length, not with its square.
struct ScalingTests {
    /// Counts how often the vocabulary is asked.
    private final class CountingRule: MergeRule {
        var questions = 0

        func merge(_ left: PairMerger.Symbol, _ right: PairMerger.Symbol) -> (priority: UInt32, id: TokenID)? {
            questions += 1
            let length = right.end - left.start
            return length & (length - 1) == 0 ? (UInt32.max - UInt32(length), TokenID(length)) : nil
        }
    }

    @Test func eachSymbolIsLookedAtAFewTimesOnly() {
        let count = 100_000
        var merger = PairMerger()
        for position in 0..<count { merger.append(start: position, end: position + 1, id: 1) }
        let rule = CountingRule()
        merger.merge(rule)
        // Once for each pair of neighbours, and twice for each merge.
        #expect(rule.questions < 3 * count)
        var covered = 0
        merger.forEachRemaining { covered += $0.end - $0.start }
        #expect(covered == count)
    }

    /// Doubling tokens of one letter make the longest chains of merges; the other texts are the worst of each rule.
    @Test(
        arguments: ["a", "9", "A", "éA", " ", " \n", "'s", "<", "👍"], ["llama-bpe", "tekken", "deepseek-llm"])
    func timeGrowsWithTheLength(unit: String, preTokenizer: String) throws {
        var merges: [([UInt8], [UInt8])] = []
        for byte in Array("a9!A \n<".utf8) {
            for power in 0..<6 {
                let half = [UInt8](repeating: byte, count: 1 << power)
                merges.append((half, half))
            }
        }
        let tokenizer = try TestVocabulary.byteLevel(
            merges, specials: ["<|a|>": .userDefined, "    ": .userDefined], preTokenizer: preTokenizer).tokenizer()
        let short = cost(tokenizer, unit, 1_000)
        let long = cost(tokenizer, unit, 16_000)
        // 16 times the text: about 20 times the time, where the square would be 256.
        #expect(long < short * 100)
    }

    /// The least processor time of some tries, in seconds.
    private func cost(_ tokenizer: Tokenizer, _ unit: String, _ count: Int) -> Double {
        let text = String(repeating: unit, count: count / unit.utf8.count)
        return (0..<3).map { _ in
            let start = processorTime()
            _ = tokenizer.encode(text)
            return processorTime() - start
        }.min() ?? 0
    }
}
