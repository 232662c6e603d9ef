/// How the next token is chosen from the logits. The chain's order is that of `SamplerChain`.
public struct SamplingSettings: Sendable, Equatable {
    /// Divides the logits; 0 takes the most likely token always (greedy).
    public var temperature: Float = 0.8
    /// Only the k most likely tokens; 0 turns it off.
    public var topK = 40
    /// Only the most likely tokens whose probabilities reach this sum; 1 turns it off.
    public var topP: Float = 0.95
    /// Only tokens with at least this share of the most likely one's probability; 0 turns it off.
    public var minP: Float = 0.05
    /// Divides the logits of recent tokens; 1 turns it off.
    public var repetitionPenalty: Float = 1
    /// How many recent tokens count as repeated.
    public var repetitionWindow = 64
    public var dry = DRYSettings()
    /// Equal seeds draw equal tokens; nil takes the system's randomness.
    public var seed: UInt64?

    public init() {}

    /// What is out of range, as one line, or nil.
    public var problem: String? {
        if !(temperature >= 0 && temperature <= 100) { return "temperature \(temperature) is not between 0 and 100" }
        if topK < 0 { return "top_k \(topK) is negative" }
        if !(topP > 0 && topP <= 1) { return "top_p \(topP) is not above 0 and at most 1" }
        if !(minP >= 0 && minP <= 1) { return "min_p \(minP) is not between 0 and 1" }
        if !(repetitionPenalty > 0 && repetitionPenalty <= 10) {
            return "repetition_penalty \(repetitionPenalty) is not above 0 and at most 10"
        }
        if !(0...65536).contains(repetitionWindow) { return "repetition_window \(repetitionWindow) is not between 0 and 65536" }
        return dry.problem
    }
}
