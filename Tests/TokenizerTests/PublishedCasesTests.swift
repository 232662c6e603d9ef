import Foundation
import GGUF
import TestSupport
import Testing
import Tokenizer

/// The texts and tokens that the ggml project publishes with its vocabularies.
@Suite(.enabled(if: SharedFiles.directory != nil, SharedVocabulary.skipped))
struct PublishedCasesTests {
    @Test(arguments: SharedVocabulary.allCases)
    func tokensAreThePublishedOnes(vocabulary: SharedVocabulary) throws {
        let texts = try String(contentsOfFile: vocabulary.path(".inp"), encoding: .utf8)
            .components(separatedBy: "\n__ggml_vocab_test__\n").dropLast()
        let lines = try String(contentsOfFile: vocabulary.path(".out"), encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(texts.count == lines.count)
        #expect(texts.count > 40)
        let tokenizer = try vocabulary.tokenizer()
        for (text, line) in zip(texts, lines) {
            let expected = line.split(separator: " ").compactMap { TokenID($0) }
            #expect(tokenizer.encode(text, addSpecial: false) == expected, "\(text.debugDescription)")
        }
    }

    /// The beginning of the tokens with which the model of 260 thousand parameters is published.
    @Test func smallestModelReadsItsFirstWords() throws {
        let path = try #require(SharedFiles.stories260K)
        let tokenizer = try Tokenizer(GGUFFile(path: path))
        #expect(tokenizer.encode("Once upon a time") == [1, 403, 407, 261, 378])
        #expect(tokenizer.decode([1, 403, 407, 261, 378]) == "Once upon a time")
    }
}
