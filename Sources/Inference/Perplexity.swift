import Glibc

/// How well a model predicts a text: e to the mean of -log p over the tokens that are scored.
///
/// As llama.cpp measures it (tools/perplexity/perplexity.cpp of github.com/ggml-org/llama.cpp): the text is cut into pieces of one
/// context's length. Each begins anew, its first token replaced by BOS where the model wants one, and only its second half is
/// scored, where every token has at least half a context before it.
public struct Perplexity {
    private let context: InferenceContext
    private let bos: Int32?
    private let tokens: [Int32]
    /// Tokens of a piece that are read only.
    private let unscored: Int
    private var opening: [Int32]
    private var scored: [Int32]

    /// Pieces in the text.
    public let count: Int
    /// Tokens scored so far.
    public private(set) var scoredTokens = 0
    /// Sums over them of -log p and of its square.
    private var sum = 0.0
    private var squares = 0.0

    /// - Parameters:
    ///   - tokens: the text's.
    ///   - bos: put in the place of each piece's first token, if not nil.
    public init(_ tokens: [Int32], context: InferenceContext, bos: Int32?) throws(InferenceError) {
        let length = context.contextLength
        guard length >= 4 else {
            throw InferenceError("a context of \(length) positions leaves nothing to score: choose at least 4")
        }
        guard tokens.count >= 2 * length else {
            throw InferenceError("the text has \(tokens.count) tokens; at least \(2 * length) are needed for a context of \(length): give a longer text or a shorter context")
        }
        self.context = context
        self.bos = bos
        self.tokens = tokens
        count = tokens.count / length
        unscored = length / 2
        opening = [Int32](repeating: 0, count: unscored)
        scored = [Int32](repeating: 0, count: length - 1 - unscored)
    }

    /// e to the mean of -log p; NaN before the first piece.
    public var value: Double { exp(sum / Double(scoredTokens)) }

    /// The standard error of `value`.
    public var error: Double {
        let mean = sum / Double(scoredTokens)
        let variance = max(0, squares / Double(scoredTokens) - mean * mean)
        return (variance / Double(scoredTokens - 1)).squareRoot() * value
    }

    /// Reads and scores piece `number` of `count`.
    public mutating func score(piece number: Int) throws(InferenceError) {
        let start = number * context.contextLength
        for i in opening.indices { opening[i] = tokens[start + i] }
        for i in scored.indices { scored[i] = tokens[start + unscored + i] }
        if let bos { opening[0] = bos }
        context.rewind(to: 0)
        try context.evaluate(opening)
        var next = start + unscored
        var sum = 0.0, squares = 0.0
        try context.evaluate(scored) { logits in
            next += 1
            let surprise = Self.surprise(logits, Int(tokens[next]))
            sum += surprise
            squares += surprise * surprise
        }
        self.sum += sum
        self.squares += squares
        scoredTokens += scored.count
    }

    /// -log of the probability of `token`.
    private static func surprise(_ logits: UnsafeBufferPointer<Float>, _ token: Int) -> Double {
        var largest = -Float.infinity
        for logit in logits where logit > largest { largest = logit }
        var sum = 0.0
        for logit in logits { sum += Double(exp(logit - largest)) }
        return log(sum) + Double(largest - logits[token])
    }
}
