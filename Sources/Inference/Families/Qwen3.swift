extension Architecture {
    /// Qwen 3: Yang et al. 2025 (arXiv 2505.09388).
    static let qwen3 = Architecture(name: "qwen3", queryKeyNorm: .everyHead)
}
