/// How a byte-level vocabulary wants a text cut before merging: `tokenizer.ggml.pre`.
///
/// Merges never cross a cut, so these rules decide tokens as much as the merges do. They are llama.cpp's
/// (llm_tokenizer_bpe and llama_vocab::impl::load in src/llama-vocab.cpp), which differ here and there from the
/// models' own. Not here are those of models outside the LLaMA family.
struct PreTokenizer: Sendable {
    let rules: [SplitRule]
    /// A piece that is a token is not merged from its bytes, even where the merges would end elsewhere.
    var ignoresMerges = false
    /// The model wants BOS unless its file says otherwise.
    var addsBOS = false

    /// Nil for a name that is not known.
    init?(named name: String) {
        guard let entry = Self.all.first(where: { $0.names.contains(name) }) else { return nil }
        self = entry.preTokenizer
    }

    /// Every name that is known.
    static var names: [String] { families.flatMap(\.self) }

    /// Names of the same pre-tokenizer.
    static var families: [[String]] { all.map(\.names) }

    private init(_ rules: [SplitRule], ignoresMerges: Bool = false, addsBOS: Bool = false) {
        self.rules = rules
        self.ignoresMerges = ignoresMerges
        self.addsBOS = addsBOS
    }

    /// The lengths in bytes of the pieces that a text is cut into.
    func split(_ text: ArraySlice<UInt8>) -> [Int] {
        let classified = ClassifiedText(text)
        guard classified.count > 0 else { return [] }
        var ends = [classified.count]
        for rule in rules {
            ends = rule.split(classified, ends)
        }
        var lengths: [Int] = []
        lengths.reserveCapacity(ends.count)
        var index = 0
        for end in ends {
            var length = 0
            while index < end {
                length += classified.byteCount(index)
                index += 1
            }
            lengths.append(length)
        }
        return lengths
    }

    private static let all: [(names: [String], preTokenizer: PreTokenizer)] = [
        (["default"], PreTokenizer([
            .run(RunPattern(set: ScalarSet(.punctuation, "$+<=>^~|"))), .words(gpt2), .run(RunPattern(set: .numbers)),
            threeDigits,
        ])),
        (["gpt-2", "phi-2", "mpt", "olmo", "jais", "trillion", "granite-docling", "exaone4", "gigachat", "a.x-4.0",
          "mellum"], PreTokenizer([.words(gpt2)])),
        (["starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b", "mellum2"],
         PreTokenizer([singleNumbers, .words(gpt2)])),
        (["falcon"], PreTokenizer([
            .run(RunPattern(set: ScalarSet(.punctuation, "$+<=>^~|`"))), .words(gpt2), threeDigits,
        ])),
        (["llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2"],
         PreTokenizer([.words(llama3)], ignoresMerges: true, addsBOS: true)),
        (["dbrx", "smaug-bpe", "glm4", "chatglm-bpe"], PreTokenizer([.words(llama3)])),
        (["qwen2", "deepseek-r1-qwen", "kormo", "megrez", "stablelm2", "hunyuan", "grok-2", "solar-open"],
         PreTokenizer([.words(qwen2)])),
        (["qwen35"], PreTokenizer([.words(qwen35)])),
        (["minicpm5"], PreTokenizer([
            .run(RunPattern(set: .numbers, maximum: 3)), .words(llama3.with { $0.numbers = .upTo(.max) }),
        ], ignoresMerges: true)),
        (["seed-coder"], PreTokenizer([.words(qwen2.with { $0.symbolTail = [] })])),
        (["tekken"], PreTokenizer([
            .words(cased.with { $0.contractions = .none; $0.numbers = .upTo(1) }),
        ], ignoresMerges: true, addsBOS: true)),
        (["gpt-4o", "llama4", "kanana2"], PreTokenizer([.words(cased)])),
        (["deepseek-llm"], PreTokenizer([
            .run(RunPattern(set: .newlines, maximum: 1)),
            .run(RunPattern(set: .deepSeekLetters, afterWhitespace: true)),
            .run(RunPattern(set: .deepSeekPunctuation, afterWhitespace: true)),
            .run(RunPattern(set: ScalarSet(classes: .whitespace), atEnd: true)),
            .run(RunPattern(set: .deepSeekIdeographs)),
            .run(RunPattern(set: .numbers)),
        ])),
        (["deepseek-coder"], PreTokenizer([
            .run(RunPattern(set: .newlines, maximum: 1)),
            .run(RunPattern(set: .letters, afterWhitespace: true)),
            .run(RunPattern(set: ScalarSet(classes: .punctuation), afterWhitespace: true)),
            .run(RunPattern(set: .deepSeekIdeographs)),
            singleNumbers,
        ])),
        (["deepseek-v3", "hunyuan-dense", "joyai-llm"], PreTokenizer([
            .run(RunPattern(set: .numbers, maximum: 3)),
            .run(RunPattern(set: .ideographsAndKana)),
            .words(WordPattern(
                contractions: .none, letters: .afterAnyBut([.letter, .punctuation, .symbol]),
                wordClasses: [.letter, .mark], numbers: .none, symbols: [.punctuation, .symbol],
                symbolTail: WordPattern.newlines, asciiPunctuationStartsWord: true, endsAtNewlines: true)),
        ])),
    ]

    private static let singleNumbers = SplitRule.run(RunPattern(set: .numbers, maximum: 1))
    private static let threeDigits = SplitRule.run(RunPattern(set: .digits, minimum: 3, maximum: 3))
    private static let gpt2 = WordPattern()
    private static let llama3 = WordPattern(
        contractions: .anyCase, letters: .afterAnyBut([.letter, .number]), numbers: .upTo(3),
        symbolTail: WordPattern.newlines, endsAtNewlines: true)
    private static let qwen2 = llama3.with { $0.numbers = .upTo(1) }
    private static let qwen35 = qwen2.with {
        $0.wordClasses = [.letter, .mark]
        $0.symbols = [.other, .punctuation, .symbol]
    }
    private static let cased = llama3.with {
        $0.contractions = .suffix
        $0.letters = .cased
        $0.symbolTail = WordPattern.newlines + [UInt32(UInt8(ascii: "/"))]
    }
}

extension WordPattern {
    /// A pattern that differs from this one.
    fileprivate func with(_ change: (inout WordPattern) -> Void) -> WordPattern {
        var pattern = self
        change(&pattern)
        return pattern
    }
}
