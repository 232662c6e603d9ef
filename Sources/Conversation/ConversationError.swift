/// Why a conversation could not begin or a question was refused: one line for a person to read.
public struct ConversationError: Error, Sendable, CustomStringConvertible, Equatable {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
