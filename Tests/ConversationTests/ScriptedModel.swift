import Conversation
import Synchronization

/// A model that says what a test tells it to. Its tokens are Unicode scalars; control tokens have ids above them.
final class ScriptedModel: LanguageModel {
    static let controls = [
        "<s>", "</s>", "<|im_start|>", "<|im_end|>", "<|eot_id|>", "<|start_header_id|>", "<|end_header_id|>", "<start_of_turn>", "<end_of_turn>",
    ]
    private static let firstControl: Int32 = 0x11_0000

    static func control(_ name: String) -> Int32 {
        firstControl + Int32(controls.firstIndex(of: name)!)
    }

    let contextLength: Int
    var bos: Int32? { Self.control("<s>") }
    var eos: Int32? { Self.control("</s>") }
    var addsBOS = true
    /// Whether a text that starts gets a space, as SentencePiece does.
    var prefixesSpace = false

    /// What is sampled next, until each answer's end.
    var script: [Int32] = []
    /// Called at every `sample`.
    var onSample: () -> Void = {}
    /// Called before every `evaluate`.
    var onEvaluate: () -> Void = {}
    var failure: ConversationError?

    private(set) var cache: [Int32] = []
    /// The tokens of every call to `evaluate`.
    private(set) var evaluated: [[Int32]] = []
    private(set) var samplingResets = 0
    private(set) var temperatures: [Float] = []
    private(set) var samplings: [SamplingSettings] = []

    init(contextLength: Int = 4096, answers: [String] = []) {
        self.contextLength = contextLength
        for answer in answers { script += tokens(answer) + [eos!] }
    }

    func tokens(_ text: String) -> [Int32] { encode(text, parseSpecial: true, startsText: false) }

    /// The cache as text, control tokens by their names.
    var cachedText: String { text(cache) }

    func text(_ tokens: [Int32]) -> String {
        tokens.map { isControl($0) ? Self.controls[Int($0 - Self.firstControl)] : String(Unicode.Scalar(UInt32($0))!) }.joined()
    }

    func clearLog() { evaluated = [] }

    func encode(_ text: String, parseSpecial: Bool, startsText: Bool) -> [Int32] {
        var rest = (startsText && prefixesSpace ? " " : "") + text
        var tokens: [Int32] = []
        while !rest.isEmpty {
            if parseSpecial, let name = Self.controls.first(where: { rest.utf8.starts(with: $0.utf8) }) {
                tokens.append(Self.control(name))
                rest.unicodeScalars.removeFirst(name.unicodeScalars.count)
            } else {
                tokens.append(Int32(rest.unicodeScalars.removeFirst().value))
            }
        }
        return tokens
    }

    func isControl(_ token: Int32) -> Bool { token >= Self.firstControl }

    func isEndOfGeneration(_ token: Int32) -> Bool {
        ["</s>", "<|im_end|>", "<|eot_id|>", "<end_of_turn>"].contains { token == Self.control($0) }
    }

    func rewind(to position: Int) { cache.removeSubrange(position...) }
    var rewindsFreely = true

    func evaluate(_ tokens: ArraySlice<Int32>, while isWanted: () -> Bool) throws(ConversationError) -> Bool {
        onEvaluate()
        if !isWanted() { return false }
        if let failure { throw failure }
        guard cache.count + tokens.count <= contextLength else {
            throw ConversationError("\(tokens.count) tokens do not fit")
        }
        evaluated.append(Array(tokens))
        cache += tokens
        return true
    }

    func sample() -> Int32 {
        onSample()
        return script.isEmpty ? eos! : script.removeFirst()
    }

    func setTemperature(_ temperature: Float) { temperatures.append(temperature) }
    func setSampling(_ settings: SamplingSettings) { samplings.append(settings) }
    func resetSampling() { samplingResets += 1 }
    func beginText() {}
    func text(of token: Int32) -> String { isControl(token) ? "" : text([token]) }
    func endText() -> String { "" }
}
