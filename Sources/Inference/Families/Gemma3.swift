extension Architecture {
    /// Gemma 3, text: Gemma Team 2025 (arXiv 2503.19786). Five layers with a window and a RoPE base of 10000, then one that reads
    /// everything. The 27 B model, of 62 layers, scales scores by width / heads (google/gemma_pytorch, `gemma/config.py`).
    static let gemma3 = Architecture(
        name: "gemma3", queryKeyNorm: .everyHead, normPlacement: .both, activation: .gelu, scalesEmbeddingsByWidth: true,
        defaultLogitCap: 0, widthScaledLayerCount: 62,
        slidingWindow: SlidingWindow(defaultPeriod: 6, rope: .own(defaultBase: 10000)))
}
