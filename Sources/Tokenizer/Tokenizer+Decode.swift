extension Tokenizer {
    /// The bytes that a token stands for, which need not be whole characters.
    ///
    /// - Parameter special: control and unknown tokens give the text by which they are known, not nothing.
    public func bytes(of id: TokenID, special: Bool = false) -> [UInt8] {
        var bytes: [UInt8] = []
        append(id, special: special, to: &bytes)
        return bytes
    }

    /// The text of some tokens. What is not UTF-8 in it becomes U+FFFD.
    ///
    /// - Parameters:
    ///   - special: control and unknown tokens are shown by the text by which they are known.
    ///   - startsText: removes the space that `encode` puts before a text's first word.
    public func decode(_ ids: some Sequence<TokenID>, special: Bool = false, startsText: Bool = true) -> String {
        var bytes: [UInt8] = []
        var removesSpace = startsText && addsSpacePrefix
        for id in ids {
            let start = bytes.count
            append(id, special: special, to: &bytes)
            if removesSpace && !isControl(id) {
                if start < bytes.count && bytes[start] == UInt8(ascii: " ") { bytes.remove(at: start) }
                removesSpace = false
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    var addsSpacePrefix: Bool {
        if case .sentencePiece(let model) = model { model.addsSpacePrefix } else { false }
    }

    private func append(_ id: TokenID, special: Bool, to bytes: inout [UInt8]) {
        guard vocabulary.kinds.indices.contains(Int(id)) else { return }
        let text = vocabulary.texts[Int(id)]
        switch vocabulary.kinds[Int(id)] {
        case .control, .unknown:
            if special { bytes += text }
        case .userDefined:
            bytes += text
        case .normal:
            if case .sentencePiece = model {
                SentencePiece.unescape(text, into: &bytes)
            } else {
                bytes += text
            }
        case .byte:
            if let byte = vocabulary.byte(of: Int(id)) { bytes.append(byte) }
        case .unused, .undefined:
            break
        }
    }
}
