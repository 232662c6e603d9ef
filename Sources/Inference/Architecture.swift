/// How a model family's block differs from the shared transformer block. Each family states it in a file of Families/.
public struct Architecture: Sendable, Equatable {
    /// As `general.architecture` of GGUF files has it.
    public let name: String
    /// RoPE turns the pairs (2i, 2i + 1); otherwise (i, i + rotary / 2) as in GPT-NeoX.
    var interleavedRope = false
    /// Query, key and value projections must have biases (they are used wherever a file has them).
    var needsAttentionBias = false
    /// Query and key vectors are normalised head by head before RoPE.
    var normalizesHeads = false

    /// Every family that can be run.
    public static let all = [llama, qwen2, qwen3]
}
