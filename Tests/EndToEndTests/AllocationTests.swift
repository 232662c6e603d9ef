import TestSupport
import Testing

@Suite("Allocations", .timeLimit(.minutes(20)))
struct AllocationTests {
    @Test("Prefill, decoding and sampling allocate nothing once they are warm", .enabled(if: Places.included != nil, "the included model is not here"))
    func warmWork() throws {
        let outcome = try run("count-allocations", [try #require(Places.included)])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output == """
            f16 greedy: 0 allocations
            f16 sampled: 0 allocations
            q8_0 greedy: 0 allocations
            q8_0 sampled: 0 allocations

            """)
    }
}
