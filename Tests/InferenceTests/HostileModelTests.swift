import GGUF
import Testing
@testable import Inference

/// Files that are sound GGUF but no sound model: each is refused with a line that names the culprit.
@Suite struct HostileModelTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let tiny: TinyModel
        let mentions: String
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        meta("general.architecture", .string("mamba\u{1B}[2J"), "is not supported; supported are llama, qwen2, qwen3"),
        meta("general.architecture", .uint32(7), "general.architecture"),
        meta("llama.block_count", .uint32(0), "block_count: 0 is not between"),
        meta("llama.block_count", .uint32(100_000), "block_count: 100000 is not between"),
        meta("llama.block_count", .uint32(3), "blk.2.attn_norm.weight' is missing"),
        meta("llama.block_count", .int64(-1), "block_count"),
        meta("llama.block_count", .uint64(1 << 63), "block_count"),
        meta("llama.embedding_length", .uint32(0), "embedding_length"),
        meta("llama.embedding_length", .uint32(128), "token_embd.weight"),
        meta("llama.embedding_length", .string("64"), "embedding_length"),
        meta("llama.feed_forward_length", .uint64(.max), "feed_forward_length"),
        meta("llama.attention.head_count", .uint32(0), "head_count: 0 is not between"),
        meta("llama.attention.head_count", .uint32(3), "3 heads cannot share 2"),
        meta("llama.attention.head_count", .uint32(6), "6 heads do not divide a width of 64"),
        meta("llama.attention.head_count_kv", .uint32(0), "head_count_kv"),
        meta("llama.attention.head_count_kv", .uint32(8), "cannot share"),
        meta("llama.context_length", .uint32(0), "context_length"),
        meta("llama.attention.layer_norm_rms_epsilon", .float32(.nan), "not a finite number"),
        meta("llama.attention.layer_norm_rms_epsilon", .float32(-1), "is not between 0 and 1"),
        meta("llama.rope.dimension_count", .uint32(18), "rope.dimension_count: 18 is not between 0 and 16"),
        meta("llama.rope.dimension_count", .uint32(7), "7 is odd"),
        meta("llama.rope.freq_base", .float32(0), "rope.freq_base"),
        meta("llama.rope.scaling.type", .string("longrope"), "'longrope' is not supported"),
        meta("llama.rope.scaling.factor", .float32(-4), "rope.scaling.factor"),
        Case(name: "no embedding", tiny: TinyModel(without: ["token_embd.weight"]), mentions: "this is not a whole model"),
        Case(name: "no output norm", tiny: TinyModel(without: ["output_norm.weight"]), mentions: "'output_norm.weight' is missing"),
        Case(name: "no bias where the family needs it", tiny: TinyModel(family: "qwen2", without: ["blk.1.attn_k.bias"]), mentions: "'blk.1.attn_k.bias' is missing"),
        Case(name: "no head norm", tiny: TinyModel(family: "qwen3", without: ["blk.0.attn_q_norm.weight"]), mentions: "'blk.0.attn_q_norm.weight' is missing"),
        Case(name: "short norm", tiny: TinyModel(shapes: ["blk.0.attn_norm.weight": [63]]), mentions: "'blk.0.attn_norm.weight' is 63, but the metadata asks for 64"),
        Case(name: "turned matrix", tiny: TinyModel(shapes: ["blk.0.ffn_up.weight": [96, 64]]), mentions: "is 96 x 64, but the metadata asks for 64 x 96"),
        Case(name: "a head of another vocabulary", tiny: TinyModel(shapes: ["output.weight": [64, 49]]), mentions: "'output.weight' is 64 x 49"),
        Case(name: "norms that are not F32", tiny: TinyModel(types: ["output_norm.weight": .f16]), mentions: "it must be F32"),
    ]

    private static func meta(_ key: String, _ value: MetadataValue, _ mentions: String) -> Case {
        Case(name: "\(key) = \(value)", tiny: TinyModel(changes: [key: value]), mentions: mentions)
    }

    @Test(arguments: cases) func isRefusedInOneLine(_ hostile: Case) throws {
        let error = #expect(throws: InferenceError.self) { try hostile.tiny.model() }
        let text = error?.description ?? ""
        #expect(text.contains(hostile.mentions), "\(text)")
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }, "one line, no escapes")
    }

    @Test func theModelItselfIsSound() throws {
        for family in ForwardTests.families { _ = try TinyModel(family: family).model() }
    }
}
