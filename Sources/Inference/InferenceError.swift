import GGUF

/// Why a model cannot be run: what is wrong, where, and what to do, in one line.
public struct InferenceError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }

    init(_ error: GGUFError) {
        description = error.description
    }
}
