import GGUF
@testable import Inference

/// Small models with repeatable random F32 weights, built in memory's writer and mapped from a temporary file.
struct TinyModel {
    var family = "llama"
    var width = 64
    var heads = 4
    var keyValueHeads = 2
    var headSize: Int?
    var feedForward = 96
    var layers = 2
    var vocabulary = 50
    /// Changes made to the metadata before writing.
    var changes: [String: MetadataValue] = [:]
    /// Tensors left out.
    var without: Set<String> = []
    /// Shapes that differ from what the metadata asks for.
    var shapes: [String: [Int]] = [:]
    /// Types that differ from F32.
    var types: [String: TensorType] = [:]

    /// Every family, with what sets it apart: windows that a text of 150 tokens leaves behind, a layer without RoPE, factors.
    static let families: [String: TinyModel] = [
        "llama": TinyModel(),
        "qwen2": TinyModel(family: "qwen2"),
        "qwen3": TinyModel(family: "qwen3"),
        "gemma2": TinyModel(family: "gemma2", changes: [
            "gemma2.attention.sliding_window": .uint32(24), "gemma2.attn_logit_softcapping": .float32(5),
            "gemma2.final_logit_softcapping": .float32(3),
        ]),
        "gemma3": TinyModel(family: "gemma3", changes: [
            "gemma3.attention.sliding_window": .uint32(24), "gemma3.attention.sliding_window_pattern": .uint32(2),
            "gemma3.rope.freq_base": .float32(1e6), "gemma3.rope.scaling.type": .string("linear"),
            "gemma3.rope.scaling.factor": .float32(8),
        ]),
        "phi3": TinyModel(family: "phi3", changes: [
            "phi3.rope.scaling.original_context_length": .uint32(64), "phi3.rope.scaling.attn_factor": .float32(1.2),
        ]),
        "granite": TinyModel(family: "granite", changes: [
            "granite.embedding_scale": .float32(12), "granite.residual_scale": .float32(0.25),
            "granite.attention.scale": .float32(0.125), "granite.logit_scale": .float32(8),
        ]),
        "smollm3": TinyModel(family: "smollm3", layers: 4),
        "olmo2": TinyModel(family: "olmo2", changes: [
            "olmo2.attention.sliding_window": .uint32(24),
            "olmo2.attention.sliding_window_pattern": .array(MetadataArray([true, false])),
        ]),
        "lfm2": TinyModel(family: "lfm2", layers: 3, changes: [
            "lfm2.attention.head_count_kv": .array(MetadataArray([0, 2, 0] as [UInt32])), "lfm2.shortconv.l_cache": .uint32(3),
        ]),
        // Two delta nets of 2 key heads and 4 value heads, then attention.
        "qwen35": TinyModel(family: "qwen35", layers: 3, changes: [
            "qwen35.full_attention_interval": .uint32(3), "qwen35.rope.dimension_count": .uint32(8),
            "qwen35.ssm.conv_kernel": .uint32(3), "qwen35.ssm.state_size": .uint32(16), "qwen35.ssm.group_count": .uint32(2),
            "qwen35.ssm.time_step_rank": .uint32(4), "qwen35.ssm.inner_size": .uint32(64),
        ]),
    ]

    func writer() -> GGUFWriter {
        var w = GGUFWriter()
        var random = RandomSource(seed: 42)
        let size = headSize ?? width / heads
        var keys: [String: MetadataValue] = [
            "general.architecture": .string(family),
            "\(family).block_count": .uint32(UInt32(layers)),
            "\(family).embedding_length": .uint32(UInt32(width)),
            "\(family).feed_forward_length": .uint32(UInt32(feedForward)),
            "\(family).attention.head_count": .uint32(UInt32(heads)),
            "\(family).attention.head_count_kv": .uint32(UInt32(keyValueHeads)),
            "\(family).context_length": .uint32(256),
            "\(family).attention.layer_norm_rms_epsilon": .float32(1e-5),
        ]
        if headSize != nil { keys["\(family).attention.key_length"] = .uint32(UInt32(size)) }
        keys.merge(changes) { _, change in change }
        for (key, value) in keys.sorted(by: { $0.key < $1.key }) { w.set(key, value) }

        func add(_ name: String, _ shape: [Int], around mean: Float = 0) {
            guard !without.contains(name) else { return }
            let shape = shapes[name] ?? shape
            let spread = mean == 0 ? 1 / Float(shape[0]).squareRoot() : 0.1
            var data: [UInt8] = []
            for _ in 0..<shape.reduce(1, *) {
                let value = mean + (random.nextUnit() * 2 - 1) * spread * 1.7
                withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
            }
            let type = types[name] ?? .f32
            if type == .f16 { data.removeLast(data.count / 2) }
            w.add(tensor: name, shape: shape, type: type, data: data)
        }
        add("token_embd.weight", [width, vocabulary])
        if family == "phi3" {
            add("rope_factors_short.weight", [size / 2], around: 1)
            add("rope_factors_long.weight", [size / 2], around: 4)
        }
        for i in 0..<layers {
            addLayer("blk.\(i).", size, recurs: family == "lfm2" && i % 2 == 0 || family == "qwen35" && i % 3 != 2, add)
        }
        add(family == "lfm2" ? "token_embd_norm.weight" : "output_norm.weight", [width], around: 1)
        add("output.weight", [width, vocabulary])
        return w
    }

