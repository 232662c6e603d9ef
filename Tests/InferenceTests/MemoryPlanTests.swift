import Testing
@testable import Inference

@Suite struct MemoryPlanTests {
    /// 2 layers, 2 kv heads of 64: 2 * 2 * 128 elements a position, 16 positions in a tile.
    private static let tiny = TinyModel(headSize: 64)

    private func plan(_ length: Int, _ type: CacheType = .f16, _ available: AvailableMemory? = nil) throws -> MemoryPlan {
        try MemoryPlan(Self.tiny.model(), contextLength: length, cacheType: type, available: available)
    }

    private static func setting(_ byteCount: Int) -> AvailableMemory { AvailableMemory(byteCount: byteCount, bound: .setting) }

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
        /// Beside the buffers, those for reading weights among them.
        let left: Int
        let bound: AvailableMemory.Bound
        let mentions: [String]
    }

    @Test(arguments: [
        Refusal(length: 65536, type: .f16, left: 4 << 20, bound: .machine, mentions: [
            "a context of 65536 positions needs 66.", "KV cache 64.0 MiB in f16", "reading of weights 2.0 MiB", "but this machine has 6.",
            "; a context of 4096 would fit, or 7696 with a q8_0 cache"]),
        Refusal(length: 65536, type: .q8_0, left: 1 << 20, bound: .controlGroup, mentions: [
            "KV cache 34.0 MiB in q8_0", "but the memory limit of this process leaves 3.", "; a context of 1920 would fit"]),
        Refusal(length: 1024, type: .f16, left: 0, bound: .machine, mentions: ["; free some, or choose a smaller model"]),
    ])
    func whatDoesNotFitIsRefusedWithWhatWould(_ example: Refusal) throws {
        let nothing = try plan(example.length, example.type, Self.setting(0))
        let plan = try plan(
            example.length, example.type,
            AvailableMemory(byteCount: nothing.buffers + nothing.streaming + example.left, bound: example.bound))
        let error = #expect(throws: InferenceError.self) { _ = try InferenceContext(Self.tiny.model(), plan, threads: 1) }
        #expect(error?.isShortage == true)
        for text in example.mentions { #expect(error?.description.contains(text) == true, "\(error?.description ?? "")") }
    }

    @Test func whatFitsExactlyIsTaken() throws {
        try plan(256).check()
        let needed = try plan(256, .f16, Self.setting(0)).anonymous
        try plan(256, .f16, AvailableMemory(byteCount: needed, bound: .machine)).check()
        #expect(throws: InferenceError.self) { try plan(256, .f16, AvailableMemory(byteCount: needed - 1, bound: .machine)).check() }
    }

    @Test func whatWeightsAreReadThroughCountsOnceTheyDoNotFit() throws {
        let unlimited = try plan(256), model = try Self.tiny.model()
        #expect(unlimited.streaming == 0 && unlimited.weightBudget == nil)
        let whole = unlimited.anonymous + model.bytesPerToken
        #expect(try plan(256, .f16, Self.setting(whole)).streaming == 0)
        let limited = try plan(256, .f16, Self.setting(whole - 1))
        #expect(limited.streaming == WeightStream.bufferBytes(for: model.weights.matrices) && limited.streaming > 0)
        #expect(limited.anonymous == unlimited.anonymous + limited.streaming)
        #expect(limited.weightBudget == model.bytesPerToken - 1 - limited.streaming)
        #expect(limited.description.hasSuffix(", 2.0 MiB to read those weights through that do not fit"), "\(limited)")
        let refusal = #expect(throws: InferenceError.self) { try limited.check() }
        #expect(refusal?.description.contains("reading of weights 2.0 MiB") == true, "\(refusal?.description ?? "")")
    }

    @Test(arguments: [0, 5_000_000, 1 << 36])
    func underTheLeastGroupLimitItIsThePlanWithoutALimit(other: Int) throws {
        for type in CacheType.allCases {
            let whole = try plan(4096, type), limit = whole.groupLimit(besides: other)
            func limited(_ bytes: Int) throws -> MemoryPlan { try plan(4096, type, AvailableMemory(byteCount: bytes - other, bound: .controlGroup)) }
            let under = try limited(limit)
            try under.check()
            #expect(under.streaming == 0 && under.weightBudget == nil && under.anonymous == whole.anonymous)
            // Weights that are not read for every token may go, with the kernel's share for them; it is rounded.
            let spare = try whole.weights - Self.tiny.model().bytesPerToken
            #expect(try limited(limit - spare - spare / 255 - 4).streaming > 0)
        }
    }

    @Test func aLimitThatWasSetMakesTheGroupSmaller() throws {
        // Weights of more than what they would be read through.
        let model = try TinyModel(width: 512, feedForward: 1024, vocabulary: 1000).model()
        func plan(_ available: AvailableMemory?) throws -> MemoryPlan { try MemoryPlan(model, contextLength: 100, available: available) }
        let least = try plan(Self.setting(0)).anonymous, limited = try plan(Self.setting(least + 10_000))
        #expect(limited.weightBudget == 10_000)
        let group = AvailableMemory(byteCount: limited.groupLimit(besides: 0), bound: .controlGroup)
        #expect((least + 10_000...least + 10_002).contains(group.usableByteCount))
        #expect(try group.byteCount < plan(nil).groupLimit(besides: 0))
        // What does not fit at all is refused by the daemon, not here.
        #expect(try plan(Self.setting(0)).groupLimit(besides: 0) > least)
    }

    @Test func senselessLengthsAreRefused() throws {
        for length in [0, -1, Int.min, 1 << 27, Int.max] {
            #expect(throws: InferenceError.self) { try plan(length) }
        }
    }
}
