import Inference
import Logging
import Tokenizer

/// A model with its context, sampler and tokenizer, as a conversation sees them.
final class LoadedModel: LanguageModel {
    private let context: InferenceContext
    private let tokenizer: Tokenizer
    private var sampler: SamplerChain
    private var decoder: StreamingDecoder

    init(_ context: InferenceContext, tokenizer: Tokenizer, sampling: SamplingSettings) {
        self.context = context
        self.tokenizer = tokenizer
        sampler = Self.sampler(sampling, tokenizer, context)
        decoder = StreamingDecoder(tokenizer)
    }

    private static func sampler(_ settings: SamplingSettings, _ tokenizer: Tokenizer, _ context: InferenceContext) -> SamplerChain {
        var settings = settings
        // The usual sequence breakers of DRY: repeated list marks and line ends are no repetitions of a text.
        for text in ["\n", ":", "\"", "*"] {
            let tokens = tokenizer.encode(text, addSpecial: false, startsText: false)
            if tokens.count == 1 { settings.dry.breakers.formUnion(tokens) }
        }
        return SamplerChain(settings, vocabularySize: context.model.configuration.vocabularySize)
    }

    var contextLength: Int { context.contextLength }
    var bos: Int32? { tokenizer.bos }
    var eos: Int32? { tokenizer.eos }
    var addsBOS: Bool { tokenizer.addsBOS }

    func encode(_ text: String, parseSpecial: Bool, startsText: Bool) -> [Int32] {
        tokenizer.encode(text, addSpecial: false, parseSpecial: parseSpecial, startsText: startsText)
    }

    func isControl(_ token: Int32) -> Bool { tokenizer.isControl(token) }
    func isEndOfGeneration(_ token: Int32) -> Bool { tokenizer.isEndOfGeneration(token) }
    func rewind(to position: Int) { context.rewind(to: position) }
    var rewindsFreely: Bool { context.rewindsFreely }

    func evaluate(_ tokens: ArraySlice<Int32>, while isWanted: () -> Bool) throws(ConversationError) -> Bool {
        do {
            return try context.evaluate(Array(tokens), while: isWanted)
        } catch {
            throw ConversationError(error.description)
        }
    }

    func sample() -> Int32 {
        let token = sampler.sample(context.logits)
        sampler.accept(token)
        return token
    }

    func setTemperature(_ temperature: Float) { sampler.setTemperature(temperature) }
    func setSampling(_ settings: SamplingSettings) { sampler = Self.sampler(settings, tokenizer, context) }
    func resetSampling() { sampler.reset() }
    func beginText() { decoder = StreamingDecoder(tokenizer) }
    func text(of token: Int32) -> String { decoder.append(token) }
    func endText() -> String { decoder.finish() }
}

extension Conversation {
    /// A conversation with a model, in the template that the settings name, or that its file points to.
    /// - Parameters:
    ///   - contextLength: Tokens, up to those that the model was trained for; nil for that many, up to 4096.
    ///   - memoryLimit: MiB that the model may take; nil for what the machine has left. Weights beyond it are read from the file
    ///     for every token.
    ///   - threads: Nil for one a core.
    /// - Throws: a line with the numbers, when the context does not fit into the memory that the machine has left.
    public convenience init(
        _ opened: OpenModel, contextLength: Int? = nil, cacheType: CacheType = .f16,
        memoryLimit: Int? = nil, threads: Int? = nil, settings: ConversationSettings, logger: Logger
    ) throws(ConversationError) {
        let context: InferenceContext
        let trained = opened.model.configuration.contextLength
        if let contextLength, contextLength > trained {
            logger.notice("the model was trained for \(trained) tokens: the context holds that many, not \(contextLength)")
        }
        do {
            let plan = try opened.memoryPlan(
                contextLength: contextLength, cacheType: cacheType, available: memoryLimit.map(AvailableMemory.init(mebibytes:)) ?? .measure())
            logger.notice("memory: \(plan)")
            context = try InferenceContext(opened.model, plan, threads: threads)
            if let residency = context.residency { logger.warning("\(residency)") }
        } catch {
            throw ConversationError(error.description, isShortage: error.isShortage)
        }
        let template = settings.template ?? Self.recognise(opened, logger)
        var sampling = settings.sampling
        if let temperature = settings.temperature ?? opened.suggestedTemperature { sampling.temperature = temperature }
        self.init(
            LoadedModel(context, tokenizer: opened.tokenizer, sampling: sampling),
            template: template, settings: settings, suggestedTemperature: opened.suggestedTemperature, logger: logger
        )
    }

    private static func recognise(_ opened: OpenModel, _ logger: Logger) -> PromptTemplate {
        /// A key of the wrong type says nothing.
        func text(_ key: String) -> String? { (try? opened.model.file.string(key)) ?? nil }
        let evidence = TemplateEvidence(
            chatTemplate: text("tokenizer.chat_template"),
            name: [text("general.name"), text("general.basename")].compactMap(\.self).joined(separator: " "),
            hasToken: { opened.tokenizer.id(of: $0) != nil }
        )
        if let found = PromptTemplate.recognise(evidence) {
            logger.info("prompt template: \(found.name)")
            return found
        }
        if evidence.chatTemplate != nil {
            logger.warning("the model's chat template is of no known kind, so it continues text; conversation.template chooses another")
        } else {
            logger.info("prompt template: raw; the model file names none")
        }
        return .raw
    }
}
