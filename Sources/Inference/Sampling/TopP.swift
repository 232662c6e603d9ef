/// Keeps the most likely tokens whose probabilities together reach p (nucleus sampling, Holtzman et al. 2019,
/// arXiv 1904.09751).
enum TopP {
    static func apply(_ p: Float, to candidates: inout Candidates) {
        guard p < 1 else { return }
        candidates.normalize()
        var sum: Float = 0
        for i in 0..<candidates.count {
            sum += candidates[i].probability
            if sum >= p { return candidates.keep(first: i + 1) }
        }
    }
}
