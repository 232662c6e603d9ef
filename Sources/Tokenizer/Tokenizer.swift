import GGUF

/// A token's number in its vocabulary.
public typealias TokenID = Int32

/// Turns text into a model's tokens and back, by the vocabulary in the model's file.
///
/// Two families are read: SentencePiece as LLaMA has it (`tokenizer.ggml.model` is `llama`) and byte-level byte-pair
/// encoding (`gpt2`) with the pre-tokenizers that `PreTokenizer` knows. The tokens are those that llama.cpp gives.
///
/// Everything is read by the initializer and nothing changes afterwards; the file is not needed any more.
public final class Tokenizer: Sendable {
    /// Tokens in the vocabulary. Ids are less.
    public let count: Int
    /// The beginning and the end of a text.
    public let bos: TokenID?
    public let eos: TokenID?
    /// The end of a turn in a conversation.
    public let eot: TokenID?
    /// Stands for characters that the vocabulary cannot write.
    public let unknown: TokenID?
    /// Whether the model wants `bos` before and `eos` behind a text.
    public let addsBOS: Bool
    public let addsEOS: Bool

    let vocabulary: Vocabulary
    let model: Model
    private let endOfGeneration: Set<TokenID>
    private let specials: SpecialTokens
    private let userDefined: SpecialTokens

    enum Model {
        case sentencePiece(SentencePiece)
        case bytePair(BytePair)
    }

    /// Reads a file's vocabulary.
    ///
    /// Throws where there is none, where it is of a family or has a pre-tokenizer that is not known, and where it
    /// contradicts itself.
    public init(_ file: GGUFFile) throws(TokenizerError) {
        let metadata = VocabularyMetadata(file: file)
        guard let family = try metadata.string(MetadataKey.model) else {
            throw metadata.damaged("has no \(MetadataKey.model): it holds no vocabulary")
        }
        guard family == "llama" || family == "gpt2" else {
            throw metadata.error("\(MetadataKey.model) is '\(printable(family, limit: 40))', which is not known; "
                + "known are llama (SentencePiece) and gpt2 (byte-level)")
        }
        let isSentencePiece = family == "llama"
        var vocabulary = try Vocabulary(metadata, byteLevel: !isSentencePiece)
        let all = SpecialTokens(vocabulary.ids { $0.isSpecial }, vocabulary)
        // Defaults of llama.cpp, but for its 11 as a byte-level vocabulary's BOS and EOS, which only fits one model.
        let ids = try SpecialIDs(
            metadata, count: vocabulary.count, defaults: isSentencePiece ? (1, 2, 0) : (nil, nil, nil),
            find: { [vocabulary] in all.find($0, vocabulary) ?? vocabulary.find($0) })
        for id in ids.controls { vocabulary.makeControl(id) }

        let addsBOS: Bool
        if isSentencePiece {
            model = .sentencePiece(try SentencePiece(metadata, vocabulary, unknown: ids.unknown))
            addsBOS = true
        } else {
            let bytePair = try BytePair(metadata, vocabulary)
            model = .bytePair(bytePair)
            addsBOS = bytePair.addsBOS
        }
        self.addsBOS = try Self.flag(metadata, MetadataKey.addsBOS, id: ids.bos, MetadataKey.bos)
            ?? (addsBOS && ids.bos != nil)
        addsEOS = try Self.flag(metadata, MetadataKey.addsEOS, id: ids.eos, MetadataKey.eos) ?? false

        let stripping = try Self.tokensStrippingRight(metadata, vocabulary, find: { all.find($0, vocabulary) })
        specials = SpecialTokens(vocabulary.ids { $0.isSpecial }, vocabulary, strippingRight: stripping)
        userDefined = SpecialTokens(vocabulary.ids { $0 == .userDefined }, vocabulary, strippingRight: stripping)
        count = vocabulary.count
        bos = ids.bos
        eos = ids.eos
        eot = ids.eot
        unknown = ids.unknown
        endOfGeneration = ids.endOfGeneration
        self.vocabulary = vocabulary
    }

    /// The text's tokens.
    ///
    /// - Parameters:
    ///   - addSpecial: puts BOS before and EOS behind, as far as the model wants them.
    ///   - parseSpecial: texts of control tokens become those tokens. Only for texts that may steer the model.
    ///   - startsText: false for a text that continues an earlier one; SentencePiece then adds no space in front.
    public func encode(
        _ text: String, addSpecial: Bool = true, parseSpecial: Bool = false, startsText: Bool = true
    ) -> [TokenID] {
        var ids: [TokenID] = []
        var prefixed = startsText
        if addSpecial, addsBOS, let bos {
            ids.append(bos)
            prefixed = true
        }
        let bytes = Array(text.utf8)
        for fragment in (parseSpecial ? specials : userDefined).split(bytes, vocabulary) {
            switch fragment {
            case .token(let id):
                ids.append(id)
                prefixed = true
            case .text(let range):
                switch model {
                case .sentencePiece(let model):
                    model.encode(bytes[range], prefixed: prefixed, vocabulary, into: &ids)
                case .bytePair(let model):
                    model.encode(bytes[range], vocabulary, into: &ids)
                }
                prefixed = false
            }
        }
        if addSpecial, addsEOS, let eos { ids.append(eos) }
        return ids
    }

    /// The token with this text: that of a special token, or else one as the vocabulary writes it, where
    /// SentencePiece has U+2581 for a space and byte-level vocabularies, here, a space.
    public func id(of piece: String) -> TokenID? {
        (specials.find(piece, vocabulary) ?? vocabulary.find(piece)).map(TokenID.init)
    }

    /// True for every token after which a model has nothing more to say.
    public func isEndOfGeneration(_ id: TokenID) -> Bool {
        endOfGeneration.contains(id)
    }

    /// True for tokens that steer the model and have no text.
    public func isControl(_ id: TokenID) -> Bool {
        vocabulary.kinds.indices.contains(Int(id)) && vocabulary.kinds[Int(id)] == .control
    }

    private static func flag(
        _ metadata: VocabularyMetadata, _ key: String, id: TokenID?, _ idKey: String
    ) throws(TokenizerError) -> Bool? {
        let value = try metadata.bool(key)
        guard value != true || id != nil else {
            throw metadata.damaged("\(key) is true, but there is no \(idKey)")
        }
        return value
    }

    /// Phi-3's special tokens swallow white space behind them; no file says so, so llama.cpp goes by the model's name.
    private static func tokensStrippingRight(
        _ metadata: VocabularyMetadata, _ vocabulary: Vocabulary, find: (String) -> Int?
    ) throws(TokenizerError) -> Set<Int> {
        let name = try metadata.string("general.name")?.lowercased() ?? ""
        guard name.contains("phi-3") || name.contains("phi3") else { return [] }
        return Set(vocabulary.ids { $0.isSpecial }).subtracting(["<unk>", "<s>", "<|endoftext|>"].compactMap(find))
    }
}
