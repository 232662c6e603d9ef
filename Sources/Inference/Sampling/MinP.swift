/// Keeps tokens with at least the share p of the most likely one's probability (Nguyen et al. 2024, arXiv 2407.01082).
enum MinP {
    static func apply(_ p: Float, to candidates: inout Candidates) {
        guard p > 0 else { return }
        candidates.normalize()
        let least = candidates[0].probability * p
        for i in 1..<max(1, candidates.count) where candidates[i].probability < least {
            return candidates.keep(first: i)
        }
    }
}
