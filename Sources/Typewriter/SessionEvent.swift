import Conversation

/// What happens in a session, for those who keep, show or count it: told on the session's thread, in order, and never waited for.
package enum SessionEvent: Sendable, Equatable {
    /// A question was sent.
    case asked(String)
    /// A piece of the answer goes to the page, whose text has come to this line. What the model says after a stop does not.
    case text(String, line: Int)
    /// The model is done with the answer, or has none; the printer is not.
    case finished(Result<Reply, ConversationError>)
    /// Somebody stopped the answer: what was on its way to paper is dropped. `finished`, if it is still to come, and `printed` follow.
    case stopped
    /// The answer's end is on paper, and the next key is typed.
    case printed
    /// A line ended that asks nobody anything.
    case typedLine
    case newConversation
    /// From now on keys go to the model, or straight to paper.
    case modelSwitched(isOn: Bool)
    /// Nobody types any more, and everything is on paper.
    case ended
}
