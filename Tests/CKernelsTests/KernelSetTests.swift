import CKernels
import Foundation
import Testing

/// The kernels' arithmetic is tested in C (Tests/run-kernel-tests.sh); here the module as Swift sees it.
@Suite(.serialized) struct KernelSetTests {
    var sets: [pl_kernels] {
        var count: Int32 = 0
        guard let first = pl_kernel_sets(&count) else { return [] }
        return UnsafeBufferPointer(start: first, count: Int(count)).compactMap { $0?.pointee }
    }

    func name(_ set: pl_kernels?) -> String? { set.map { String(cString: $0.name) } }

    @Test func theScalarSetIsFirstAndAlwaysSupported() {
        #expect(name(sets.first) == "scalar")
        #expect(sets.first?.supported() == true)
    }

    @Test func theBestSetIsTheLastSupportedOne() {
        unsetenv("PLATEN_KERNELS")
        #expect(name(pl_best_kernels().pointee) == name(sets.last { $0.supported() }))
    }

    @Test func theEnvironmentChoosesASet() {
        defer { unsetenv("PLATEN_KERNELS") }
        for set in sets where set.supported() {
            setenv("PLATEN_KERNELS", set.name, 1)
            #expect(name(pl_best_kernels().pointee) == name(set))
        }
        setenv("PLATEN_KERNELS", "abacus", 1)
        #expect(name(pl_best_kernels().pointee) == name(sets.last { $0.supported() }))
    }

    @Test(arguments: [1, 2, 3, 5] as [Int32])
    func aTeamDoesEveryChunkOnce(threads: Int32) throws {
        let team = try #require(pl_team_create(threads))
        defer { pl_team_destroy(team) }
        #expect(pl_team_threads(team) == threads)
        var calls = [Int32](repeating: 0, count: 100)
        for _ in 0..<50 {
            calls.withUnsafeMutableBytes { bytes in
                pl_team_run(team, 100, { context, chunk, _ in
                    context?.assumingMemoryBound(to: Int32.self)[Int(chunk)] += 1
                }, bytes.baseAddress)
            }
        }
        #expect(calls == [Int32](repeating: 50, count: 100))
    }

    /// Levels 0 ... 15 with scale 0.5 by activations of one: exact in any order of summation.
    @Test func aQ40RowIsMultiplied() throws {
        let team = try #require(pl_team_create(2))
        defer { pl_team_destroy(team) }
        let block: [UInt8] = [0x00, 0x38] + (0..<16).map { UInt8($0 | (15 - $0) << 4) }
        let weights = block + block
        var x = [Float](repeating: 1, count: 64), q = [Int8](repeating: 0, count: 64)
        var d: [Float] = [0, 0], sums = [Int16](repeating: 0, count: 4), out: [Float] = [0]
        do {
            x.withUnsafeMutableBufferPointer { x in q.withUnsafeMutableBufferPointer { q in
                d.withUnsafeMutableBufferPointer { d in sums.withUnsafeMutableBufferPointer { sums in
                    out.withUnsafeMutableBufferPointer { out in weights.withUnsafeBytes { weights in
                        var activations = pl_activations(
                            kind: PL_ACTIVATION_F32, tokens: 1, columns: 64, x: x.baseAddress, q: q.baseAddress,
                            d: d.baseAddress, sums: sums.baseAddress)
                        var matrix = pl_matrix(
                            type: Int32(PL_Q4_0), rows: 1, columns: 64, weights: weights.baseAddress, bias: nil,
                            out: out.baseAddress, out_stride: 1)
                        pl_team_matmul(team, pl_best_kernels(), &matrix, 1, &activations)
                        #expect(activations.kind == PL_ACTIVATION_Q8_32)
                    } }
                } }
            } }
        }
        // The levels minus 8 of a block sum to -16: 2 * 0.5 * -16, with the activations' scale of 1/127 rounded twice.
        #expect(abs(out[0] + 16) < 1e-5)
    }
}
