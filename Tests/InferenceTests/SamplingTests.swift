import Testing
@testable import Inference

/// Runs a chain once over the given logits.
private func sample(_ settings: SamplingSettings, _ logits: [Float], after text: [Int32] = []) -> Int32 {
    var chain = SamplerChain(settings, vocabularySize: logits.count)
    for token in text { chain.accept(token) }
    var logits = logits
    return logits.withUnsafeMutableBufferPointer { chain.sample($0) }
}

/// How often each token is drawn.
private func frequencies(_ settings: SamplingSettings, _ logits: [Float], draws: Int) -> [Double] {
    var chain = SamplerChain(settings, vocabularySize: logits.count)
    var counts = [Double](repeating: 0, count: logits.count)
    for _ in 0..<draws {
        var copy = logits
        counts[Int(copy.withUnsafeMutableBufferPointer { chain.sample($0) })] += 1
    }
    return counts.map { $0 / Double(draws) }
}

private func settings(_ change: (inout SamplingSettings) -> Void) -> SamplingSettings {
    var s = SamplingSettings()
    (s.topK, s.topP, s.minP, s.temperature, s.seed) = (0, 1, 0, 1, 1)
    change(&s)
    return s
}

@Suite struct SamplingTests {
    @Test func greedyTakesTheFirstOfTheMostLikely() {
        #expect(sample(settings { $0.temperature = 0 }, [1, 5, 5, -2]) == 1)
        #expect(sample(settings { $0.temperature = 0 }, [.nan, -.infinity, -3, .nan]) == 2)
    }

    @Test func drawsFollowTheProbabilities() {
        let logits: [Float] = [0, 1, 2, -1]
        let sum = logits.map { Double($0) }.reduce(0) { $0 + expected($1) }
        let seen = frequencies(settings { _ in }, logits, draws: 40000)
        for (token, logit) in logits.enumerated() {
            #expect(abs(seen[token] - expected(Double(logit)) / sum) < 0.01)
        }
    }

    @Test func temperatureSharpens() {
        let seen = frequencies(settings { $0.temperature = 0.5 }, [0, 1], draws: 40000)
        #expect(abs(seen[1] - 1 / (1 + expected(-2))) < 0.01)
    }

    @Test func topKKeepsOnlyTheMostLikely() {
        let seen = frequencies(settings { $0.topK = 2 }, [3, 1, 2, 0, 2.5], draws: 2000)
        #expect(seen[0] > 0 && seen[4] > 0)
        #expect(seen[1] == 0 && seen[2] == 0 && seen[3] == 0)
    }

    @Test func topPStopsWhereTheSumIsReached() {
        // Probabilities 0.643, 0.237, 0.087, 0.032.
        let seen = frequencies(settings { $0.topP = 0.7 }, [3, 2, 1, 0], draws: 2000)
        #expect(seen[0] > 0 && seen[1] > 0 && seen[2] == 0 && seen[3] == 0)
    }

    @Test func minPIsRelativeToTheMostLikely() {
        let seen = frequencies(settings { $0.minP = 0.2 }, [3, 2, 1, 0], draws: 2000)
        #expect(seen[0] > 0 && seen[1] > 0 && seen[2] == 0 && seen[3] == 0)
    }

    @Test func equalSeedsDrawEqualTokens() {
        let logits = (0..<100).map { Float($0 % 7) }
        func draw(_ seed: UInt64) -> [Int32] {
            var chain = SamplerChain(settings { $0.seed = seed }, vocabularySize: 100)
            return (0..<50).map { _ in
                var copy = logits
                return copy.withUnsafeMutableBufferPointer { chain.sample($0) }
            }
        }
        #expect(draw(5) == draw(5))
        #expect(draw(5) != draw(6))
    }

    @Test func temperatureCanChange() {
        var chain = SamplerChain(settings { $0.temperature = 0 }, vocabularySize: 4)
        func draw(_ chain: inout SamplerChain) -> Set<Int32> {
            Set((0..<200).map { _ in
                var logits: [Float] = [1, 1.1, 1, 1]
                return logits.withUnsafeMutableBufferPointer { chain.sample($0) }
            })
        }
        #expect(draw(&chain) == [1])
        chain.setTemperature(1)
        #expect(draw(&chain) == [0, 1, 2, 3])
        chain.setTemperature(0)
        #expect(draw(&chain) == [1])
    }

    @Test func repetitionPenaltyCountsATokenOnce() {
        let penalised = settings { $0.temperature = 0; $0.repetitionPenalty = 2 }
        #expect(sample(penalised, [4, 3, 0], after: [0, 0, 0]) == 1)
        #expect(sample(penalised, [4, 1, 0], after: [0, 0, 0]) == 0, "4 / 2 is still more than 1")
        #expect(sample(penalised, [-1, -1.5], after: [0]) == 1, "negative logits are multiplied")
    }

    @Test func repetitionWindowForgets() {
        let penalised = settings { $0.temperature = 0; $0.repetitionPenalty = 2; $0.repetitionWindow = 2 }
        #expect(sample(penalised, [4, 3, 0], after: [0, 2, 2]) == 0)
    }

    @Test func dryPunishesTheContinuationOfARepetition() {
        let dry = settings { $0.temperature = 0; $0.dry.multiplier = 1; $0.dry.base = 2; $0.dry.allowedLength = 2 }
        // "1 2 3 9 1 2 3": three tokens repeat, so 9 loses 1 * 2^(3 - 2) = 2.
        let text: [Int32] = [1, 2, 3, 9, 1, 2, 3]
        var logits = [Float](repeating: 0, count: 10)
        logits[9] = 2.5
        logits[4] = 0.4
        #expect(sample(dry, logits, after: text) == 9)
        logits[4] = 0.6
        #expect(sample(dry, logits, after: text) == 4)
    }

    @Test func dryStopsAtBreakers() {
        let dry = settings {
            $0.temperature = 0; $0.dry.multiplier = 1; $0.dry.base = 2; $0.dry.breakers = [2]
        }
        var logits = [Float](repeating: 0, count: 10)
        logits[9] = 1
        #expect(sample(dry, logits, after: [1, 2, 3, 9, 1, 2, 3]) == 9)
    }

    @Test func hostileLogitsDrawSomethingOfTheVocabulary() {
        let odd: [[Float]] = [
            [.nan, .nan], [.infinity, 0], [-.infinity, -.infinity], [.infinity, .infinity, .nan], [0],
            [.greatestFiniteMagnitude, -.greatestFiniteMagnitude],
        ]
        for logits in odd {
            for change in [{ (_: inout SamplingSettings) in }, { $0.topK = 1 }, { $0.topP = 0.1 }, { $0.minP = 1 }, { $0.temperature = 0.01 }] {
                #expect(logits.indices.contains(Int(sample(settings(change), logits, after: [0, 0, 0, 0]))))
            }
        }
    }

    @Test func settingsOutOfRangeAreNamed() {
        #expect(SamplingSettings().problem == nil)
        #expect(settings { $0.temperature = -1 }.problem == "temperature -1.0 is not between 0 and 100")
        #expect(settings { $0.topP = .nan }.problem?.hasPrefix("top_p nan") == true)
    }

    private func expected(_ logit: Double) -> Double {
        // exp by its series, so that the test does not lean on what it tests.
        var term = 1.0, sum = 1.0
        for n in 1..<40 { term *= logit / Double(n); sum += term }
        return sum
    }
}
