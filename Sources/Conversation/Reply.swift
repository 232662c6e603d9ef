/// How an answer came out.
public struct Reply: Sendable, Equatable {
    public enum Finish: String, Sendable {
        /// The model ended it.
        case endOfTurn
        /// The model went on into something that is no answer any more, such as the next question's heading.
        case stopSequence
        /// It reached the most tokens that an answer may have.
        case lengthLimit
        /// The model's context has no room for another token.
        case contextFull
        /// Somebody stopped it.
        case cancelled
    }

    /// What was given out, without white space at the ends.
    public let text: String
    public let finish: Finish
    /// Tokens that were evaluated between the question and the answer: of the new question only, unless turns were dropped,
    /// and without what had been read ahead.
    public let promptTokens: Int
    /// Tokens of the answer.
    public let answerTokens: Int
    /// Earlier turns that were dropped to make room.
    public let droppedTurns: Int

    package init(text: String, finish: Finish, promptTokens: Int, answerTokens: Int, droppedTurns: Int) {
        self.text = text
        self.finish = finish
        self.promptTokens = promptTokens
        self.answerTokens = answerTokens
        self.droppedTurns = droppedTurns
    }
}
