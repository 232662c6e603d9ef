/// What is wrong with a vocabulary and what to do about it: one line that begins with the file's path.
public struct TokenizerError: Error, Sendable, CustomStringConvertible, Equatable {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
