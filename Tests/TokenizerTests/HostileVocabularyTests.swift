@testable import GGUF
import Testing

@testable import Tokenizer

/// A vocabulary that contradicts itself is refused with one line that says why.
struct HostileVocabularyTests {
    struct Spoiled: CustomTestStringConvertible {
        let key: String
        let value: MetadataValue?
        let message: String
        var testDescription: String { message }

        init(_ key: String, _ value: MetadataValue?, _ message: String) {
            self.key = key
            self.value = value
            self.message = message
        }
    }

    static let sentencePieces: [Spoiled] = [
        Spoiled(MetadataKey.model, nil, "has no tokenizer.ggml.model"),
        Spoiled(MetadataKey.model, .uint32(7), "not a STRING"),
        Spoiled(MetadataKey.model, .string("bert\u{1B}[2J"), "is 'bert\\u{1B}[2J', which is not known"),
        Spoiled(MetadataKey.tokens, nil, "has no tokenizer.ggml.tokens"),
        Spoiled(MetadataKey.tokens, .string("a"), "not an array of strings"),
        Spoiled(MetadataKey.tokens, .array(MetadataArray([Int32]([1, 2]))), "not an array of strings"),
        Spoiled(MetadataKey.tokens, .array(MetadataArray([String]())), "has no tokenizer.ggml.tokens"),
        Spoiled(MetadataKey.kinds, .array(MetadataArray([Int32]([1, 2]))), "has 2 entries for 261 tokens"),
        Spoiled(MetadataKey.kinds, .array(MetadataArray([String](["a"]))), "not an array of integers"),
        Spoiled(MetadataKey.kinds, kinds(259, 7), "of token 259 is 7, not 0 to 6"),
        Spoiled(MetadataKey.kinds, kinds(259, -1), "of token 259 is -1, not 0 to 6"),
        Spoiled(MetadataKey.kinds, kinds(259, .min), "of token 259 is -2147483648, not 0 to 6"),
        Spoiled(MetadataKey.kinds, kinds(259, 6), "token 259 is a byte, but reads 'a'"),
        Spoiled(MetadataKey.scores, .array(MetadataArray([Float]([1, 2]))), "has 2 entries for 261 tokens"),
        Spoiled(MetadataKey.scores, scores(260, .nan), "of token 260 is not a number"),
        Spoiled(MetadataKey.scores, .array(MetadataArray([true])), "not an array of numbers"),
        Spoiled(MetadataKey.bos, .uint32(261), "bos_token_id is 261, but there are 261 tokens"),
        Spoiled(MetadataKey.eos, .int32(-1), "eos_token_id is -1, but there are 261 tokens"),
        Spoiled(MetadataKey.eot, .uint64(.max), "not an integer"),
        Spoiled(MetadataKey.eom, .uint32(.max), "eom_token_id is 4294967295"),
        Spoiled(MetadataKey.unknown, .int64(.max), "unknown_token_id is 9223372036854775807"),
        Spoiled(MetadataKey.unknown, .string("<unk>"), "not an integer"),
        Spoiled(MetadataKey.fillPad, .uint32(1_000_000), "fim_pad_token_id is 1000000"),
        Spoiled(MetadataKey.addsBOS, .uint32(1), "not a BOOL"),
        Spoiled(MetadataKey.addsSpacePrefix, .string("true"), "not a BOOL"),
    ]

    @Test(arguments: sentencePieces)
    func sentencePieceIsRefused(spoiled: Spoiled) throws {
        var vocabulary = TestVocabulary.sentencePiece(["a": -1, "b": -2])
        vocabulary.metadata[spoiled.key] = spoiled.value
        expectError(vocabulary, spoiled.message)
    }

