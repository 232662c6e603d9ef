@testable import GGUF
@testable import Tokenizer

/// A small vocabulary in memory, whose metadata a test may spoil.
struct TestVocabulary {
    var metadata: [String: MetadataValue]
    var tokens: [String] { didSet { metadata[MetadataKey.tokens] = .array(MetadataArray(tokens)) } }

    /// `<unk>`, `<s>`, `</s>`, the 256 bytes, and then pieces with their scores, from id 259.
    static func sentencePiece(_ pieces: KeyValuePairs<String, Float>) -> TestVocabulary {
        let bytes = (0..<256).map { "<0x" + ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) + ">" }
        let kinds: [TokenKind] = [.unknown, .control, .control] + bytes.map { _ in .byte } + pieces.map { _ in .normal }
        var vocabulary = TestVocabulary(model: "llama", ["<unk>", "<s>", "</s>"] + bytes + pieces.map(\.key), kinds)
        vocabulary.metadata[MetadataKey.scores] = .array(MetadataArray(
            [Float](repeating: 0, count: 259) + pieces.map(\.value)))
        return vocabulary
    }

    /// The 256 bytes, then what each merge makes, from id 256, then special tokens.
    ///
    /// - Parameter merges: pairs of texts as they read, a space for a space.
    static func byteLevel(
        _ merges: [([UInt8], [UInt8])] = [], specials: KeyValuePairs<String, TokenKind> = [:],
        preTokenizer: String? = nil
    ) -> TestVocabulary {
        let tokens = (0..<256).map { spelled([UInt8($0)]) } + merges.map { spelled($0.0 + $0.1) }
        let kinds = tokens.map { _ in TokenKind.normal } + specials.map(\.value)
        var vocabulary = TestVocabulary(model: "gpt2", tokens + specials.map(\.key), kinds)
        vocabulary.metadata[MetadataKey.merges] = .array(MetadataArray(
            merges.map { "\(spelled($0.0)) \(spelled($0.1))" }))
        vocabulary.metadata[MetadataKey.preTokenizer] = preTokenizer.map { .string($0) }
        return vocabulary
    }

    private init(model: String, _ tokens: [String], _ kinds: [TokenKind]) {
        self.tokens = tokens
        metadata = [
            MetadataKey.model: .string(model), MetadataKey.tokens: .array(MetadataArray(tokens)),
            MetadataKey.kinds: .array(MetadataArray(kinds.map { Int32($0.rawValue) })),
        ]
    }

    /// The file.
    func bytes() throws -> [UInt8] {
        var writer = GGUFWriter()
        for (key, value) in metadata { writer.set(key, value) }
        return try writer.bytes()
    }

    /// Read from the path `test.gguf`.
    func tokenizer() throws -> Tokenizer {
        try Tokenizer(GGUFFile(copying: bytes(), path: "test.gguf"))
    }

    /// Bytes in the alphabet of byte-level vocabularies.
    static func spelled(_ bytes: [UInt8]) -> String {
        String(String.UnicodeScalarView(bytes.compactMap { alphabet[Int($0)] }))
    }

    private static let alphabet: [Unicode.Scalar?] = {
        var next: UInt32 = 256
        return (0..<256 as Range<UInt32>).map { byte in
            if 0x21...0x7E ~= byte || 0xA1...0xAC ~= byte || 0xAE...0xFF ~= byte { return Unicode.Scalar(byte) }
            next += 1
            return Unicode.Scalar(next - 1)
        }
    }()
}
