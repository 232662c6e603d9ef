/// What a token is for. Raw values: `tokenizer.ggml.token_type` of the GGUF specification.
enum TokenKind: UInt8, Sendable {
    /// Known to llama.cpp as "undefined"; it has no text of its own.
    case undefined = 0
    case normal = 1
    /// Stands for what the vocabulary cannot write.
    case unknown = 2
    /// Steers the model and is not text: the beginning of a text, the end of a turn.
    case control = 3
    /// Text that was added whole, and is found before anything else is split.
    case userDefined = 4
    case unused = 5
    /// One byte, written `<0x0A>`, for characters that the vocabulary lacks.
    case byte = 6

    /// Found in a text as a whole, before it is split: texts of user-defined tokens always, the others on request.
    var isSpecial: Bool { self == .control || self == .userDefined || self == .unknown }
}
