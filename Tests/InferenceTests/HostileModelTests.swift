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
        meta("general.architecture", .string("mamba\u{1B}[2J"), "is not supported; supported are llama, qwen2, qwen3, gemma2, gemma3, phi3, granite, smollm3, olmo2, lfm2, qwen35"),
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
        meta("llama.rope.scaling.type", .string("dynamic"), "'dynamic' is not supported"),
        meta("llama.rope.scaling.factor", .float32(-4), "rope.scaling.factor"),
        Case(name: "no embedding", tiny: TinyModel(without: ["token_embd.weight"]), mentions: "this is not a whole model"),
        Case(name: "no output norm", tiny: TinyModel(without: ["output_norm.weight"]), mentions: "'output_norm.weight' is missing"),
        Case(name: "no bias where the family needs it", tiny: TinyModel(family: "qwen2", without: ["blk.1.attn_k.bias"]), mentions: "'blk.1.attn_k.bias' is missing"),
        Case(name: "no head norm", tiny: TinyModel(family: "qwen3", without: ["blk.0.attn_q_norm.weight"]), mentions: "'blk.0.attn_q_norm.weight' is missing"),
        family("gemma2.attention.sliding_window", .uint32(0), "sliding_window: 0 is not between"),
        family("gemma2.attn_logit_softcapping", .float32(-50), "attn_logit_softcapping: -50.0 is not above 0"),
        family("gemma2.final_logit_softcapping", .float32(.infinity), "not a finite number"),
        family("gemma3.attention.sliding_window", .int32(-1), "sliding_window: -1 is not between"),
        family("gemma3.attention.sliding_window", .string("24"), "sliding_window"),
        family("gemma3.attention.sliding_window_pattern", .uint32(3), "sliding_window_pattern: 3 is not between 0 and 2"),
        family("gemma3.rope.freq_base_swa", .float32(1), "rope.freq_base_swa: 1.0 is not above 1"),
        family("granite.embedding_scale", .float32(-12), "embedding_scale: -12.0 is not above 0"),
        family("granite.residual_scale", .float32(0), "residual_scale: 0.0 is not above 0"),
        family("granite.attention.scale", .float32(.nan), "attention.scale: nan is not a finite number"),
        family("granite.logit_scale", .float32(2e6), "logit_scale: 2000000.0 is not above 0 and at most 1000000"),
        family("granite.rope.scaling.finetuned", .uint32(1), "rope.scaling.finetuned"),
        family("olmo2.attention.sliding_window_pattern", .array(MetadataArray([true])), "the array has 1 values, but there are 2 layers"),
        family("olmo2.attention.sliding_window_pattern", .array(MetadataArray(["yes", "no"])), "sliding_window_pattern"),
        family("phi3.rope.scaling.original_context_length", .uint32(0), "original_context_length: 0 is not between"),
        family("lfm2.shortconv.l_cache", .uint32(1), "shortconv.l_cache: 1 is not between 2 and 256"),
        family("lfm2.shortconv.l_cache", .uint32(4), "'blk.0.shortconv.conv.weight' is 3 x 64, but the metadata asks for 4 x 64"),
        family("lfm2.shortconv.l_cache", .string("3"), "shortconv.l_cache"),
        family("lfm2.attention.head_count_kv", .array(MetadataArray([0, 2] as [UInt32])), "the array has 2 values, but there are 3 layers"),
        family("lfm2.attention.head_count_kv", .array(MetadataArray([0, -2, 0] as [Int32])), "head_count_kv: -2 is not between 0"),
        family("lfm2.attention.head_count_kv", .array(MetadataArray([1, 2, 0] as [UInt32])), "layers with 2 and with 1 heads"),
        family("lfm2.attention.head_count_kv", .array(MetadataArray(["0", "2", "0"])), "head_count_kv"),
        family("lfm2.attention.head_count_kv", .array(MetadataArray([2, 2, 0] as [UInt32])), "'blk.0.attn_q.weight' is missing"),
        family("lfm2.attention.head_count_kv", .uint32(0), "'blk.1.shortconv.in_proj.weight' is missing"),
        family("llama.attention.head_count_kv", .array(MetadataArray([2, 0] as [UInt32])), "head_count_kv: 0 is not between 1"),
        family("qwen35.ssm.conv_kernel", .uint32(0), "ssm.conv_kernel: 0 is not between 2 and 256"),
        family("qwen35.ssm.state_size", .uint32(257), "ssm.state_size: 257 is not between 1 and 256"),
        family("qwen35.ssm.group_count", .uint32(3), "4 value heads cannot share 3 key heads evenly"),
        family("qwen35.ssm.inner_size", .uint32(65), "ssm.inner_size: 65 is not 4 heads of 16"),
        family("qwen35.full_attention_interval", .uint32(0), "full_attention_interval: 0 is not between"),
        family("qwen35.full_attention_interval", .uint32(2), "'blk.1.attn_qkv.weight' is 64 x 128, but"),
        family("qwen35.nextn_predict_layers", .uint32(3), "nextn_predict_layers: 3 is not between 0 and 2"),
        family("qwen35.attention.recurrent_layers", .array(MetadataArray([true])), "the array has 1 values, but there are 3 layers"),
        lacks("qwen35", "blk.0.ssm_a"), lacks("qwen35", "blk.0.ssm_dt.bias"), lacks("qwen35", "blk.1.attn_gate.weight"),
        lacks("qwen35", "blk.1.post_attention_norm.weight"),
        lacks("lfm2", "blk.0.shortconv.conv.weight"), lacks("lfm2", "blk.2.shortconv.out_proj.weight"), lacks("lfm2", "token_embd_norm.weight"),
        Case(name: "a kernel that is not F32", tiny: changed("lfm2") { $0.types["blk.0.shortconv.conv.weight"] = .f16 }, mentions: "it must be F32"),
        lacks("gemma2", "blk.0.post_attention_norm.weight"), lacks("gemma2", "blk.1.post_ffw_norm.weight"),
        lacks("gemma3", "blk.1.attn_k_norm.weight"), lacks("granite", "blk.0.ffn_gate.weight"), lacks("smollm3", "blk.3.attn_norm.weight"),
        lacks("olmo2", "blk.0.post_ffw_norm.weight"), lacks("phi3", "blk.0.ffn_up.weight"),
        lacks("phi3", "blk.0.attn_qkv.weight", mentions: "'blk.0.attn_q.weight' is missing"),
        lacks("phi3", "rope_factors_long.weight", mentions: "'rope_factors_short.weight' and 'rope_factors_long.weight' one is missing"),
        Case(name: "a norm of heads for the whole width", tiny: changed("olmo2") { $0.shapes["blk.0.attn_q_norm.weight"] = [16] },
             mentions: "'blk.0.attn_q_norm.weight' is 16, but the metadata asks for 64"),
        Case(name: "too few fused rows", tiny: changed("phi3") { $0.shapes["blk.1.attn_qkv.weight"] = [64, 127] },
             mentions: "'blk.1.attn_qkv.weight' is 64 x 127, but the metadata asks for 64 x 128"),
        Case(name: "a gate without its partner", tiny: changed("phi3") { $0.shapes["blk.0.ffn_up.weight"] = [64, 96] },
             mentions: "'blk.0.ffn_up.weight' is 64 x 96, but the metadata asks for 64 x 192"),
        Case(name: "short norm", tiny: TinyModel(shapes: ["blk.0.attn_norm.weight": [63]]), mentions: "'blk.0.attn_norm.weight' is 63, but the metadata asks for 64"),
        Case(name: "turned matrix", tiny: TinyModel(shapes: ["blk.0.ffn_up.weight": [96, 64]]), mentions: "is 96 x 64, but the metadata asks for 64 x 96"),
        Case(name: "a head of another vocabulary", tiny: TinyModel(shapes: ["output.weight": [64, 49]]), mentions: "'output.weight' is 64 x 49"),
        Case(name: "norms that are not F32", tiny: TinyModel(types: ["output_norm.weight": .f16]), mentions: "it must be F32"),
    ]

    private static func meta(_ key: String, _ value: MetadataValue, _ mentions: String) -> Case {
        Case(name: "\(key) = \(value)", tiny: TinyModel(changes: [key: value]), mentions: mentions)
    }

    private static func changed(_ family: String, _ change: (inout TinyModel) -> Void) -> TinyModel {
        var tiny = TinyModel.families[family] ?? TinyModel()
        change(&tiny)
        return tiny
    }

    private static func family(_ key: String, _ value: MetadataValue, _ mentions: String) -> Case {
        let tiny = changed(String(key.prefix { $0 != "." })) { $0.changes[key] = value }
        return Case(name: "\(key) = \(value)", tiny: tiny, mentions: mentions)
    }

    private static func lacks(_ family: String, _ tensor: String, mentions: String? = nil) -> Case {
        let tiny = changed(family) { $0.without.insert(tensor) }
        return Case(name: "\(family) without \(tensor)", tiny: tiny, mentions: mentions ?? "'\(tensor)' is missing")
    }

    @Test(arguments: cases) func isRefusedInOneLine(_ hostile: Case) throws {
        let error = #expect(throws: InferenceError.self) { try hostile.tiny.model() }
        let text = error?.description ?? ""
        #expect(text.contains(hostile.mentions), "\(text)")
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }, "one line, no escapes")
    }

    @Test func theModelItselfIsSound() throws {
        for (_, tiny) in TinyModel.families { _ = try tiny.model() }
    }
}
