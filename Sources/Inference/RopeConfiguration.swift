import GGUF
import Glibc

/// Rotary position embedding: which elements turn, how fast, and how a longer context is squeezed in.
///
/// Plain RoPE: Su et al. 2021 (arXiv 2104.09864). Linear scaling: Chen et al. 2023 (arXiv 2306.15595). YaRN: Peng et al.
/// 2023 (arXiv 2309.00071), with llama.cpp's constants for files that leave them out. Llama 3's scaling and LongRoPE (Ding et
/// al. 2024, arXiv 2402.13753) come as tensors with a divisor for each frequency.
public struct RopeConfiguration: Sendable, Equatable {
    public enum Scaling: Sendable, Equatable {
        case none
        case linear(factor: Float)
        case yarn(factor: Float, extrapolation: Float, betaFast: Float, betaSlow: Float)
    }

    /// Leading elements of each head that turn; even.
    public let dimensions: Int
    public let frequencyBase: Float
    public let scaling: Scaling
    /// Multiplies cosines and sines.
    public let magnitude: Float
    /// Positions the model was trained for before its context was stretched.
    public let originalContext: Int

    init(dimensions: Int, frequencyBase: Float, scaling: Scaling, magnitude: Float, originalContext: Int) {
        self.dimensions = dimensions
        self.frequencyBase = frequencyBase
        self.scaling = scaling
        self.magnitude = magnitude
        self.originalContext = originalContext
    }

    init(_ keys: ModelKeys, headSize: Int, trainedContext: Int) throws(InferenceError) {
        dimensions = try keys.optional("rope.dimension_count", in: 0...headSize) ?? headSize
        guard dimensions % 2 == 0 else {
            throw keys.error("rope.dimension_count", "\(dimensions) is odd, but elements turn in pairs")
        }
        frequencyBase = try Self.base(keys, "rope.freq_base") ?? 10000
        originalContext = try keys.optional("rope.scaling.original_context_length", in: 1...(1 << 26)) ?? trainedContext
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
        case "linear", "longrope":
            scaling = stretch == 1 ? .none : .linear(factor: stretch)
            magnitude = attention
        case "yarn":
            scaling = .yarn(
                factor: stretch,
                extrapolation: try keys.float("rope.scaling.yarn_ext_factor") ?? 1,
                betaFast: try keys.float("rope.scaling.yarn_beta_fast") ?? 32,
                betaSlow: try keys.float("rope.scaling.yarn_beta_slow") ?? 1)
            // YaRN, section 3.4: attention is sharpened by (0.1 ln s + 1) on queries and keys alike.
            magnitude = attention * (stretch > 1 ? 0.1 * log(stretch) + 1 : 1)
        case let other:
            throw keys.error("rope.scaling.type", "'\(printable(other, limit: 80))' is not supported; supported are none, linear, longrope, yarn")
        }
    }

    private static func base(_ keys: ModelKeys, _ key: String) throws(InferenceError) -> Float? {
        guard let base = try keys.float(key) else { return nil }
        guard base > 1 else { throw keys.error(key, "\(base) is not above 1") }
        return base
    }

    /// The rotation in the layers with a sliding window, or nil where it is this one.
    func ofSlidingLayers(_ keys: ModelKeys) throws(InferenceError) -> RopeConfiguration? {
        let base: Float
        switch keys.architecture.slidingWindow?.rope {
        case nil, .same: return nil
        case .unscaled: base = frequencyBase
        case .own(let defaultBase): base = try Self.base(keys, "rope.freq_base_swa") ?? defaultBase
        }
        return RopeConfiguration(
            dimensions: dimensions, frequencyBase: base, scaling: .none, magnitude: 1, originalContext: originalContext)
    }

    /// The angle by which pair i turns from one position to the next: [dimensions / 2].
    func frequencies(divisors: UnsafeBufferPointer<Float>?) -> [Float] {
        let half = dimensions / 2
        let ramp = yarnRamp()
        return (0..<half).map { i in
            let divisor = divisors.map { Double($0[i]) } ?? 1
            let base = pow(Double(frequencyBase), -2 * Double(i) / Double(dimensions)) / divisor
            switch scaling {
            case .none: return Float(base)
            case .linear(let factor): return Float(base / Double(factor))
            case .yarn(let factor, let extrapolation, _, _):
                let keep = ramp(i) * Double(extrapolation)
                return Float(base / Double(factor) * (1 - keep) + base * keep)
            }
        }
    }

    /// How much of pair i keeps its own frequency under YaRN: 1 for the fastest, 0 for the slowest.
    private func yarnRamp() -> (Int) -> Double {
        guard case .yarn(_, _, let fast, let slow) = scaling else { return { _ in 0 } }
        let size = Double(dimensions)
        func pair(turning rotations: Float) -> Double {
            let value = size * log(Double(originalContext) / (Double(rotations) * 2 * .pi)) / (2 * log(Double(frequencyBase)))
            return value.isNaN ? 0 : value
        }
        let low = max(0, pair(turning: fast).rounded(.down))
        let high = min(size - 1, pair(turning: slow).rounded(.up))
        return { i in 1 - min(1, max(0, (Double(i) - low) / max(0.001, high - low))) }
    }
}
