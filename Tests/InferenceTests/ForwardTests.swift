import CKernels
import GGUF
import TestSupport
import Testing
@testable import Inference

private func logits(_ context: InferenceContext) -> [UInt32] { context.logits.map(\.bitPattern) }

@Suite struct ForwardTests {
    static let families = ["llama", "qwen2", "qwen3"]
    static let text: [Int32] = (0..<150).map { ($0 * 17 + 5) % 50 }

    @Test(arguments: families) func prefillEqualsDecodeTokenByToken(_ family: String) throws {
        let model = try TinyModel(family: family).model()
        let whole = try InferenceContext(model, threads: 2)
        let single = try InferenceContext(model, threads: 2)
        var rows: [[UInt32]] = []
        try whole.evaluate(Self.text) { rows.append($0.map(\.bitPattern)) }
        #expect(rows.count == Self.text.count)
        for (i, token) in Self.text.enumerated() {
            try single.evaluate([token])
            #expect(logits(single) == rows[i], "position \(i)")
        }
    }

    @Test(arguments: families) func anyNumberOfThreadsGivesTheSameBits(_ family: String) throws {
        let model = try TinyModel(family: family).model()
        let one = try InferenceContext(model, threads: 1)
        try one.evaluate(Self.text)
        for threads in [2, 3, 5] {
            let many = try InferenceContext(model, threads: threads)
            try many.evaluate(Self.text)
            #expect(logits(many) == logits(one), "\(threads) threads")
        }
    }

    @Test func rewindingForgetsExactlyWhatCameAfter() throws {
        let model = try TinyModel().model()
        let context = try InferenceContext(model, threads: 1)
        try context.evaluate(Array(Self.text[..<40]))
        let wanted = logits(context)
        try context.evaluate([3, 4, 5, 6])
        #expect(logits(context) != wanted)
        context.rewind(to: 39)
        #expect(context.position == 39)
        try context.evaluate([Self.text[39]])
        #expect(logits(context) == wanted)
    }

    @Test func theContextFillsToItsLastPositionAndNoFurther() throws {
        let model = try TinyModel().model()
        let context = try InferenceContext(model, contextLength: 70, threads: 1)
        try context.evaluate(Array(Self.text[..<70]))
        #expect(context.position == 70)
        #expect(throws: InferenceError("1 tokens do not fit: the context holds 70 and 70 are taken")) {
            try context.evaluate([1])
        }
        #expect(context.logits.allSatisfy { $0.isFinite })
    }

    @Test func tokensOutsideTheVocabularyAreRefused() throws {
        let context = try InferenceContext(TinyModel().model(), threads: 1)
        for token: Int32 in [-1, 50, .max, .min] {
            #expect(throws: InferenceError.self) { try context.evaluate([1, token]) }
            #expect(context.position == 0, "nothing was evaluated")
        }
    }

    @Test func noTokensChangeNothing() throws {
        let context = try InferenceContext(TinyModel().model(), threads: 1)
        try context.evaluate([7])
        let before = logits(context)
        try context.evaluate([])
        #expect(logits(context) == before && context.position == 1)
    }
}

@Suite struct GoldenTests {
    @Test(.enabled(if: SharedFiles.stories260K != nil, "../shared with stories260K is not here"))
    func stories260KContinuesAsPublished() throws {
        let model = try Model(GGUFFile(path: #require(SharedFiles.stories260K)))
        let context = try InferenceContext(model, threads: 2)
        var chain = SamplerChain({ var s = SamplingSettings(); s.temperature = 0; return s }(), vocabularySize: 512)
        var ids: [Int32] = [1, 403, 407, 261, 378]
        try context.evaluate(ids)
        while ids.count < 10 {
            ids.append(chain.sample(context.logits))
            try context.evaluate([ids[ids.count - 1]])
        }
        #expect(ids == [1, 403, 407, 261, 378, 432, 383, 286, 261, 376])
    }
}
