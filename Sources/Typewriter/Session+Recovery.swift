import Conversation
import Paper

/// After a cut: a fresh line, and what is still owed to the page.
extension Session {
    private static let interruptionSign = "(interrupted)"

    /// Call before the first key.
    func resume(_ resumption: Resumption) throws(TypewriterError) {
        if resumption.isMidPage { try print(page.newLine()) }
        switch resumption.answer {
        case .none:
            break
        case .marked:
            try print(page.write(Self.interruptionSign) + page.flush())
            try endAnswer()
        case .known(let rest):
            try printRest(rest)
            try print(page.flush())
            try endAnswer()
        case .begun(let question, let text, let rest):
            logger.notice("the answer that was cut off is finished")
            try printRest(rest)
            let cancellation = Cancellation()
            activity = .answering(cancellation)
            isStopped = false
            model.ask(question, begun: text, adjustments(), cancellation)
        }
    }

    private func printRest(_ rest: String) throws(TypewriterError) {
        guard !rest.isEmpty else { return }
        observer(.text(rest, line: page.line))
        try print(page.write(rest))
    }
}
