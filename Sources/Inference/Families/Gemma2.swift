extension Architecture {
    /// Gemma 2: Gemma Team 2024 (arXiv 2408.00118). Every second layer sees a window of 4096 positions; scores and logits are
    /// capped. The 27 B model, of 46 layers, scales scores by width / heads (google/gemma_pytorch, `gemma/config.py`).
    static let gemma2 = Architecture(
        name: "gemma2", normPlacement: .both, activation: .gelu, scalesEmbeddingsByWidth: true,
        defaultScoreCap: 50, defaultLogitCap: 30, widthScaledLayerCount: 46,
        slidingWindow: SlidingWindow(defaultSize: 4096, defaultPeriod: 2, rope: .same))
}
