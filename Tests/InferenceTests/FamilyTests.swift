import GGUF
import Testing
@testable import Inference

private func logits(_ context: InferenceContext) -> [UInt32] { context.logits.map(\.bitPattern) }

/// What sets single families apart.
@Suite struct FamilyTests {
    private let text = ForwardTests.text

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
            var other = text
            other[at] = (other[at] + 1) % 50
            #expect(try (last(windows, other) != last(windows, text)) == reaches, "token \(at)")
            #expect(try last(alternating, other) != last(alternating, text), "token \(at)")
        }
    }

    @Test func longContextsHaveTheirOwnRopeFactors() throws {
        let model = try #require(TinyModel.families["phi3"]).model() // trained on 64 positions
        let results = try [32, 64, 65, 128].map { length in
            let context = try InferenceContext(model, contextLength: length, threads: 1)
            try context.evaluate(Array(text[..<20]))
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
        func start(_ name: String) throws -> UnsafeRawPointer {
            let tensor = try #require(file.tensor(name))
            return try #require(file.bytes(of: tensor).baseAddress)
        }
        let qkv = try start("blk.1.attn_qkv.weight"), up = try start("blk.1.ffn_up.weight")
        guard case .attention(let attention) = layer.mixer else { throw InferenceError("not attention") }
        #expect(attention.query.data == qkv && attention.query.rows == 64)
        #expect(attention.key.data == qkv + 64 * 64 * 4 && attention.key.rows == 32)
        #expect(attention.value.data == qkv + 96 * 64 * 4 && attention.value.rows == 32)
        #expect(layer.feedForward.gate.data == up && layer.feedForward.up.data == up + 96 * 64 * 4)
    }

    @Test(arguments: ["lfm2", "qwen35"], [0, 1, 63, 64, 65, 100, 127, 128, 129, 148])
    func statesAreComputedAgainFromAnyPosition(_ family: String, _ position: Int) throws {
        let model = try #require(TinyModel.families[family]).model()
        let wanted = try InferenceContext(model, threads: 1)
        try wanted.evaluate(text)
        let context = try InferenceContext(model, threads: 1)
        try context.evaluate(Array(text[..<30]))      // not a chunk's length
        try context.evaluate(Array(text[30...]))
        context.rewind(to: position)
        try context.evaluate([9, 8, 7])                    // what is rewound a second time never was
        context.rewind(to: position)
        context.rewind(to: min(position, 140))
        try context.evaluate(Array(text[min(position, 140)...]))
        #expect(logits(context) == logits(wanted))
        #expect(context.position == text.count)
    }

    @Test(arguments: ForwardTests.families) func decodingReadsEveryMatrixOnce(_ family: String) throws {
        let model = try #require(TinyModel.families[family]).model()
        let matrices = model.file.tensors.filter {
            $0.shape.count == 2 && $0.name != "token_embd.weight" && !$0.name.hasSuffix("conv.weight") && !$0.name.hasSuffix("conv1d.weight")
        }
        let bytes = matrices.reduce(0) { $0 + $1.byteCount }
        #expect(model.bytesPerToken == bytes + 64 * 4, "and one row of the embedding")
    }

    @Test func copiesOfTheStateTakeNoMoreThanTheCache() throws {
        let model = try #require(TinyModel.families["qwen35"]).model()
        for length in [10, 64, 100, 1000, 4096, 100_000] {
            let plan = try MemoryPlan(model, contextLength: length)
            // Two layers of 4 heads' 16 x 16 and two rows of 128 channels, and beside the copies less than 1 MiB.
            let state = 2 * (4 * 16 * 16 + 2 * 128) * 4
            #expect(plan.buffers <= max(plan.cache, state) + 1 << 20 + 4 * length)
        }
    }

    @Test func aModelWithoutAttentionNeedsNoCache() throws {
        var tiny = try #require(TinyModel.families["lfm2"])
        tiny.layers = 1
        tiny.changes["lfm2.attention.head_count_kv"] = .uint32(0)
        let model = try tiny.model()
        let plan = try MemoryPlan(model, contextLength: 200, available: AvailableMemory(byteCount: 1000, bound: .machine))
        #expect(plan.cache == 0)
        #expect(throws: InferenceError.self) { try plan.check() }
        let context = try InferenceContext(model, contextLength: 200, threads: 1)
        try context.evaluate(text)
        #expect(context.logits.allSatisfy { $0.isFinite })
    }

    @Test func layersThatGuessFurtherTokensAreNotRun() throws {
        var tiny = try #require(TinyModel.families["qwen35"])
        tiny.changes["qwen35.block_count"] = .uint32(4)
        tiny.changes["qwen35.nextn_predict_layers"] = .uint32(1)
        let model = try tiny.model()
        #expect(model.configuration.layerCount == 3)
        _ = try InferenceContext(model, threads: 1).evaluate(text)
    }
}
