/// Why a conversation could not begin or a question was refused: one line for a person to read.
public struct ConversationError: Error, Sendable, CustomStringConvertible, Equatable {
    public let description: String
    /// Whether the machine has too little of something, such as memory: nothing is wrong with the model.
    public let isShortage: Bool

    public init(_ description: String, isShortage: Bool = false) {
        self.description = description
        self.isShortage = isShortage
    }
}
