import Logging

/// Reading a question while it is typed, so that after Return little or nothing is left to evaluate.
///
/// Nothing that is read ahead binds: `reply` keeps of it what its own tokens begin with, and evaluates the rest. An erased
/// letter, another ending or a reset cost time, never a wrong answer.
extension Conversation {
    /// Tokens evaluated between two looks at whether the reading is still wanted: a key must not wait for long.
    private static let readingChunk = 16

    /// Evaluates of a question in the making what further typing leaves as it is: all up to its last whole word.
    /// - Parameters:
    ///   - typed: What stands on the line; empty reads what stands before every question.
    ///   - isPausing: Nobody is typing at the moment. The whole question is read, as if Return were next, where that is cheaply
    ///     taken back.
    ///   - isCurrent: Whether the line is still this one. False ends the reading of a pause at once, and that of whole
    ///     words after a small step: who types without a pause must not keep the model from getting anywhere.
    ///   - isWanted: False ends the reading after a small step.
    public func readAhead(_ typed: String, isPausing: Bool, isCurrent: () -> Bool, isWanted: () -> Bool) {
        do throws(ConversationError) {
            // A whole question is a guess, which the next letter proves wrong.
            let tokens = isPausing && model.rewindsFreely ? try promptTokens(of: typed) : try settledTokens(of: typed)
            var position = commonPrefix(cached, tokens)
            // What differs is forgotten only when there is something to put in its place: of two readings that
            // follow one another the first is often the longer.
            guard position < tokens.count else { return }
            forget(from: position)
            while position < tokens.count {
                let end = min(position + Self.readingChunk, tokens.count)
                guard try evaluate(tokens[position..<end], while: { !isPausing || isCurrent() }) else { return }
                position = end
                guard isCurrent(), isWanted() else { return }
            }
        } catch {
            // Too long, say: `reply` finds the same and has somebody to tell.
            logger.debug("not read ahead: \(error)")
        }
    }

    /// All tokens before the answer, if this were the question.
    private func promptTokens(of typed: String) throws(ConversationError) -> [Int32] {
        let (kept, turn) = try makeRoom(for: typed, input: nil)
        return kept.tokens + turn.promptTokens
    }

    /// The tokens that do not depend on how the question goes on: those that two continuations have in common. Asking the
    /// tokenizer so needs no knowledge of how it joins words, spaces and the template's text.
    private func settledTokens(of typed: String) throws(ConversationError) -> [Int32] {
        let end = typed.lastIndex(where: \.isWhitespace) ?? typed.startIndex
        let settled = typed[..<end].trimmed
        let one = try promptTokens(of: settled + " a"), other = try promptTokens(of: settled + " I")
        return Array(one.prefix(commonPrefix(one, other)))
    }
}
