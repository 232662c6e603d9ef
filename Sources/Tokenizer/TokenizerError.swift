import GGUF

/// What is wrong with a vocabulary and what to do about it: one line that begins with the file's path.
public struct TokenizerError: Error, Sendable, CustomStringConvertible, Equatable {
    public let description: String

    init(_ path: String, _ message: String) {
        description = "\(printable(path)): \(message)"
    }

    /// A vocabulary that contradicts itself: the program that made the file is to blame.
    init(_ path: String, damaged message: String) {
        self.init(path, message + "; convert the model again")
    }

    init(_ error: GGUFError) {
        description = error.description
    }
}

/// Runs a reader of metadata and passes its error on as the tokenizer's.
func reading<Value>(_ body: () throws(GGUFError) -> Value) throws(TokenizerError) -> Value {
    do throws(GGUFError) {
        return try body()
    } catch {
        throw TokenizerError(error)
    }
}
