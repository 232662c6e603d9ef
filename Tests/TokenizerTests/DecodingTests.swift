import Testing

@testable import Tokenizer

struct DecodingTests {
    @Test func streamsNeverShowHalfACharacter() throws {
        let tokenizer = try TestVocabulary.byteLevel().tokenizer()
        var decoder = StreamingDecoder(tokenizer)
        let pieces: [String] = "aé漢👍!".utf8.map { decoder.append(TokenID($0)) }
        #expect(pieces == ["a", "", "é", "", "", "漢", "", "", "", "👍", "!"])
        #expect(decoder.finish() == "")
    }

    @Test func bytesThatAreNoCharacterBecomeReplacements() throws {
        let tokenizer = try TestVocabulary.byteLevel().tokenizer()
        var decoder = StreamingDecoder(tokenizer)
        let ids: [TokenID] = [0x80, 0xC3, 0x41, 0xF0, 0x9F, 0x91, 0x42, 0xE6, 0xBC]
        let pieces: [String] = ids.map { decoder.append($0) }
        #expect(pieces == ["\u{FFFD}", "", "\u{FFFD}A", "", "", "", "\u{FFFD}B", "", ""])
        #expect(decoder.finish() == "\u{FFFD}")
        #expect(decoder.finish() == "")
    }

    /// Whatever the bytes, streaming and decoding at once give the same text.
    @Test func streamedTextIsTheWholeText() throws {
        let tokenizer = try TestVocabulary.byteLevel().tokenizer()
        var random = SystemRandomNumberGenerator()
        let bytes: [TokenID] = [
            0x20, 0x41, 0x7F, 0x80, 0xBF, 0xC0, 0xC3, 0xE0, 0xA0, 0xED, 0x9F, 0xF0, 0x90, 0xF4, 0x8F, 0xFF,
        ]
        for _ in 0..<500 {
            let ids = (0..<12).compactMap { _ in bytes.randomElement(using: &random) }
            var decoder = StreamingDecoder(tokenizer)
            let streamed = ids.map { decoder.append($0) }.joined() + decoder.finish()
            #expect(Array(streamed.unicodeScalars) == Array(tokenizer.decode(ids).unicodeScalars), "\(ids)")
        }
    }

    @Test func onlyATextsFirstSpaceIsRemoved() throws {
        let tokenizer = try TestVocabulary.sentencePiece(["▁a": -1, "▁": -2, "b": -3]).tokenizer()
        #expect(tokenizer.decode([259, 259]) == "a a")
        #expect(tokenizer.decode([1, 259, 259, 2]) == "a a")
        #expect(tokenizer.decode([260, 259]) == " a")
        #expect(tokenizer.decode([261, 259]) == "b a")
        #expect(tokenizer.decode([259], startsText: false) == " a")
        var decoder = StreamingDecoder(tokenizer, startsText: true)
        let pieces: [String] = [1, 259, 259].map { decoder.append($0) }
        #expect(pieces == ["", "a", " a"])
        decoder = StreamingDecoder(tokenizer)
        #expect(decoder.append(259) == " a")
    }

    @Test func controlTokensAreShownOnRequestOnly() throws {
        let tokenizer = try TestVocabulary.sentencePiece(["a": -1]).tokenizer()
        #expect(tokenizer.decode([1, 259, 0, 2]) == "a")
        #expect(tokenizer.decode([1, 259, 0, 2], special: true) == "<s>a<unk></s>")
        #expect(tokenizer.bytes(of: 2) == [])
        #expect(tokenizer.bytes(of: 236) == [0xE9])
    }

    @Test(arguments: [-1, .min, .max, 1_000_000] as [TokenID])
    func idsBeyondTheVocabularyHaveNoText(id: TokenID) throws {
        let tokenizer = try TestVocabulary.sentencePiece(["a": -1]).tokenizer()
        #expect(tokenizer.bytes(of: id, special: true) == [])
        #expect(tokenizer.decode([id, 259]) == "a")
        #expect(!tokenizer.isEndOfGeneration(id))
    }
}
