extension Architecture {
    /// Phi 3, 3.5 and 4 mini: Abdin et al. 2024 (arXiv 2404.14219). The projections are fused, and long contexts have RoPE factors
    /// of their own. `attention.sliding_window` is not used: llama.cpp found it wrong in published files (its pull request 13676).
    static let phi3 = Architecture(name: "phi3", fusesGateAndUp: true)
}
