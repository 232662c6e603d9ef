/// Chooses the next token. The order: DRY, repetition penalty, then greedy where the temperature is 0; otherwise top-k,
/// top-p, min-p, temperature, draw. Cuts come before the temperature, so that heat spreads over good tokens only.
public struct SamplerChain: ~Copyable {
    public private(set) var settings: SamplingSettings
    private let vocabularySize: Int
    private var recent: RecentTokens
    private var dry: DRY
    private var random: RandomSource
    private var candidates: Candidates

    /// - Parameter vocabularySize: the number of logits that `sample` will be given.
    public init(_ settings: SamplingSettings, vocabularySize: Int) {
        self.settings = settings
        self.vocabularySize = vocabularySize
        recent = RecentTokens(capacity: max(settings.repetitionWindow, settings.dry.multiplier > 0 ? settings.dry.window : 0))
        dry = DRY(settings.dry)
        random = RandomSource(seed: settings.seed ?? UInt64.random(in: .min ... .max))
        candidates = Candidates(capacity: settings.temperature > 0 ? vocabularySize : 0)
    }

    /// The next token. Changes the logits; remembers nothing until `accept`.
    public mutating func sample(_ logits: UnsafeMutableBufferPointer<Float>) -> Int32 {
        dry.apply(recent: recent, to: logits)
        RepetitionPenalty.apply(
            settings.repetitionPenalty, window: settings.repetitionWindow, recent: recent, to: logits)
        guard settings.temperature > 0, logits.count <= candidates.capacity, !logits.isEmpty else {
            return Greedy.choose(logits)
        }
        candidates.fill(logits)
        TopK.apply(settings.topK, to: &candidates)
        TopP.apply(settings.topP, to: &candidates)
        MinP.apply(settings.minP, to: &candidates)
        return Temperature.draw(settings.temperature, from: &candidates, with: &random)
    }

    /// From the next token on.
    public mutating func setTemperature(_ temperature: Float) {
        settings.temperature = temperature
        // Without heat there was no need for them.
        if temperature > 0, candidates.capacity < vocabularySize { candidates = Candidates(capacity: vocabularySize) }
    }

    /// Remembers a token of the text, sampled or given, for the penalties.
    public mutating func accept(_ token: Int32) {
        recent.append(token)
    }

    /// Forgets the text; the random numbers go on.
    public mutating func reset() {
        recent.removeAll()
    }
}
