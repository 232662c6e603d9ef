/// What is wrong with a GGUF file, where, and what to do about it: one line, ready to be shown.
///
/// Names that come from the file are escaped, so printing an error is safe on any terminal.
public struct GGUFError: Error, Sendable, CustomStringConvertible, Equatable {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }

    /// The form of every error about a file: `path: message`.
    init(_ path: String, _ message: String) {
        self.init("\(printable(path)): \(message)")
    }
}
