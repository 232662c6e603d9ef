import GGUF

/// The tokens of a model: their texts, what each is for, and the way back from a text to its token.
///
/// Texts of a SentencePiece vocabulary are kept as the file has them, with U+2581 for a space. Those of a byte-level
/// vocabulary are kept as the bytes that they stand for, so that a text is compared with them as it is; only special
/// tokens, which are written literally there, are kept literally.
struct Vocabulary: Sendable {
    let texts: TokenTexts
    private(set) var kinds: [TokenKind]
    /// The tokens that a text can be merged to.
    private let index: TextIndex

    var count: Int { kinds.count }

    init(_ metadata: VocabularyMetadata, byteLevel: Bool) throws(TokenizerError) {
        let key = MetadataKey.tokens
        guard let tokens = try metadata.strings(key), !tokens.isEmpty else {
            throw metadata.damaged("has no \(key): it holds no vocabulary")
        }
        guard tokens.count <= Int32.max else {
            throw metadata.error("\(key) has \(tokens.count) tokens, more than a 32-bit id can number")
        }
        let kinds = try Self.kinds(metadata, count: tokens.count)
        var texts = TokenTexts(capacity: tokens.count)
        var index = TextIndex(capacity: tokens.count)
        let alphabet = ByteLevelAlphabet()
        for (id, token) in tokens.enumerated() {
            // No text becomes an empty token, nor one with characters that the byte-level alphabet lacks.
            var isMergeable = !token.isEmpty
            texts.append { bytes in
                if !byteLevel {
                    bytes.append(contentsOf: token)
                } else if kinds[id].isSpecial {
                    bytes.append(contentsOf: token)
                    isMergeable = isMergeable && ByteLevelAlphabet.isPlain(token)
                } else if !alphabet.decode(token, into: &bytes) {
                    bytes.append(contentsOf: token)
                    isMergeable = false
                }
            }
            if isMergeable, let other = index.insert(id, texts) {
                throw metadata.damaged("tokens \(other) and \(id) are both '\(shown(token))'")
            }
            if kinds[id] == .byte, byteValue(texts[id]) == nil {
                throw metadata.damaged("token \(id) is a byte, but reads '\(shown(token))', not <0x00> to <0xFF>")
            }
        }
        self.texts = texts
        self.kinds = kinds
        self.index = index
    }

    /// The token that has this text, in the form that `texts` are kept in.
    func find(_ text: RawSpan) -> Int? {
        index.find(text, texts)
    }

    func find(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        return find(bytes.span.bytes)
    }

    /// Makes a token one that is never shown and never found in a text that was not trusted to hold it.
    mutating func makeControl(_ id: Int) {
        kinds[id] = .control
    }

    /// The byte that a byte token stands for.
    func byte(of id: Int) -> UInt8? {
        byteValue(texts[id])
    }

    private static func kinds(_ metadata: VocabularyMetadata, count: Int) throws(TokenizerError) -> [TokenKind] {
        let key = MetadataKey.kinds
        guard let values = try metadata.ints(key, count: count) else { return Array(repeating: .normal, count: count) }
        var kinds: [TokenKind] = []
        kinds.reserveCapacity(count)
        for (id, value) in values.enumerated() {
            guard let kind = UInt8(exactly: value).flatMap(TokenKind.init) else {
                throw metadata.damaged("\(key) of token \(id) is \(value), not 0 to 6")
            }
            kinds.append(kind)
        }
        return kinds
    }
}

/// The value of `<0x0A>`, or nil for every other text.
private func byteValue(_ text: ArraySlice<UInt8>) -> UInt8? {
    guard text.count == 6, text.starts(with: "<0x".utf8), text.last == UInt8(ascii: ">") else { return nil }
    let digits = text.dropFirst(3).prefix(2)
    // UInt8(_:radix:) would take a sign.
    guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
    return UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
}

/// A token's text, fit for an error message.
func shown(_ text: UnsafeRawBufferPointer) -> String {
    printable(String(decoding: text.prefix(200), as: UTF8.self), limit: 40)
}

extension Vocabulary {
    /// The tokens of some kinds.
    func ids(where isIncluded: (TokenKind) -> Bool) -> [Int] {
        kinds.indices.filter { isIncluded(kinds[$0]) }
    }
}
