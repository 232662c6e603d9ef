import GGUF
import Glibc
import TestSupport
import Testing
import Tokenizer
@testable import Inference

@Suite struct PerplexityTests {
    private static let tokens: [Int32] = (0..<101).map { ($0 * $0 * 7 + $0 * 13 + 5) % 50 }

    /// -log p of every scored token, the slow way.
    private func surprises(_ model: Model, length: Int, bos: Int32?) throws -> [Double] {
        var all: [Double] = []
        for start in stride(from: 0, through: Self.tokens.count - length, by: length) {
            var piece = Array(Self.tokens[start..<start + length])
            if let bos { piece[0] = bos }
            var rows: [[Double]] = []
            try InferenceContext(model, contextLength: length, threads: 1).evaluate(piece) { rows.append($0.map(Double.init)) }
            for i in length / 2..<length - 1 {
                let sum = rows[i].reduce(0) { $0 + exp($1) }
                all.append(-log(exp(rows[i][Int(piece[i + 1])]) / sum))
            }
        }
        return all
    }

    @Test(arguments: [(32, 3), (20, nil), (25, 0), (4, 1)] as [(Int, Int32?)])
    func theValueIsWhatASlowComputationGives(length: Int, bos: Int32?) throws {
        let model = try TinyModel().model()
        let expected = try surprises(model, length: length, bos: bos)
        var perplexity = try Perplexity(
            Self.tokens, context: InferenceContext(model, contextLength: length, threads: 2), bos: bos)
        #expect(perplexity.count == Self.tokens.count / length)
        for piece in 0..<perplexity.count { try perplexity.score(piece: piece) }
        let mean = expected.reduce(0, +) / Double(expected.count)
        let variance = expected.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(expected.count)
        #expect(perplexity.scoredTokens == expected.count)
        #expect(abs(perplexity.value / exp(mean) - 1) < 1e-6)
        #expect(abs(perplexity.error / (exp(mean) * (variance / Double(expected.count - 1)).squareRoot()) - 1) < 1e-5)
    }

    @Test func tooShortATextIsRefused() throws {
        let model = try TinyModel().model()
        #expect(throws: InferenceError("the text has 101 tokens; at least 102 are needed for a context of 51: give a longer text or a shorter context")) {
            try Perplexity(Self.tokens, context: InferenceContext(model, contextLength: 51, threads: 1), bos: nil)
        }
        #expect(throws: InferenceError.self) {
            try Perplexity(Self.tokens, context: InferenceContext(model, contextLength: 3, threads: 1), bos: nil)
        }
    }
}
