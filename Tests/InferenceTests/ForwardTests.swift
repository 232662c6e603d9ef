import CKernels
import GGUF
import TestSupport
import Testing
@testable import Inference

private func logits(_ context: InferenceContext) -> [UInt32] { context.logits.map(\.bitPattern) }

@Suite struct ForwardTests {
    static let families = TinyModel.families.keys.sorted()
    static let text: [Int32] = (0..<150).map { ($0 * 17 + 5) % 50 }

    @Test(arguments: families, CacheType.allCases) func prefillEqualsDecodeTokenByToken(_ family: String, _ cache: CacheType) throws {
        let model = try #require(TinyModel.families[family]).model()
        let whole = try InferenceContext(model, cacheType: cache, threads: 2)
        let single = try InferenceContext(model, cacheType: cache, threads: 2)
        var rows: [[UInt32]] = []
        try whole.evaluate(Self.text) { rows.append($0.map(\.bitPattern)) }
        #expect(rows.count == Self.text.count)
        for (i, token) in Self.text.enumerated() {
            try single.evaluate([token])
            #expect(logits(single) == rows[i], "position \(i)")
        }
    }

    @Test(arguments: families, CacheType.allCases) func anyNumberOfThreadsGivesTheSameBits(_ family: String, _ cache: CacheType) throws {
        let model = try #require(TinyModel.families[family]).model()
        let one = try InferenceContext(model, cacheType: cache, threads: 1)
        try one.evaluate(Self.text)
        for threads in [2, 3, 5] {
            let many = try InferenceContext(model, cacheType: cache, threads: threads)
            try many.evaluate(Self.text)
            #expect(logits(many) == logits(one), "\(threads) threads")
        }
    }

    @Test(arguments: families) func rewindingForgetsExactlyWhatCameAfter(_ family: String) throws {
        let model = try #require(TinyModel.families[family]).model()
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

    @Test(arguments: families, 0..<4) func aPassThatIsLeftChangesNothing(_ family: String, _ layers: Int) throws {
        let model = try #require(TinyModel.families[family]).model()
        let context = try InferenceContext(model, threads: 1), plain = try InferenceContext(model, threads: 1)
        try context.evaluate(Array(Self.text[..<40]))
        try plain.evaluate(Array(Self.text[..<40]))
        var asked = 0
        let isDone = try context.evaluate([9, 8, 7], while: {
            asked += 1
            return asked <= layers
        })
        #expect(isDone == (layers >= model.configuration.layerCount))
        if isDone { context.rewind(to: 40) } else { #expect(logits(context) == logits(plain)) }
        #expect(context.position == 40)
        let more = Array(Self.text[40..<110])
        #expect(try context.evaluate(more, while: { true }))
        try plain.evaluate(more)
        #expect(logits(context) == logits(plain))
    }

    /// Heads of 16 and, where 16 does not divide them, filled up.
    @Test(arguments: [16, 24, 32, 40], CacheType.allCases)
    func theContextFillsToItsLastPositionAndNoFurther(_ headSize: Int, _ cache: CacheType) throws {
        let model = try TinyModel(headSize: headSize).model()
        let context = try InferenceContext(model, contextLength: 70, cacheType: cache, threads: 1)
        try context.evaluate(Array(Self.text[..<69]))
        try context.evaluate(Self.text[69])
        #expect(context.position == 70)
        #expect(throws: InferenceError("1 tokens do not fit: the context holds 70 and 70 are taken")) {
            try context.evaluate([1])
        }
        #expect(context.logits.allSatisfy { $0.isFinite })
    }

    /// Levels of 1/127 of the largest of 32 differ from a normal distribution's values by about (2.5 / 127)^2 / 12 = 3e-5 of their
    /// squares, in queries, keys and values each.
    @Test(arguments: families) func aCacheOf8BitsHardlyChangesTheLogits(_ family: String) throws {
        let model = try #require(TinyModel.families[family]).model()
        let halves = try InferenceContext(model, cacheType: .f16, threads: 1)
        let bytes = try InferenceContext(model, cacheType: .q8_0, threads: 1)
        try halves.evaluate(Self.text)
        try bytes.evaluate(Self.text)
        var error = 0.0, power = 0.0
        for (a, b) in zip(halves.logits, bytes.logits) {
            error += Double((a - b) * (a - b))
            power += Double(a * a)
        }
        #expect(error > 0 && error / power < 1e-3, "NMSE \(error / power)")
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
