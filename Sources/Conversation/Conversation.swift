import Inference
import Logging

/// A dialogue with a model: questions and answers that build on one another.
///
/// The tokens of earlier turns stay in the KV cache, so that a question costs only its own evaluation. When the context
/// is full the oldest turns are dropped and the rest is evaluated anew; so that this stays rare, half of the context is
/// made free at a time. Not Sendable: one thread at a time, and `reply` blocks it.
public final class Conversation {
    /// Tokens evaluated between two looks at the cancellation.
    private static let chunk = 32

    public let template: PromptTemplate
    let model: any LanguageModel
    private var settings: ConversationSettings
    /// Holds from the next conversation on.
    private var nextSystemPrompt: String
    /// By the model's file.
    private let suggestedTemperature: Float?
    let logger: Logger
    var history = History()
    /// The tokens in the KV cache, in order.
    private(set) var cached: [Int32] = []
    /// Whether the next token can be sampled as things are: the last cached token was evaluated last.
    private var isReadyToSample = false

    package init(_ model: any LanguageModel, template: PromptTemplate, settings: ConversationSettings, suggestedTemperature: Float? = nil, logger: Logger) {
        self.model = model
        self.template = template
        self.settings = settings
        self.suggestedTemperature = suggestedTemperature
        nextSystemPrompt = settings.systemPrompt
        self.logger = logger
    }

    /// Tokens that the model keeps in mind.
    public var contextLength: Int { model.contextLength }

    /// Questions that the next answer will build on.
    public var turnCount: Int { history.turns.count }

    /// Forgets everything that was said.
    public func reset() {
        history = History()
        settings.systemPrompt = nextSystemPrompt
        model.resetSampling()
    }

    /// Changes what holds from the next answer on; the system prompt from the next conversation on. The template stays.
    public func configure(_ new: ConversationSettings) {
        if settings.with(new.sampling, new.temperature) != settings {
            var sampling = new.sampling
            if let temperature = new.temperature ?? suggestedTemperature { sampling.temperature = temperature }
            model.setSampling(sampling)
        }
        nextSystemPrompt = new.systemPrompt
        let systemPrompt = history.turns.isEmpty ? new.systemPrompt : settings.systemPrompt
        settings = new
        settings.systemPrompt = systemPrompt
    }

    /// Changes what holds from the next answer on.
    public func adjust(_ adjustments: Adjustments) {
        if let temperature = adjustments.temperature { model.setTemperature(temperature) }
        if let tokens = adjustments.maximumTokens { settings.maximumTokens = tokens }
    }

    /// Asks, and gives out the answer while it is made.
    /// - Parameters:
    ///   - input: Material that the question is about, for templates that know such a thing.
    ///   - begun: What was said of the answer already, without white space at its ends: the reply goes on behind it, and holds only the rest.
    ///   - cancellation: Ends the answer from another thread. What was said until then is kept; a question whose answer
    ///     had not begun is forgotten.
    ///   - onText: Gets the answer piece by piece, never an empty piece; returns false to end it.
    /// - Throws: when the question does not fit the context, or the model failed. The history is as it was.
    public func reply(
        to prompt: String, input: String? = nil, begun: String = "", cancellation: Cancellation = Cancellation(), onText: (String) -> Bool
    ) throws(ConversationError) -> Reply {
        var (kept, turn) = try makeRoom(for: prompt, input: input, begun: begun)
        let dropped = history.turns.count - kept.turns.count
        guard let evaluated = try prefill(kept.tokens + turn.promptTokens + turn.answerTokens, cancellation: cancellation) else {
            return Reply(text: "", finish: .cancelled, promptTokens: 0, answerTokens: 0, droppedTurns: 0)
        }
        let answer = try generate(isBegun: !begun.isEmpty, cancellation: cancellation, onText: onText)
        turn.answerTokens += answer.tokens + model.encode(template.endOfAnswerSegments, opensText: false)
        kept.turns.append(turn)
        history = kept
        log(answer.finish, dropped: dropped)
        return Reply(
            text: answer.text, finish: answer.finish, promptTokens: evaluated, answerTokens: answer.sampled, droppedTurns: dropped
        )
    }

    // MARK: Room

    /// The history as far as it fits beside the question and room for an answer, and the question's turn.
    func makeRoom(for prompt: String, input: String?, begun: String = "") throws(ConversationError) -> (History, History.Turn) {
        let limit = model.contextLength
        var kept = history
        var turn = History.Turn(
            prompt: prompt, input: input, promptTokens: encode(prompt, input, isFirst: kept.turns.isEmpty), answerTokens: encode(answer: begun))
        // What is asked for below must have been made free here, however short an answer may be.
        let least = limit / 16 + 1
        let reserve = max(least, min(settings.maximumTokens, limit / 4))
        if kept.count + turn.count + reserve > limit {
            while !kept.turns.isEmpty, kept.count + turn.count > limit / 2 {
                dropFirst(&kept)
            }
            if kept.turns.isEmpty {
                turn.promptTokens = encode(prompt, input, isFirst: true)
            }
        }
        guard kept.count + turn.count + least <= limit else {
            throw ConversationError("""
                the question is too long: \(turn.count) tokens with all that stands around it, \
                but the context holds \(limit) and at least \(least) are for the answer
                """)
        }
        return (kept, turn)
    }

