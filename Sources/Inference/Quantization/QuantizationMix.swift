import GGUF

/// Which type each tensor of a quantized file has: the sensitive ones get more bits.
///
/// The rules are those of llama.cpp without an importance matrix (`tensor_allows_quantization`, `llama_tensor_get_type_impl` and
/// `tensor_type_fallback` in llama-quant.cpp of github.com/ggml-org/llama.cpp), without the exceptions that it makes for Falcon,
/// for eight experts and for models of 70 billion weights.
struct QuantizationMix {
    private let quantization: Quantization
    private let layerCount: Int
    private let hasHead: Bool
    /// The rank of each layer that has an `attn_v` among those that do.
    private let attentionValueRanks: [Int: Int]
    private let attentionValueCount: Int

    init(_ quantization: Quantization, _ tensors: [TensorInfo]) {
        self.quantization = quantization
        layerCount = tensors.reduce(0) { max($0, ($1.layer ?? -1) + 1) }
        hasHead = tensors.contains { $0.name == "output.weight" }
        let values = tensors.filter(\.isAttentionValue)
        attentionValueCount = values.count
        let layers = Set(values.filter(\.isQuantizable).compactMap(\.layer)).sorted()
        attentionValueRanks = Dictionary(uniqueKeysWithValues: layers.enumerated().map { ($1, $0) })
    }

    /// The tensor's type in the quantized file; its own, where it stays as it is.
    func type(of tensor: TensorInfo) -> TensorType {
        guard tensor.isQuantizable else { return tensor.type }
        guard quantization != .f16 else { return .f16 }
        return fitting(wanted(tensor), tensor.columns)
    }

    private func wanted(_ tensor: TensorInfo) -> TensorType {
        let standard = quantization.weightType
        if tensor.name == "output.weight" || !hasHead && tensor.isEmbedding {
            return standard == .q8_0 || tensor.columns % standard.blockSize != 0 ? .q8_0 : .q6_K
        }
        guard quantization == .q4_K_M || quantization == .q5_K_M, let layer = tensor.layer else { return standard }
        if tensor.isAttentionValue, let rank = attentionValueRanks[layer] {
            return deservesMoreBits(rank, of: attentionValueCount) ? .q6_K : standard
        }
        if tensor.name.contains(substring: "ffn_down") {
            return deservesMoreBits(layer, of: layerCount) ? .q6_K : standard
        }
        return standard
    }

    /// The first and the last eighth of the layers, and every third between.
    private func deservesMoreBits(_ layer: Int, of count: Int) -> Bool {
        layer < count / 8 || layer >= 7 * count / 8 || (layer - count / 8) % 3 == 2
    }

    /// The type, or that of smaller blocks which stands in for it where its own do not divide the rows.
    private func fitting(_ type: TensorType, _ columns: Int) -> TensorType {
        guard columns % type.blockSize != 0 else { return type }
        let standIn: TensorType = switch type {
        case .q4_K: .q5_0
        case .q5_K: .q5_1
        case .q6_K: .q8_0
        default: type
        }
        return columns % standIn.blockSize == 0 ? standIn : .f16
    }
}

extension TensorInfo {
    /// N of `blk.N.`, or nil.
    fileprivate var layer: Int? {
        guard name.hasPrefix("blk.") else { return nil }
        let number = name.dropFirst(4).prefix { $0 != "." }
        guard let layer = Int(number), (0..<1 << 20).contains(layer) else { return nil }
        return layer
    }

    fileprivate var isEmbedding: Bool { name == "token_embd.weight" || name == "per_layer_token_embd.weight" }

    fileprivate var isAttentionValue: Bool {
        ["attn_v.weight", "attn_qkv.weight", "attn_kv_b.weight"].contains { name.contains(substring: $0) }
    }

    /// True for matrices that are large and bear a coarser grid.
    fileprivate var isQuantizable: Bool {
        rows > 1 && name.hasSuffix("weight") && !Self.precise.contains { name.contains(substring: $0) }
    }

    /// Parts of the names of what stays as it is: norms, the choice of experts, positions, and what is small.
    private static let precise = [
        "_norm.weight", "ffn_gate_inp.weight", "altup", "laurel", "per_layer_model_proj", "position_embd", "token_types", "attn_rel_b",
        "ssm_conv1d", "shortconv.conv.weight", "time_mix_first", "time_mix_w0", "time_mix_w1", "time_mix_w2", "time_mix_v0",
        "time_mix_v1", "time_mix_v2", "time_mix_a0", "time_mix_a1", "time_mix_a2", "time_mix_g1", "time_mix_g2", "time_mix_decay_w1",
        "time_mix_decay_w2", "time_mix_lerp_fused",
    ]
}

extension String {
    /// Without Foundation, the standard library looks for a text only through a regular expression.
    fileprivate func contains(substring: String) -> Bool {
        utf8.count >= substring.utf8.count && utf8.indices.contains { utf8[$0...].starts(with: substring.utf8) }
    }
}
