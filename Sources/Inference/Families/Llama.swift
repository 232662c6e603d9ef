extension Architecture {
    /// LLaMA 1 to 3.x, Mistral, TinyLlama, SmolLM: Touvron et al. 2023 (arXiv 2302.13971).
    static let llama = Architecture(name: "llama", interleavedRope: true)
}
