import Testing
@testable import Inference

@Suite struct RopeTests {
    private func rope(_ scaling: RopeConfiguration.Scaling, dimensions: Int = 8, base: Float = 10000) -> RopeConfiguration {
        RopeConfiguration(dimensions: dimensions, frequencyBase: base, scaling: scaling, magnitude: 1, originalContext: 4096)
    }

    @Test func frequenciesFallGeometrically() {
        let f = rope(.none).frequencies(divisors: nil)
        for (have, want) in zip(f, [1, 0.1, 0.01, 0.001] as [Float]) { #expect(abs(have / want - 1) < 1e-6) }
    }

    @Test func linearScalingDividesAll() {
        let f = rope(.linear(factor: 4)).frequencies(divisors: nil)
        for (have, want) in zip(f, [0.25, 0.025, 0.0025, 0.00025] as [Float]) { #expect(abs(have / want - 1) < 1e-6) }
    }

    @Test func divisorsOfLlama3AreApplied() {
        let divisors: [Float] = [1, 1, 4, 8]
        let f = divisors.withUnsafeBufferPointer { rope(.none).frequencies(divisors: $0) }
        for (have, want) in zip(f, [1, 0.1, 0.0025, 0.000125] as [Float]) { #expect(abs(have / want - 1) < 1e-6) }
    }

    @Test func yarnKeepsFastPairsAndInterpolatesSlowOnes() {
        // 128 dimensions, base 10000, trained on 4096: pairs that turn more than 32 times in 4096 positions
        // (below pair 20.9) keep their frequency, those that turn less than once (above pair 45.03) are divided.
        let yarn = rope(.yarn(factor: 8, extrapolation: 1, betaFast: 32, betaSlow: 1), dimensions: 128)
        let plain = rope(.none, dimensions: 128).frequencies(divisors: nil)
        let f = yarn.frequencies(divisors: nil)
        for i in 0...20 { #expect(abs(f[i] / plain[i] - 1) < 1e-5) }
        for i in 46..<64 { #expect(abs(f[i] / plain[i] - 1 / 8) < 1e-5) }
        for i in 22..<45 { #expect(f[i] < plain[i] && f[i] > plain[i] / 8) }
    }
}
