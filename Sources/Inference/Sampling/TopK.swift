/// Keeps the k most likely tokens (Fan et al. 2018, arXiv 1805.04833).
enum TopK {
    static func apply(_ k: Int, to candidates: inout Candidates) {
        guard k > 0 else { return candidates.sort() }
        candidates.keepTop(k)
    }
}
