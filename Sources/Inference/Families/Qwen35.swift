extension Architecture {
    /// Qwen 3.5, text: three of four layers are gated delta nets (DeltaNet.swift), and what attention gives passes a gate.
    /// The draft layer for several tokens at once is left out.
    static let qwen35 = Architecture(
        name: "qwen35", queryKeyNorm: .everyHead, feedForwardNorm: "post_attention_norm.weight",
        gatesAttention: true, recurrence: .gatedDeltaNet)
}
