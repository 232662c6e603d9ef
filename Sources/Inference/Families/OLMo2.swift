extension Architecture {
    /// OLMo 2 (OLMo Team 2024, arXiv 2501.00656), which normalises what the branches give instead of what they take; and OLMo 3,
    /// which adds windows without YaRN in three of four layers.
    static let olmo2 = Architecture(
        name: "olmo2", queryKeyNorm: .wholeWidth, normPlacement: .outputs,
        slidingWindow: SlidingWindow(defaultPeriod: 4, rope: .unscaled))
}
