import Testing

@testable import Tokenizer

struct SentencePieceTests {
    @Test func bestScoreMergesFirst() throws {
        // "abc": b+c is better than a+b, though a+b comes first.
        let tokenizer = try TestVocabulary.sentencePiece(["a": -9, "b": -9, "c": -9, "ab": -2, "bc": -1]).tokenizer()
        #expect(pieces(tokenizer, "abc") == ["a", "bc"])
    }

    @Test func leftmostOfEqualScoresMergesFirst() throws {
        let tokenizer = try TestVocabulary.sentencePiece(["a": -9, "aa": -1]).tokenizer()
        #expect(pieces(tokenizer, "aaaaa") == ["aa", "aa", "a"])
    }

    @Test(arguments: [
        (-3, -2), (-2, 0), (0, 1), (1, 2), (-0.5, -0.25), (-.infinity, -1000), (-1, 1e-30),
    ] as [(Float, Float)])
    func scoresOrderAsNumbers(lower: Float, higher: Float) throws {
        let pieces: KeyValuePairs<String, Float> = ["a": -9, "b": -9, "c": -9, "ab": lower, "bc": higher]
        let tokenizer = try TestVocabulary.sentencePiece(pieces).tokenizer()
        #expect(self.pieces(tokenizer, "abc") == ["a", "bc"])
    }

    @Test func zerosOfEitherSignAreEqual() throws {
        let tokenizer = try TestVocabulary.sentencePiece(["a": -9, "b": -9, "c": -9, "ab": -0.0, "bc": 0]).tokenizer()
        #expect(pieces(tokenizer, "abc") == ["ab", "c"])
    }

    @Test func mergedPiecesMergeOn() throws {
        let tokenizer = try TestVocabulary.sentencePiece(["a": -9, "aa": -2, "aaaa": -1]).tokenizer()
        #expect(pieces(tokenizer, "aaaaaaa") == ["aaaa", "aa", "a"])
    }

    @Test func whatTheVocabularyLacksBecomesBytes() throws {
        let tokenizer = try TestVocabulary.sentencePiece(["a": -1]).tokenizer()
        // Bytes C3, A9 and 0A; the first byte's token has id 3.
        #expect(tokenizer.encode("aé\n", addSpecial: false, startsText: false) == [259, 198, 172, 13])
    }

    @Test func withoutByteTokensACharacterIsUnknown() throws {
        var vocabulary = TestVocabulary.sentencePiece(["a": -1])
        vocabulary.tokens[172] = "no byte"
        vocabulary.metadata[MetadataKey.kinds] = nil
        let tokenizer = try vocabulary.tokenizer()
        #expect(tokenizer.encode("éaê", addSpecial: false, startsText: false) == [0, 259, 198, 173])
    }

    @Test func aSpaceGoesInFrontOfATextOnly() throws {
        let tokenizer = try TestVocabulary.sentencePiece(["▁": -3, "a": -3, "▁a": -1]).tokenizer()
        #expect(pieces(tokenizer, "a a", startsText: true) == ["▁a", "▁a"])
        #expect(pieces(tokenizer, "a a") == ["a", "▁a"])
        #expect(pieces(tokenizer, " a", startsText: true) == ["▁", "▁a"])
        #expect(tokenizer.encode("") == [1])
        #expect(tokenizer.encode("", addSpecial: false) == [])
    }

    @Test func filesMayForbidTheSpace() throws {
        var vocabulary = TestVocabulary.sentencePiece(["▁": -3, "a": -3, "▁a": -1])
        vocabulary.metadata[MetadataKey.addsSpacePrefix] = .bool(false)
        let tokenizer = try vocabulary.tokenizer()
        #expect(pieces(tokenizer, "a a", startsText: true) == ["a", "▁a"])
        #expect(tokenizer.decode(tokenizer.encode(" a")) == " a")
    }

    @Test func aSpaceFollowsEverySpecialToken() throws {
        let tokenizer = try TestVocabulary.sentencePiece(["▁": -3, "a": -3, "▁a": -1]).tokenizer()
        #expect(tokenizer.encode("a</s>a", parseSpecial: true) == [1, 261, 2, 261])
        #expect(tokenizer.encode("a</s>a", addSpecial: false, parseSpecial: true, startsText: false) == [260, 2, 261])
    }

    private func pieces(_ tokenizer: Tokenizer, _ text: String, startsText: Bool = false) -> [String] {
        tokenizer.encode(text, addSpecial: false, startsText: startsText).map { id in
            String(decoding: tokenizer.vocabulary.texts[Int(id)], as: UTF8.self)
        }
    }
}
