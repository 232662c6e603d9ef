/// The turns so far, as tokens, and how they fit a context.
struct History {
    struct Turn {
        let prompt: String
        let input: String?
        /// Of the question in its template; depends on whether the turn comes first.
        var promptTokens: [Int32]
        /// Of the answer, and of its end.
        var answerTokens: [Int32]

        var count: Int { promptTokens.count + answerTokens.count }
    }

    var turns: [Turn] = []

    var tokens: [Int32] { turns.flatMap { $0.promptTokens + $0.answerTokens } }

    var count: Int { turns.reduce(0) { $0 + $1.count } }
}