    static let byteLevels: [Spoiled] = [
        Spoiled(MetadataKey.merges, nil, "has no tokenizer.ggml.merges"),
        Spoiled(MetadataKey.merges, .uint32(1), "not an array of strings"),
        Spoiled(MetadataKey.merges, merges("ab"), "merge 1 is 'ab', not two tokens"),
        Spoiled(MetadataKey.merges, merges(""), "merge 1 is '', not two tokens"),
        Spoiled(MetadataKey.merges, merges(" "), "merge 1 is ' ', but"),
        Spoiled(MetadataKey.merges, merges("a "), "merge 1 is 'a ', but"),
        Spoiled(MetadataKey.merges, merges(" a"), "merge 1 is ' a', but"),
        Spoiled(MetadataKey.merges, merges("a b c"), "merge 1 is 'a b c', but"),
        Spoiled(MetadataKey.merges, merges("a c"), "merge 1 is 'a c', but"),
        Spoiled(MetadataKey.merges, merges("漢 字"), "merge 1 is '漢 字', but"),
        Spoiled(MetadataKey.preTokenizer, .string("gpt-2\n"), "is 'gpt-2\\n', which is not known; known are a.x-4.0, "),
        Spoiled(MetadataKey.preTokenizer, .string(""), "is '', which is not known"),
        Spoiled(MetadataKey.preTokenizer, .bool(true), "not a STRING"),
        Spoiled(MetadataKey.addsBOS, .bool(true), "add_bos_token is true, but there is no tokenizer.ggml.bos_token_id"),
        Spoiled(MetadataKey.addsEOS, .bool(true), "add_eos_token is true, but there is no tokenizer.ggml.eos_token_id"),
    ]

    @Test(arguments: byteLevels)
    func byteLevelIsRefused(spoiled: Spoiled) throws {
        var vocabulary = TestVocabulary.byteLevel([(Array("a".utf8), Array("b".utf8))])
        vocabulary.metadata[spoiled.key] = spoiled.value
        expectError(vocabulary, spoiled.message)
    }

    @Test(arguments: ["<0x-1>", "<0x+1>", "<0xGG>", "<0x1>", "<0x001>", "<0x>", "", "0x41", "<0x4é"])
    func byteTokensMustBeBytes(text: String) {
        var vocabulary = TestVocabulary.sentencePiece(["a": -1])
        vocabulary.tokens[68] = text
        expectError(vocabulary, "token 68 is a byte, but reads '\(text)'")
    }

    @Test func tokensMustDiffer() {
        var vocabulary = TestVocabulary.sentencePiece(["a": -1, "b": -1])
        vocabulary.tokens[260] = "a"
        expectError(vocabulary, "tokens 259 and 260 are both 'a'")
        var byteLevel = TestVocabulary.byteLevel()
        byteLevel.tokens[98] = "a"
        expectError(byteLevel, "tokens 97 and 98 are both 'a'")
    }

    @Test func emptyTokensAreNeverMade() throws {
        var vocabulary = TestVocabulary.sentencePiece(["a": -1, "b": -1])
        vocabulary.tokens[259] = ""
        vocabulary.tokens[260] = ""
        let tokenizer = try vocabulary.tokenizer()
        #expect(tokenizer.encode("ab", addSpecial: false, startsText: false) == [100, 101])
        var special = TestVocabulary.byteLevel(specials: ["": .userDefined, "xy": .userDefined])
        special.metadata[MetadataKey.eos] = .uint32(256)
        #expect(try special.tokenizer().encode("axyb") == [97, 257, 98])
    }

    @Test func aMissingByteIsLeftOut() throws {
        var vocabulary = TestVocabulary.byteLevel()
        vocabulary.tokens[1] = "spare"
        #expect(try vocabulary.tokenizer().encode("a\u{1}b") == [97, 98])
    }

    @Test func aMissingPreTokenizerIsTheDefault() throws {
        let missing = try TestVocabulary.byteLevel(PreTokenizerGolden.allPairs).tokenizer()
        let named = try TestVocabulary.byteLevel(PreTokenizerGolden.allPairs, preTokenizer: "default").tokenizer()
        #expect(missing.encode("a=b 1234 x") == named.encode("a=b 1234 x"))
    }

    private func expectError(
        _ vocabulary: TestVocabulary, _ message: String, _ location: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: TokenizerError.self, sourceLocation: location) { try vocabulary.tokenizer() }
        let description = error?.description ?? ""
        #expect(description.hasPrefix("test.gguf: ") && description.contains(message), sourceLocation: location)
        #expect(!description.contains("\n") && !description.contains("\u{1B}"), sourceLocation: location)
    }

    private static func kinds(_ id: Int, _ kind: Int32) -> MetadataValue {
        var kinds: [Int32] = [2, 3, 3] + Array(repeating: 6, count: 256) + [1, 1]
        kinds[id] = kind
        return .array(MetadataArray(kinds))
    }

    private static func scores(_ id: Int, _ score: Float) -> MetadataValue {
        var scores = [Float](repeating: 0, count: 261)
        scores[id] = score
        return .array(MetadataArray(scores))
    }

    private static func merges(_ second: String) -> MetadataValue {
        .array(MetadataArray(["a b", second]))
    }
}
