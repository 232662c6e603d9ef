/// How a model family's block differs from the shared transformer block. Each family states it in a file of Families/.
///
/// What the defaults describe is LLaMA's block: x += attention(norm(x)); x += down(silu(gate(norm(x))) * up(norm(x))).
public struct Architecture: Sendable, Equatable {
    /// As `general.architecture` of GGUF files has it.
    public let name: String
    /// RoPE turns the pairs (2i, 2i + 1); otherwise (i, i + rotary / 2) as in GPT-NeoX.
    var interleavedRope = false
    /// Query, key and value projections must have biases (they are used wherever a file has them).
    var needsAttentionBias = false
    /// How queries and keys are normalised before RoPE.
    var queryKeyNorm = QueryKeyNorm.none
    /// Where the residual stream's branches are normalised.
    var normPlacement = NormPlacement.inputs
    /// The norm before the head.
    var outputNorm = "output_norm.weight"
    var activation = Activation.silu
    /// `ffn_up` holds the gate's rows, then its own.
    var fusesGateAndUp = false
    /// Embeddings are multiplied by the square root of the width.
    var scalesEmbeddingsByWidth = false
    /// The file states factors for embeddings, residual branches, attention scores and logits.
    var statesScales = false
    /// Soft caps of attention scores and logits where the file does not state them, 0 for none; nil: the family has no such caps.
    var defaultScoreCap: Float?, defaultLogitCap: Float?
    /// A model of that many layers scales attention scores by the width of all heads; its file does not say so.
    var widthScaledLayerCount: Int?
    var slidingWindow: SlidingWindow?
    /// The norm before the feed-forward layer.
    var feedForwardNorm = "ffn_norm.weight"
    /// The query projection also holds, after each head's query, a gate for what the head gives.
    var gatesAttention = false
    /// What layers without attention are.
    var recurrence = Recurrence.none
    /// Every that many-th layer has no RoPE.
    var ropeFreePeriod: Int?
    /// `rope.scaling.finetuned = false` says that no layer has RoPE.
    var mayOmitRope = false

    enum QueryKeyNorm { case none, everyHead, wholeWidth }

    enum NormPlacement {
        case inputs, outputs, both

        var normalizesInputs: Bool { self != .outputs }
        var normalizesOutputs: Bool { self != .inputs }
    }

    enum Recurrence { case none, shortConvolution, gatedDeltaNet }

    enum Activation { case silu, gelu }

    /// Layers in which a token attends only to those just before it.
    struct SlidingWindow: Sendable, Equatable {
        /// Positions that are read, where the file does not say; nil: it then has no such layers.
        var defaultSize: Int?
        /// Every that many-th layer reads all positions, where the file does not say.
        var defaultPeriod: Int
        var rope: Rope

        enum Rope: Sendable, Equatable {
            /// As the other layers.
            case same
            /// The other layers' base, without scaling.
            case unscaled
            /// A base of its own (`rope.freq_base_swa`), without scaling.
            case own(defaultBase: Float)
        }
    }

    /// Every family that can be run.
    public static let all = [llama, qwen2, qwen3, gemma2, gemma3, phi3, granite, smollm3, olmo2, lfm2, qwen35]
}
