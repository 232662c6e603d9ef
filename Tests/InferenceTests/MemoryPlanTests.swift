import Testing
@testable import Inference

@Suite struct MemoryPlanTests {
    /// 2 layers, 2 kv heads of 64: 2 * 2 * 128 elements a position, 16 positions in a tile.
    private static let tiny = TinyModel(headSize: 64)

    private func plan(_ length: Int, _ type: CacheType = .f16) throws -> MemoryPlan {
        try MemoryPlan(Self.tiny.model(), contextLength: length, cacheType: type)
    }

    @Test func itsPartsAreThoseOfTheContext() throws {
        let plan = try plan(100)
        #expect(plan.cache == 2 * 2 * 128 * 2 * 112, "100 positions fill 7 tiles")
        let context = try InferenceContext(Self.tiny.model(), plan, threads: 1)
        #expect(context.byteCount == plan.anonymous)
        #expect(context.contextLength == 100)
    }

    @Test func aCacheOf8BitsTakesABitMoreThanHalf() throws {
        let halves = try plan(160), bytes = try plan(160, .q8_0)
        #expect(bytes.cache * 32 == halves.cache * 17)
        #expect(bytes.buffers == halves.buffers)
    }

    @Test func itIsOneLine() throws {
        let text = try plan(4096, .q8_0).description
        #expect(text.hasPrefix("weights 0."))
        #expect(text.contains(" MiB mapped, KV cache 2.1 MiB (4096 positions, q8_0), buffers 0."), "\(text)")
    }

    struct Refusal: Sendable {
        let length: Int
        let type: CacheType
        /// Beside the buffers.
        let left: Int
        let bound: AvailableMemory.Bound
        let mentions: [String]
    }

    @Test(arguments: [
        Refusal(length: 65536, type: .f16, left: 4 << 20, bound: .machine, mentions: [
            "a context of 65536 positions needs 64.", "KV cache 64.0 MiB in f16", "but this machine has 4.",
            "; a context of 4096 would fit, or 7696 with a q8_0 cache"]),
        Refusal(length: 65536, type: .q8_0, left: 1 << 20, bound: .controlGroup, mentions: [
            "KV cache 34.0 MiB in q8_0", "but the memory limit of this process leaves 1.", "; a context of 1920 would fit"]),
        Refusal(length: 1024, type: .f16, left: 0, bound: .machine, mentions: ["; free some, or choose a smaller model"]),
    ])
    func whatDoesNotFitIsRefusedWithWhatWould(_ example: Refusal) throws {
        let plan = try plan(example.length, example.type)
        let available = AvailableMemory(byteCount: plan.buffers + example.left, bound: example.bound)
        let error = #expect(throws: InferenceError.self) {
            _ = try InferenceContext(Self.tiny.model(), plan, threads: 1, available: available)
        }
        for text in example.mentions { #expect(error?.description.contains(text) == true, "\(error?.description ?? "")") }
    }

    @Test func whatFitsExactlyIsTaken() throws {
        let plan = try plan(256)
        try plan.check(AvailableMemory(byteCount: plan.anonymous, bound: .machine))
        try plan.check(nil)
        #expect(throws: InferenceError.self) { try plan.check(AvailableMemory(byteCount: plan.anonymous - 1, bound: .machine)) }
    }

    @Test func senselessLengthsAreRefused() throws {
        for length in [0, -1, Int.min, 1 << 27, Int.max] {
            #expect(throws: InferenceError.self) { try plan(length) }
        }
    }
}
