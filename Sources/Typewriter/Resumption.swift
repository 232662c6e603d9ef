import Conversation
import Transcript

/// What an earlier session left, when it was not ended but cut off.
package struct Resumption: Sendable, Equatable {
    enum Answer: Sendable, Equatable {
        /// The page ends with a whole turn, or somewhere in a question.
        case none
        /// The page is to say that an answer was cut off.
        case marked
        /// The whole answer is known: its rest is to be printed.
        case known(rest: String)
        /// The rest of what is known of it is to be printed, and then the model goes on.
        case begun(question: String, text: String, rest: String)
    }

    /// The carriage may stand anywhere on its line.
    var isMidPage = false
    var answer = Answer.none
    /// What the model is to remember.
    var exchanges: [Exchange] = []
    /// The turn that the answer belongs to.
    var turn: TurnRecord?
    /// Bytes of its answer that come before the rest.
    var shown = 0
}

extension Resumption {
    /// - Parameter marks: whether an answer that was cut off is marked instead of finished.
    init(_ remains: TranscriptStore.Remains, marks: Bool) {
        isMidPage = remains.page.isOpen
        var turns = remains.turns
        if var last = turns.last, case .atLeast(let printed) = last.paper {
            switch last.finish {
            case Reply.Finish.cancelled.rawValue?:
                // Somebody stopped it: what was not printed was not wanted.
                break
            case nil where !marks:
                turns.removeLast()
                let text = last.answer.wholeWords
                let shown = text.firstWords(within: printed)
                answer = .begun(question: last.question, text: text, rest: String(text.dropFirst(shown.count)))
                last.answer = text
                (turn, self.shown) = (last, shown.utf8.count)
            case .some where !marks && last.finish != TurnRecord.failed:
                let shown = last.answer.firstWords(within: printed)
                answer = .known(rest: String(last.answer.dropFirst(shown.count)))
                (turn, self.shown) = (last, shown.utf8.count)
            default:
                answer = .marked
                last.finish = last.finish ?? TurnRecord.interrupted
                turn = last
            }
        }
        exchanges = turns.map { Exchange(question: $0.question, answer: $0.answer) }
    }
}

extension String {
    /// Without a word at the end that may be a part of one: a model goes on best behind a whole word. White space at the end goes too.
    fileprivate var wholeWords: String {
        // Scripts without spaces (from U+2E80) have no other places to cut.
        if let last = unicodeScalars.last, last.value >= 0x2E80 { return self }
        guard let space = lastIndex(where: \.isWhitespace) else { return "" }
        guard let end = self[..<space].lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(self[...end])
    }

    /// Its beginning of at most so many bytes, up to the beginning of a word. Never all of it, so that something is left to print.
    fileprivate func firstWords(within bytes: Int) -> String {
        var end = startIndex
        var wasSpace = false
        for index in indices {
            guard self[..<index].utf8.count <= bytes else { break }
            let isSpace = self[index].isWhitespace
            if wasSpace, !isSpace { end = index }
            wasSpace = isSpace
        }
        return String(self[..<end])
    }
}
