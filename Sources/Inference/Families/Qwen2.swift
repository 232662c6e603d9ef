extension Architecture {
    /// Qwen 1.5 to 2.5: Yang et al. 2024 (arXiv 2407.10671).
    static let qwen2 = Architecture(name: "qwen2", needsAttentionBias: true)
}
