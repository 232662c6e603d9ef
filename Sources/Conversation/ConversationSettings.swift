import Inference

public typealias SamplingSettings = Inference.SamplingSettings
public typealias CacheType = Inference.CacheType

/// What can be chosen about a conversation.
public struct ConversationSettings: Sendable, Equatable {
    /// Nil: as the model file suggests.
    public var template: PromptTemplate?
    public var systemPrompt: String
    /// The most tokens an answer may have.
    public var maximumTokens: Int
    /// Texts that end an answer, beside the template's own.
    public var stopSequences: [String]
    public var sampling: SamplingSettings
    /// Nil: as the model file suggests, or `sampling`'s where it suggests none.
    public var temperature: Float?

    public init(
        template: PromptTemplate? = nil, systemPrompt: String = "", maximumTokens: Int = 512, stopSequences: [String] = [],
        sampling: SamplingSettings = SamplingSettings(), temperature: Float? = nil
    ) {
        self.template = template
        self.systemPrompt = systemPrompt
        self.maximumTokens = maximumTokens
        self.stopSequences = stopSequences
        self.sampling = sampling
        self.temperature = temperature
    }

    /// These, but for how tokens are sampled.
    func with(_ sampling: SamplingSettings, _ temperature: Float?) -> ConversationSettings {
        var settings = self
        (settings.sampling, settings.temperature) = (sampling, temperature)
        return settings
    }
}
