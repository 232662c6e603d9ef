import CKernels
import GGUF
import TestSupport
import Testing
@testable import Inference

private func logits(_ context: InferenceContext) -> [UInt32] { context.logits.map(\.bitPattern) }

@Suite struct ForwardTests {
    static let families = TinyModel.families.keys.sorted()
    static let text: [Int32] = (0..<150).map { ($0 * 17 + 5) % 50 }

    @Test(arguments: families) func prefillEqualsDecodeTokenByToken(_ family: String) throws {
        let model = try #require(TinyModel.families[family]).model()
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
        let model = try #require(TinyModel.families[family]).model()
        let one = try InferenceContext(model, threads: 1)
        try one.evaluate(Self.text)
        for threads in [2, 3, 5] {
            let many = try InferenceContext(model, threads: threads)
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

    @Test func tokensBeforeTheWindowsOfAllLayersChangeNothing() throws {
        var tiny = try #require(TinyModel.families["gemma2"])
        tiny.changes["gemma2.attention.sliding_window_pattern"] = .uint32(0) // every layer has a window
        let windows = try tiny.model()
        tiny.changes["gemma2.attention.sliding_window_pattern"] = .uint32(2)
        let alternating = try tiny.model()
        func last(_ model: Model, _ tokens: [Int32]) throws -> [UInt32] {
            let context = try InferenceContext(model, threads: 1)
            try context.evaluate(tokens)
            return logits(context)
        }
        // Two layers of 24 positions reach 46 back.
        for (at, reaches) in [(150 - 48, false), (150 - 47, true), (0, false)] {
            var other = Self.text
            other[at] = (other[at] + 1) % 50
            #expect(try (last(windows, other) != last(windows, Self.text)) == reaches, "token \(at)")
            #expect(try last(alternating, other) != last(alternating, Self.text), "token \(at)")
        }
    }

    @Test func longContextsHaveTheirOwnRopeFactors() throws {
        let model = try #require(TinyModel.families["phi3"]).model() // trained on 64 positions
        let results = try [32, 64, 65, 128].map { length in
            let context = try InferenceContext(model, contextLength: length, threads: 1)
            try context.evaluate(Array(Self.text[..<20]))
            return logits(context)
        }
        #expect(results[0] == results[1] && results[2] == results[3] && results[1] != results[2])
    }

    @Test func aSwitchInTheFileTurnsRopeOff() throws {
        var tiny = try #require(TinyModel.families["granite"])
        tiny.layers = 1
        tiny.changes["granite.rope.scaling.finetuned"] = .bool(false)
        let context = try InferenceContext(tiny.model(), threads: 1)
        // Without positions the tokens before the last one are a set.
        try context.evaluate([1, 2, 3, 4])
        let one = logits(context).map { Float(bitPattern: $0) }
        context.rewind(to: 0)
        try context.evaluate([3, 1, 2, 4])
        let other = Array(context.logits)
        #expect(zip(one, other).allSatisfy { abs($0 - $1) < 1e-4 })
    }

    @Test func fusedProjectionsAreTheSameRows() throws {
        let fused = try #require(TinyModel.families["phi3"]).model()
        let layer = fused.weights.layers[1], file = fused.file
        let qkv = try file.bytes(of: #require(file.tensor("blk.1.attn_qkv.weight")))
        let up = try file.bytes(of: #require(file.tensor("blk.1.ffn_up.weight")))
        #expect(layer.attention.query.data == qkv.baseAddress && layer.attention.query.rows == 64)
        #expect(layer.attention.key.data == qkv.baseAddress.map { $0 + 64 * 64 * 4 } && layer.attention.key.rows == 32)
        #expect(layer.attention.value.data == qkv.baseAddress.map { $0 + 96 * 64 * 4 } && layer.attention.value.rows == 32)
        #expect(layer.feedForward.gate.data == up.baseAddress && layer.feedForward.up.data == up.baseAddress.map { $0 + 96 * 64 * 4 })
    }

    @Test(arguments: families) func decodingReadsEveryMatrixOnce(_ family: String) throws {
        let model = try #require(TinyModel.families[family]).model()
        let matrices = model.file.tensors.filter { $0.shape.count == 2 && $0.name != "token_embd.weight" }
        let bytes = matrices.reduce(0) { $0 + $1.byteCount }
        #expect(model.bytesPerToken == bytes + 64 * 4, "and one row of the embedding")
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
