import Conversation
import Synchronization

/// What a session has done so far, counted from its events. Read from any thread.
final class SessionStatistics: Sendable {
    struct Answer: Sendable, Equatable {
        /// Tokens evaluated after Return, and tokens of the answer.
        var promptTokens: Int
        var tokens: Int
        /// From Return to the answer's first letters and from those to its last, in nanoseconds.
        var wait: UInt64
        var duration: UInt64

        /// Tokens after the first, which comes with the first letters; nil where they are too few to tell: the first words of an answer come
        /// together, once it is clear that they are no end of it.
        var tokensPerSecond: Double? {
            tokens >= 8 && duration > 0 ? Double(tokens - 1) * 1e9 / Double(duration) : nil
        }
    }

    struct Counts: Sendable {
        var turns = 0
        var lastAnswer: Answer?
        /// What went wrong last, and when.
        var lastError: (text: String, time: UInt64)?
        fileprivate var asked: UInt64 = 0
        fileprivate var began: UInt64?
    }

    private let contents = Mutex(Counts())

    var counts: Counts { contents.withLock { $0 } }

    func hear(_ event: SessionEvent, at now: UInt64) {
        contents.withLock { counts in
            switch event {
            case .asked:
                counts.turns += 1
                (counts.asked, counts.began) = (now, nil)
            case .text:
                counts.began = counts.began ?? now
            case .finished(.success(let reply)):
                let began = counts.began ?? now
                counts.lastAnswer = Answer(
                    promptTokens: reply.promptTokens, tokens: reply.answerTokens, wait: began - min(began, counts.asked),
                    duration: now - min(now, began))
            case .finished(.failure(let error)):
                counts.lastError = (error.description, now)
            default: break
            }
        }
    }

    /// Something else went wrong: a part is missing.
    func fail(_ text: String, at now: UInt64) {
        contents.withLock { $0.lastError = (text, now) }
    }
}
