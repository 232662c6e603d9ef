/// Makes recent tokens less likely: positive logits are divided by the penalty, negative ones multiplied (Keskar et al. 2019,
/// arXiv 1909.05858), once however often the token occurs.
enum RepetitionPenalty {
    static func apply(
        _ penalty: Float, window: Int, recent: RecentTokens, to logits: UnsafeMutableBufferPointer<Float>
    ) {
        guard penalty != 1 else { return }
        let window = min(window, recent.count)
        for age in 0..<window {
            let token = recent[age: age]
            guard token >= 0, Int(token) < logits.count, !occurs(token, newerThan: age, in: recent) else { continue }
            let logit = logits[Int(token)]
            logits[Int(token)] = logit > 0 ? logit / penalty : logit * penalty
        }
    }

    private static func occurs(_ token: Int32, newerThan age: Int, in recent: RecentTokens) -> Bool {
        for newer in 0..<age where recent[age: newer] == token { return true }
        return false
    }
}
