import GGUF
import Glibc

/// Rotary position embedding: which elements turn, how fast, and how a longer context is squeezed in.
///
/// Plain RoPE: Su et al. 2021 (arXiv 2104.09864). Linear scaling: Chen et al. 2023 (arXiv 2306.15595). YaRN: Peng et al.
/// 2023 (arXiv 2309.00071), with llama.cpp's constants for files that leave them out. Llama 3's scaling comes as the tensor
/// `rope_freqs.weight`, a divisor for each frequency.
public struct RopeConfiguration: Sendable, Equatable {
    public enum Scaling: Sendable, Equatable {
        case none
        case linear(factor: Float)
        case yarn(factor: Float, originalContext: Int, extrapolation: Float, betaFast: Float, betaSlow: Float)
    }

    /// Leading elements of each head that turn; even.
    public let dimensions: Int
    public let frequencyBase: Float
    public let scaling: Scaling
    /// Multiplies cosines and sines.
    public let magnitude: Float

    init(dimensions: Int, frequencyBase: Float, scaling: Scaling, magnitude: Float) {
        self.dimensions = dimensions
        self.frequencyBase = frequencyBase
        self.scaling = scaling
        self.magnitude = magnitude
    }

    init(_ keys: ModelKeys, headSize: Int, trainedContext: Int) throws(InferenceError) {
        dimensions = try keys.optional("rope.dimension_count", in: 0...headSize) ?? headSize
        guard dimensions % 2 == 0 else {
            throw keys.error("rope.dimension_count", "\(dimensions) is odd, but elements turn in pairs")
        }
        frequencyBase = try keys.float("rope.freq_base") ?? 10000
        guard frequencyBase > 1 else {
            throw keys.error("rope.freq_base", "\(frequencyBase) is not above 1")
        }
        var factor = try keys.float("rope.scaling.factor")
        if factor == nil { factor = try keys.float("rope.scale_linear") }
        if let factor, factor < 0 || factor > 1e6 {
            throw keys.error("rope.scaling.factor", "\(factor) is not between 0 and 1000000")
        }
        let stretch = factor.map { $0 == 0 ? 1 : $0 } ?? 1
        let attention = try keys.float("rope.scaling.attn_factor") ?? 1
        switch try keys.string("rope.scaling.type") ?? "linear" {
        case "none":
            scaling = .none
            magnitude = attention
        case "linear":
            scaling = stretch == 1 ? .none : .linear(factor: stretch)
            magnitude = attention
        case "yarn":
            let original = try keys.optional("rope.scaling.original_context_length", in: 1...(1 << 26)) ?? trainedContext
            scaling = .yarn(
                factor: stretch, originalContext: original,
                extrapolation: try keys.float("rope.scaling.yarn_ext_factor") ?? 1,
                betaFast: try keys.float("rope.scaling.yarn_beta_fast") ?? 32,
                betaSlow: try keys.float("rope.scaling.yarn_beta_slow") ?? 1)
            // YaRN, section 3.4: attention is sharpened by (0.1 ln s + 1) on queries and keys alike.
            magnitude = attention * (stretch > 1 ? 0.1 * log(stretch) + 1 : 1)
        case let other:
            throw keys.error("rope.scaling.type", "'\(printable(other, limit: 80))' is not supported; supported are none, linear, yarn")
        }
    }

    /// The angle by which pair i turns from one position to the next: [dimensions / 2].
    /// `divisors` is the content of `rope_freqs.weight`, if the file has it.
    func frequencies(divisors: UnsafeBufferPointer<Float>?) -> [Float] {
        let half = dimensions / 2
        let ramp = yarnRamp()
        return (0..<half).map { i in
            let divisor = divisors.map { Double($0[i]) } ?? 1
            let base = pow(Double(frequencyBase), -2 * Double(i) / Double(dimensions)) / divisor
            switch scaling {
            case .none: return Float(base)
            case .linear(let factor): return Float(base / Double(factor))
            case .yarn(let factor, _, let extrapolation, _, _):
                let keep = ramp(i) * Double(extrapolation)
                return Float(base / Double(factor) * (1 - keep) + base * keep)
            }
        }
    }

    /// How much of pair i keeps its own frequency under YaRN: 1 for the fastest, 0 for the slowest.
    private func yarnRamp() -> (Int) -> Double {
        guard case .yarn(_, let original, _, let fast, let slow) = scaling else { return { _ in 0 } }
        let size = Double(dimensions)
        func pair(turning rotations: Float) -> Double {
            let value = size * log(Double(original) / (Double(rotations) * 2 * .pi)) / (2 * log(Double(frequencyBase)))
            return value.isNaN ? 0 : value
        }
        let low = max(0, pair(turning: fast).rounded(.down))
        let high = min(size - 1, pair(turning: slow).rounded(.up))
        return { i in 1 - min(1, max(0, (Double(i) - low) / max(0.001, high - low))) }
    }
}
