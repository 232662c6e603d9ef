/// The most likely token; the first of equals. Logits that are not numbers never win.
enum Greedy {
    static func choose(_ logits: UnsafeMutableBufferPointer<Float>) -> Int32 {
        var best = 0
        var most = -Float.infinity
        for (token, logit) in logits.enumerated() where logit > most {
            best = token
            most = logit
        }
        return Int32(best)
    }
}
