@testable import GGUF
import Testing

@testable import Tokenizer

struct SpecialTokenTests {
    @Test func controlTokensAreFoundOnRequestOnly() throws {
        let tokenizer = try TestVocabulary.byteLevel(specials: ["<|im_end|>": .control]).tokenizer()
        #expect(tokenizer.encode("a<|im_end|>b", parseSpecial: true) == [97, 256, 98])
        #expect(tokenizer.encode("a<|im_end|>b").count == 12)
        #expect(tokenizer.isControl(256))
        #expect(!tokenizer.isControl(97) && !tokenizer.isControl(-1) && !tokenizer.isControl(257))
    }

    @Test func userDefinedTokensAreAlwaysFound() throws {
        let tokenizer = try TestVocabulary.byteLevel(specials: ["  ": .userDefined, "<tool>": .userDefined]).tokenizer()
        #expect(tokenizer.encode("a   <tool>") == [97, 256, 32, 257])
        #expect(tokenizer.decode([97, 256, 257]) == "a  <tool>")
    }

    /// A user-defined text is not in the byte-level alphabet, even where it looks as if it were.
    @Test func literalTextsAreNotMistakenForSpelledOnes() throws {
        let merges = [(Array(" ".utf8), Array(" ".utf8))]
        let tokenizer = try TestVocabulary.byteLevel(merges, specials: ["ĠĠ": .userDefined]).tokenizer()
        #expect(tokenizer.encode("  ĠĠ") == [256, 257])
        #expect(tokenizer.decode([256, 257]) == "  ĠĠ")
    }

    @Test(arguments: [
        ("<a><ab>", [256, 257]), ("<<a>>", [60, 256, 62]), ("<a<a>", [60, 97, 256]), ("xyzw", [258, 119]),
        ("wxyz", [119, 258]), ("xyyz", [259, 121, 122]), ("", []),
    ] as [(String, [TokenID])])
    func longestWinsWhereTokensOverlap(text: String, expected: [TokenID]) throws {
        let tokenizer = try TestVocabulary.byteLevel(specials: [
            "<a>": .userDefined, "<ab>": .userDefined, "xyz": .userDefined, "xy": .userDefined, "zw": .userDefined,
        ]).tokenizer()
        #expect(tokenizer.encode(text) == expected)
    }

    @Test func phi3TokensSwallowTheSpaceBehindThem() throws {
        var vocabulary = TestVocabulary.sentencePiece(["▁": -3, "a": -3, "▁a": -1, "<|end|>": 0])
        vocabulary.metadata["general.name"] = .string("Phi-3 mini")
        let tokenizer = try vocabulary.tokenizer()
        let end = try #require(tokenizer.id(of: "<|end|>"))
        #expect(tokenizer.encode("a<|end|> \n\ta", addSpecial: false, parseSpecial: true) == [261, end, 261])
        #expect(tokenizer.encode("<s> a", addSpecial: false, parseSpecial: true) == [1, 259, 261])
    }

    @Test func textsAddBOSAndEOSAsTheFileAsks() throws {
        var vocabulary = TestVocabulary.sentencePiece(["▁": -3])
        #expect(try vocabulary.tokenizer().encode(" ") == [1, 259, 259])
        vocabulary.metadata[MetadataKey.addsEOS] = .bool(true)
        #expect(try vocabulary.tokenizer().encode(" ") == [1, 259, 259, 2])
        vocabulary.metadata[MetadataKey.addsBOS] = .bool(false)
        #expect(try vocabulary.tokenizer().encode(" ") == [259, 259, 2])
        #expect(try vocabulary.tokenizer().encode(" ", addSpecial: false) == [259, 259])
    }

    @Test(arguments: [("llama-bpe", true), ("tekken", true), ("gpt-2", false), ("qwen2", false), ("minicpm5", false)])
    func somePreTokenizersImplyBOS(name: String, addsBOS: Bool) throws {
        var vocabulary = TestVocabulary.byteLevel(specials: ["<s>": .control], preTokenizer: name)
        #expect(try !vocabulary.tokenizer().addsBOS)
        vocabulary.metadata[MetadataKey.bos] = .uint32(256)
        #expect(try vocabulary.tokenizer().addsBOS == addsBOS)
    }

    @Test func generationEndsAtNamedAndWellKnownTokens() throws {
        var vocabulary = TestVocabulary.byteLevel(specials: [
            "<|im_end|>": .control, "<|im_start|>": .control, "[stop]": .control, "<end_of_turn>": .normal,
            "<|fim_pad|>": .control, "<|fim_prefix|>": .normal,
        ])
        vocabulary.metadata[MetadataKey.eos] = .uint32(258)
        let tokenizer = try vocabulary.tokenizer()
        #expect((0..<Int32(tokenizer.count)).filter(tokenizer.isEndOfGeneration) == [256, 258, 259, 260])
        #expect(tokenizer.eos == 258)
        #expect(tokenizer.eot == 256)
        // These steer the model, whatever the file says.
        #expect(tokenizer.isControl(259) && tokenizer.isControl(261))
        #expect(tokenizer.encode("<end_of_turn>").count > 1)
    }

    @Test func byteLevelVocabulariesHaveNoIDsByDefault() throws {
        let tokenizer = try TestVocabulary.byteLevel().tokenizer()
        #expect([tokenizer.bos, tokenizer.eos, tokenizer.eot, tokenizer.unknown] == [nil, nil, nil, nil])
    }

    @Test func tokensAreFoundByTheirText() throws {
        let merges = [(Array(" ".utf8), Array("a".utf8))]
        let specials: KeyValuePairs<String, TokenKind> = ["<s>": .control, "  ": .userDefined]
        let tokenizer = try TestVocabulary.byteLevel(merges, specials: specials).tokenizer()
        #expect(tokenizer.id(of: " a") == 256)
        #expect(tokenizer.id(of: "<s>") == 257)
        #expect(tokenizer.id(of: "  ") == 258)
        #expect(tokenizer.id(of: "ab") == nil)
        #expect(tokenizer.id(of: "") == nil)
    }
}
