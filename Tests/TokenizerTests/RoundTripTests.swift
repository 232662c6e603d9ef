import TestSupport
import Testing

@testable import Tokenizer

/// Decoding gives back what was encoded.
struct RoundTripTests {
    @Test(arguments: ["default", "gpt-2", "llama-bpe", "qwen2", "tekken", "deepseek-llm", "deepseek-v3", "falcon"])
    func byteLevelTextsComeBack(preTokenizer: String) throws {
        let merges = [("t", "h"), ("th", "e"), (" ", "the"), (" ", " "), ("\n", "\n")]
            .map { (Array($0.utf8), Array($1.utf8)) }
        let tokenizer = try TestVocabulary.byteLevel(merges, preTokenizer: preTokenizer).tokenizer()
        for text in randomTexts(100) {
            #expect(tokenizer.decode(tokenizer.encode(text)) == text, "\(text.debugDescription)")
        }
    }

    @Test func sentencePieceTextsComeBack() throws {
        let tokenizer = try TestVocabulary.sentencePiece(
            ["▁": -3, "▁▁": -2, "t": -9, "h": -9, "e": -9, "th": -4, "the": -3, "▁the": -1, "é": -5]
        ).tokenizer()
        for text in randomTexts(300) {
            #expect(tokenizer.decode(tokenizer.encode(text)) == text, "\(text.debugDescription)")
            let continued = tokenizer.encode(text, addSpecial: false, startsText: false)
            #expect(tokenizer.decode(continued, startsText: false) == text, "\(text.debugDescription)")
        }
    }

    @Test(
        .enabled(if: SharedFiles.directory != nil, SharedVocabulary.skipped),
        arguments: SharedVocabulary.allCases)
    func publishedVocabulariesGiveTextsBack(vocabulary: SharedVocabulary) throws {
        let tokenizer = try vocabulary.tokenizer()
        for text in randomTexts(200) {
            let ids = tokenizer.encode(text)
            #expect(tokenizer.decode(ids) == text, "\(text.debugDescription)")
            #expect(ids.allSatisfy { 0 <= $0 && $0 < tokenizer.count })
        }
    }

    /// Words, white space and single characters from everywhere in Unicode, but not U+2581, which SentencePiece takes
    /// for a space.
    private func randomTexts(_ count: Int) -> [String] {
        var random = SystemRandomNumberGenerator()
        let words = [
            "the", " the", "  ", "\n\n", "\t", "\r\n", "'s", "don't", "été", "漢字", "👩‍🚀", "<s>", "12345", "e\u{301}", "…",
        ]
        return (0..<count).map { _ in
            var text = ""
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                let scalar = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &random)) ?? "x"
                switch Int.random(in: 0..<4, using: &random) {
                case 0: text.unicodeScalars.append(scalar == "\u{2581}" ? "x" : scalar)
                case 1: text.unicodeScalars.append(Unicode.Scalar(UInt8.random(in: 0...0x7F, using: &random)))
                default: text += words.randomElement(using: &random) ?? ""
                }
            }
            return text
        }
    }
}
