/// Draws a token in proportion to exp(logit / temperature).
enum Temperature {
    static func draw(
        _ temperature: Float, from candidates: inout Candidates, with random: inout RandomSource
    ) -> Int32 {
        candidates.divideLogits(by: temperature)
        candidates.normalize()
        var rest = random.nextUnit()
        for i in 0..<candidates.count {
            rest -= candidates[i].probability
            if rest < 0 { return candidates[i].token }
        }
        return candidates[0].token
    }
}
