import Foundation
import TestSupport
import Testing

@testable import GGUF

/// Files that others wrote, from the collection beside the checkout; where it is absent these tests are skipped.
@Suite(.enabled(if: SharedFiles.directory != nil, "set PLATEN_SHARED to the folder with data/models and data/vocab"))
struct GoldenFileTests {
    @Test func storiesModelOpens() throws {
        let file = try GGUFFile(path: #require(SharedFiles.stories260K))
        #expect(file.version == 3)
        #expect(file.alignment == 32)
        #expect(try file.string("general.architecture") == "llama")
        #expect(try file.int("llama.embedding_length") == 64)
        #expect(try file.int("llama.block_count") == 5)
        #expect(try file.int("llama.attention.head_count_kv") == 4)
        #expect(try file.float("llama.attention.layer_norm_rms_epsilon") == 1e-5)
        let tokens = try #require(try file.strings("tokenizer.ggml.tokens"))
        #expect(tokens.count == 512)
        #expect(try file.floats("tokenizer.ggml.scores")?.count == 512)
        #expect(try file.ints("tokenizer.ggml.token_type")?.count == 512)
        let embedding = try #require(file.tensor("token_embd.weight"))
        #expect(embedding.shape == [64, 512])
        #expect(embedding.columns == 64 && embedding.rows == 512)
        #expect(embedding.type == .f32)
        #expect(file.bytes(of: embedding).count == 64 * 512 * 4)
        #expect(file.tensors.count == 48)
    }

    @Test(arguments: [
        ("llama-spm", 32000, 0), ("llama-bpe", 128256, 280147), ("gpt-2", 50257, 50000), ("qwen2", 151936, 151387),
    ])
    func vocabularyOpens(name: String, tokens: Int, merges: Int) throws {
        let file = try GGUFFile(path: #require(SharedFiles.path("data/vocab/\(name).gguf")))
        #expect(file.tensors.isEmpty)
        #expect(try file.strings("tokenizer.ggml.tokens")?.count == tokens)
        #expect(try file.strings("tokenizer.ggml.merges")?.count ?? 0 == merges)
    }
}
