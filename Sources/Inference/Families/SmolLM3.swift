extension Architecture {
    /// SmolLM3: every fourth layer has no RoPE (Yang et al. 2025, arXiv 2501.18795).
    static let smollm3 = Architecture(name: "smollm3", interleavedRope: true, ropeFreePeriod: 4)
}
