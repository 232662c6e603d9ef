extension Architecture {
    /// Liquid AI's LFM2: short convolutions (ShortConvolution.swift) in the layers without key-value heads; Liquid AI 2025 (arXiv 2511.23404).
    static let lfm2 = Architecture(
        name: "lfm2", queryKeyNorm: .everyHead, outputNorm: "token_embd_norm.weight",
        slidingWindow: SlidingWindow(defaultPeriod: 0, rope: .same), recurrence: .shortConvolution)
}
