/// What a conversation needs of a model: tokens in, tokens out, and their texts. Scripted in tests.
package protocol LanguageModel: AnyObject {
    /// Tokens that the KV cache holds.
    var contextLength: Int { get }

    var bos: Int32? { get }
    var eos: Int32? { get }
    /// Whether a text begins with `bos`.
    var addsBOS: Bool { get }

    /// - Parameters:
    ///   - parseSpecial: Names of control tokens become those tokens.
    ///   - startsText: False where the text goes on from an earlier one.
    func encode(_ text: String, parseSpecial: Bool, startsText: Bool) -> [Int32]
    func isControl(_ token: Int32) -> Bool
    func isEndOfGeneration(_ token: Int32) -> Bool

    /// Forgets the cached tokens from `position` on.
    func rewind(to position: Int)
    /// Whether forgetting costs nothing: else what was guessed had better be right.
    var rewindsFreely: Bool { get }
    /// Appends tokens to the cache; `sample` then chooses what comes after the last one.
    ///
    /// Returns false, with nothing evaluated, if `isWanted` said so on the way.
    func evaluate(_ tokens: ArraySlice<Int32>, while isWanted: () -> Bool) throws(ConversationError) -> Bool
    /// Chooses the next token, and remembers it for the penalties of later ones.
    func sample() -> Int32
    /// From the next token on.
    func setTemperature(_ temperature: Float)
    /// From the next token on; what was sampled is forgotten.
    func setSampling(_ settings: SamplingSettings)
    /// Forgets what was sampled.
    func resetSampling()

    /// A new answer's text begins.
    func beginText()
    /// The text that this token completes: whole characters only, the rest is held back.
    func text(of token: Int32) -> String
    /// What was held back, made into whole characters.
    func endText() -> String
}
