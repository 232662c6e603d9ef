/// A question and its answer, as they were said.
public struct Exchange: Sendable, Equatable {
    public let question: String
    public let answer: String

    public init(question: String, answer: String) {
        (self.question, self.answer) = (question, answer)
    }
}

extension Conversation {
    /// Goes on with what was said earlier, of which only the text is left, as if it had been said here. Nothing is evaluated yet.
    ///
    /// As much is remembered as half of the context holds: the last of it. Questions without an answer are left out.
    public func recall(_ exchanges: [Exchange]) {
        reset()
        for exchange in exchanges where !exchange.answer.isEmpty {
            history.turns.append(History.Turn(
                prompt: exchange.question, input: nil, promptTokens: encode(exchange.question, nil, isFirst: history.turns.isEmpty),
                answerTokens: encode(answer: exchange.answer) + model.encode(template.endOfAnswerSegments, opensText: false)))
        }
        while history.count > contextLength / 2 { dropFirst(&history) }
    }

    /// The beginning of an answer, or all of it, as far as text tells how the model wrote it.
    func encode(answer: String) -> [Int32] {
        answer.isEmpty ? [] : model.encode([.content(template.answerLead + answer)], opensText: false)
    }
}
