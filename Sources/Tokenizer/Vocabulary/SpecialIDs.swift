import GGUF

/// The tokens with a task of their own: what the file names, completed by what their texts say.
struct SpecialIDs {
    var bos: TokenID?
    var eos: TokenID?
    var eot: TokenID?
    var unknown: TokenID?
    var endOfGeneration: Set<TokenID> = []
    /// Tokens that steer the model, whatever kind the file gives them.
    var controls: Set<Int> = []

    /// - Parameters:
    ///   - defaults: ids of a vocabulary that names none.
    ///   - find: the token with a literal text.
    init(
        _ metadata: VocabularyMetadata, count: Int, defaults: (bos: TokenID?, eos: TokenID?, unknown: TokenID?),
        find: (String) -> Int?
    ) throws(TokenizerError) {
        func named(_ key: String) throws(TokenizerError) -> TokenID? {
            guard let value = try metadata.int(key) else { return nil }
            guard value >= 0 && value < count else {
                throw metadata.damaged("\(key) is \(value), but there are \(count) tokens")
            }
            return TokenID(value)
        }
        func inRange(_ id: TokenID?) -> TokenID? { id.flatMap { $0 < count ? $0 : nil } }
        bos = try named(MetadataKey.bos) ?? inRange(defaults.bos)
        eos = try named(MetadataKey.eos) ?? inRange(defaults.eos)
        unknown = try named(MetadataKey.unknown) ?? inRange(defaults.unknown)

        /// The token that the file names, else the first of those texts that the vocabulary has.
        func resolve(_ key: String?, _ texts: [String]) throws(TokenizerError) -> TokenID? {
            if let key, let id = try named(key) { return id }
            guard let id = texts.lazy.compactMap(find).first else { return nil }
            controls.insert(id)
            return TokenID(id)
        }
        eot = try resolve(MetadataKey.eot, WellKnownTokens.endOfTurn)
        let ends = [
            eos, eot, try resolve(MetadataKey.eom, WellKnownTokens.endOfMessage),
            try resolve(MetadataKey.fillPad, WellKnownTokens.fillPad),
            try resolve(MetadataKey.fillRepository, WellKnownTokens.fillRepository),
            try resolve(MetadataKey.fillSeparator, WellKnownTokens.fillSeparator),
        ]
        endOfGeneration.formUnion(ends.compactMap { $0 })
        for texts in [WellKnownTokens.fillPrefix, WellKnownTokens.fillSuffix, WellKnownTokens.fillMiddle] {
            _ = try resolve(nil, texts)
        }
        for id in WellKnownTokens.endOfGeneration.compactMap(find) {
            controls.insert(id)
            endOfGeneration.insert(TokenID(id))
        }
    }
}
