/// How a model family's block differs from the shared transformer block.
///
/// The names are those of `general.architecture` in GGUF files.
public struct Architecture: Sendable, Equatable {
    public let name: String
    /// RoPE turns the pairs (2i, 2i + 1); otherwise (i, i + rotary / 2) as in GPT-NeoX.
    let interleavedRope: Bool
    /// Query, key and value projections must have biases (they are used wherever a file has them).
    let needsAttentionBias: Bool
    /// Query and key vectors are normalised head by head before RoPE.
    let normalizesHeads: Bool

    /// LLaMA 1 to 3.x, Mistral, TinyLlama, SmolLM.
    static let llama = Architecture(
        name: "llama", interleavedRope: true, needsAttentionBias: false, normalizesHeads: false)
    static let qwen2 = Architecture(
        name: "qwen2", interleavedRope: false, needsAttentionBias: true, normalizesHeads: false)
    static let qwen3 = Architecture(
        name: "qwen3", interleavedRope: false, needsAttentionBias: false, normalizesHeads: true)

    /// Every family that can be run.
    public static let all = [llama, qwen2, qwen3]
}
