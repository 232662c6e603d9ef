import GGUF

/// Why a model cannot be run: what is wrong, where, and what to do, in one line.
public struct InferenceError: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String
    /// Whether the machine has too little of something, such as memory: nothing is wrong with the model.
    public let isShortage: Bool

    public init(_ description: String) {
        self.description = description
        isShortage = false
    }

    init(shortage description: String) {
        self.description = description
        isShortage = true
    }

    init(_ error: GGUFError) {
        self.init(error.description)
    }
}
