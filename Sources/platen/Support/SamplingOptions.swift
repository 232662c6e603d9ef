import ArgumentParser
import Inference

/// How the next token is chosen.
struct SamplingOptions: ParsableArguments {
    @Option(help: "Heat of the choice; 0 always takes the most likely token.")
    var temperature: Float = SamplingSettings().temperature
    @Option(help: "Only the K most likely tokens; 0 for all.")
    var topK: Int = SamplingSettings().topK
    @Option(help: "Only the most likely tokens that together reach this probability; 1 for all.")
    var topP: Float = SamplingSettings().topP
    @Option(help: "Only tokens with this share of the most likely one's probability; 0 for all.")
    var minP: Float = SamplingSettings().minP
    @Option(help: "Divides the logits of recent tokens; 1 for no penalty.")
    var repetitionPenalty: Float = SamplingSettings().repetitionPenalty
    @Option(help: "How many recent tokens count as repeated.")
    var repetitionWindow: Int = SamplingSettings().repetitionWindow
    @Option(help: "Strength of the DRY penalty on repeated passages; 0 for none.")
    var dryMultiplier: Float = SamplingSettings().dry.multiplier
    @Option(help: "Equal seeds give equal texts.")
    var seed: UInt64?

    var settings: SamplingSettings {
        var settings = SamplingSettings()
        settings.temperature = temperature
        settings.topK = topK
        settings.topP = topP
        settings.minP = minP
        settings.repetitionPenalty = repetitionPenalty
        settings.repetitionWindow = repetitionWindow
        settings.dry.multiplier = dryMultiplier
        settings.seed = seed
        return settings
    }

    func validate() throws {
        if let problem = settings.problem { throw ValidationError(problem) }
    }
}