    private typealias Add = (_ name: String, _ shape: [Int], _ mean: Float) -> Void

    private func addLayer(_ p: String, _ size: Int, recurs: Bool, _ add: Add) {
        let after = ["gemma2", "gemma3", "olmo2"].contains(family), before = family != "olmo2"
        if before { add(p + "attn_norm.weight", [width], 1) }
        switch (recurs, family) {
        case (false, _): addAttention(p, size, add)
        case (true, "lfm2"): addConvolution(p, add)
        default: addDeltaNet(p, add)
        }
        if after || family == "qwen35" { add(p + "post_attention_norm.weight", [width], 1) }
        if before && family != "qwen35" { add(p + "ffn_norm.weight", [width], 1) }
        if family != "phi3" { add(p + "ffn_gate.weight", [width, feedForward], 0) }
        add(p + "ffn_up.weight", [width, family == "phi3" ? 2 * feedForward : feedForward], 0)
        add(p + "ffn_down.weight", [feedForward, width], 0)
        if after { add(p + "post_ffw_norm.weight", [width], 1) }
    }

    private func addConvolution(_ p: String, _ add: Add) {
        add(p + "shortconv.in_proj.weight", [width, 3 * width], 0)
        add(p + "shortconv.conv.weight", [3, width], 0)
        add(p + "shortconv.out_proj.weight", [width, width], 0)
    }

    private func addDeltaNet(_ p: String, _ add: Add) {
        add(p + "attn_qkv.weight", [width, 128], 0)
        add(p + "attn_gate.weight", [width, 64], 0)
        add(p + "ssm_alpha.weight", [width, 4], 0)
        add(p + "ssm_beta.weight", [width, 4], 0)
        add(p + "ssm_conv1d.weight", [3, 128], 0)
        add(p + "ssm_dt.bias", [4], 0)
        add(p + "ssm_a", [4], -0.5)
        add(p + "ssm_norm.weight", [16], 1)
        add(p + "ssm_out.weight", [64, width], 0)
    }

    private func addAttention(_ p: String, _ size: Int, _ add: Add) {
        let queryWidth = heads * size, keyValueWidth = keyValueHeads * size
        if family == "phi3" {
            add(p + "attn_qkv.weight", [width, queryWidth + 2 * keyValueWidth], 0)
        } else {
            for (name, rows) in [("q", queryWidth), ("k", keyValueWidth), ("v", keyValueWidth)] {
                add(p + "attn_\(name).weight", [width, family == "qwen35" && name == "q" ? 2 * rows : rows], 0)
                if family == "qwen2" { add(p + "attn_\(name).bias", [rows], 0) }
            }
        }
        switch family {
        case "qwen3", "gemma3", "lfm2", "qwen35":
            add(p + "attn_q_norm.weight", [size], 1)
            add(p + "attn_k_norm.weight", [size], 1)
        case "olmo2":
            add(p + "attn_q_norm.weight", [queryWidth], 1)
            add(p + "attn_k_norm.weight", [keyValueWidth], 1)
        default: break
        }
        add(p + "attn_output.weight", [queryWidth, width], 0)
    }

    /// Writes, maps and checks the model. The file is unlinked at once; the map keeps its content.
    func model() throws -> Model {
        let path = temporaryPath()
        try writer().write(to: path)
        defer { remove(path) }
        return try Model(GGUFFile(path: path))
    }
}
