import Foundation
import GGUF
import TestSupport
import Testing
import Tokenizer

/// A published vocabulary from the folder of shared files, which is not part of the package.
enum SharedVocabulary: String, CaseIterable, CustomTestStringConvertible {
    case llamaSPM = "llama-spm"
    case llamaBPE = "llama-bpe"
    case gpt2 = "gpt-2"
    case qwen2

    static let skipped: Comment = "set PLATEN_SHARED to the folder with data/vocab"

    var testDescription: String { rawValue }

    func path(_ suffix: String) throws -> String {
        try #require(SharedFiles.path("data/vocab/\(rawValue)\(suffix)"))
    }

    /// Read once, since a debug build takes seconds for the large ones.
    func tokenizer() throws -> Tokenizer {
        try Self.tokenizers[self, default: .failure(Missing())].get()
    }

    private struct Missing: Error {}

    private static let tokenizers: [SharedVocabulary: Result<Tokenizer, any Error>] = {
        var result: [SharedVocabulary: Result<Tokenizer, any Error>] = [:]
        for vocabulary in allCases {
            result[vocabulary] = Result { try Tokenizer(GGUFFile(path: vocabulary.path(".gguf"))) }
        }
        return result
    }()
}