    func dropFirst(_ history: inout History) {
        history.turns.removeFirst()
        guard let first = history.turns.first else { return }
        history.turns[0].promptTokens = encode(first.prompt, first.input, isFirst: true)
    }

    func encode(_ prompt: String, _ input: String?, isFirst: Bool) -> [Int32] {
        let segments = template.render(prompt: prompt, input: input, system: settings.systemPrompt, isFirst: isFirst)
        return model.encode(segments, opensText: isFirst)
    }

    // MARK: Prefill

    /// Makes the cache hold exactly `tokens`, evaluating only what it does not hold yet.
    /// - Returns: how many tokens were evaluated, nil when cancelled.
    private func prefill(_ tokens: [Int32], cancellation: Cancellation) throws(ConversationError) -> Int? {
        guard !tokens.isEmpty else {
            throw ConversationError("the question is empty, and the template \"\(template.name)\" adds nothing to it; type something")
        }
        var position = commonPrefix(cached, tokens)
        if position == tokens.count, position < cached.count || !isReadyToSample {
            // What comes next is read off the last token: it is evaluated again.
            position -= 1
        }
        let start = position
        if cancellation.isCancelled { return nil }
        forget(from: position)
        while position < tokens.count {
            if cancellation.isCancelled { return nil }
            let end = min(position + Self.chunk, tokens.count)
            guard try evaluate(tokens[position..<end], while: { !cancellation.isCancelled }) else { return nil }
            position = end
        }
        return tokens.count - start
    }

    func forget(from position: Int) {
        guard position < cached.count else { return }
        model.rewind(to: position)
        cached.removeSubrange(position...)
        isReadyToSample = false
    }

    /// - Returns: False if it was not wanted to the end; then all is as it was.
    func evaluate(_ tokens: ArraySlice<Int32>, while isWanted: () -> Bool = { true }) throws(ConversationError) -> Bool {
        do {
            guard try model.evaluate(tokens, while: isWanted) else { return false }
        } catch {
            // Whatever part of the chunk went in goes out again.
            model.rewind(to: cached.count)
            isReadyToSample = false
            throw error
        }
        cached += tokens
        isReadyToSample = true
        return true
    }

    // MARK: Decode

    private struct Answer {
        var text = ""
        /// What is kept of it: without tokens of a stop sequence.
        var tokens: [Int32] = []
        var sampled = 0
        var finish = Reply.Finish.endOfTurn
    }

    private func generate(isBegun: Bool, cancellation: Cancellation, onText: (String) -> Bool) throws(ConversationError) -> Answer {
        var answer = Answer()
        var stops = StopSequences(template.stopSequences + settings.stopSequences)
        var trimmer = WhiteSpaceTrimmer(hasBegun: isBegun)
        /// Where in the raw text each token ends.
        var ends: [Int] = []
        var length = 0

        func show(_ raw: String) -> Bool {
            let text = trimmer.append(raw)
            answer.text += text
            return text.isEmpty || onText(text)
        }

        model.beginText()
        generating: while true {
            if cancellation.isCancelled { answer.finish = .cancelled; break }
            if answer.sampled >= settings.maximumTokens { answer.finish = .lengthLimit; break }
            let token = model.sample()
            isReadyToSample = false
            if model.isEndOfGeneration(token) { break }
            answer.sampled += 1
            answer.tokens.append(token)
            let text = model.text(of: token)
            length += text.utf8.count
            ends.append(length)
            if !show(stops.append(text)) { answer.finish = .cancelled; break }
            if stops.isStopped { answer.finish = .stopSequence; break }
            if cached.count >= model.contextLength { answer.finish = .contextFull; break }
            guard try evaluate([token], while: { !cancellation.isCancelled }) else { answer.finish = .cancelled; break }
        }
        let rest = stops.append(model.endText())
        if answer.finish != .cancelled, !show(rest + stops.finish()) {
            answer.finish = .cancelled
        }
        if stops.isStopped {
            answer.tokens.removeLast(ends.count { $0 > stops.released })
        }
        return answer
    }

    // MARK: Log

    private func log(_ finish: Reply.Finish, dropped: Int) {
        if dropped > 0 {
            logger.notice("""
                the context of \(model.contextLength) tokens was full: the oldest \(dropped == 1 ? "turn was" : "\(dropped) turns were") \
                dropped, \(history.turns.count - 1) kept
                """)
        }
        switch finish {
        case .contextFull:
            logger.notice("the answer was cut off: the context of \(model.contextLength) tokens is full")
        case .lengthLimit:
            logger.notice("the answer was cut off at the most tokens it may have, \(settings.maximumTokens)")
        case .endOfTurn, .stopSequence, .cancelled:
            break
        }
    }
}

/// How many first elements two sequences of tokens share.
func commonPrefix(_ a: [Int32], _ b: [Int32]) -> Int {
    zip(a, b).prefix { $0 == $1 }.count
}
