/// Turns tokens into text as they come, and never gives out half a character.
///
///     var decoder = StreamingDecoder(tokenizer)
///     while let token = next() { print(decoder.append(token), terminator: "") }
///     print(decoder.finish())
///
/// All pieces together are what `Tokenizer.decode` makes of all tokens. Control tokens give nothing.
public struct StreamingDecoder {
    private let tokenizer: Tokenizer
    private var removesSpace: Bool
    /// The beginning of a character whose end is still to come: 3 bytes at most.
    private var pending: [UInt8] = []

    /// - Parameter startsText: the tokens begin a text, so the space before its first word is removed.
    public init(_ tokenizer: Tokenizer, startsText: Bool = false) {
        self.tokenizer = tokenizer
        removesSpace = startsText && tokenizer.addsSpacePrefix
    }

    /// The characters that this token completes; often none, or several. Bytes that cannot be part of a character
    /// become U+FFFD.
    public mutating func append(_ id: TokenID) -> String {
        var bytes = tokenizer.bytes(of: id)
        if removesSpace && !tokenizer.isControl(id) {
            if bytes.first == UInt8(ascii: " ") { bytes.removeFirst() }
            removesSpace = false
        }
        pending += bytes
        let whole = pending.count - incompleteSuffix(pending)
        let text = String(decoding: pending[..<whole], as: UTF8.self)
        pending.removeFirst(whole)
        return text
    }

    /// What is left when no more tokens come: U+FFFD for a character that was never completed.
    public mutating func finish() -> String {
        defer { pending = [] }
        return String(decoding: pending, as: UTF8.self)
    }
}

/// How many bytes at the end begin a character that needs more than there are.
private func incompleteSuffix(_ bytes: [UInt8]) -> Int {
    for count in 1...3 where count <= bytes.count {
        let byte = bytes[bytes.count - count]
        if byte >= 0xC0 { return utf8Length(lead: byte) > count ? count : 0 }
        if byte < 0x80 { return 0 }
    }
    return 0
}
