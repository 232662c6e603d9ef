/// What differs from layer to layer.
public struct LayerShape: Sendable, Equatable {
    let mixer: Mixer
    /// Positions that a token attends to, its own included; nil: all.
    let window: Int?
    /// Which of the configuration's rotations turns queries and keys; nil: none.
    let rope: Int?

    /// What passes information from token to token, and its number among its kind.
    enum Mixer: Sendable, Equatable {
        case attention(Int), recurrent(Int)
    }

    /// The shapes of all layers.
    /// - Parameters:
    ///   - attends: Which layers have attention.
    ///   - slidingRope: The rotation of the layers with a window.
    static func all(_ keys: ModelKeys, attends: [Bool], slidingRope: Int) throws(InferenceError) -> [LayerShape] {
        let family = keys.architecture, count = attends.count
        let (window, slides) = try windows(keys, count: count)
        var omitsRope = false
        if family.mayOmitRope { omitsRope = try keys.bool("rope.scaling.finetuned") == false }
        var attentions = 0
        return (0..<count).map { i in
            let mixer = attends[i] ? Mixer.attention(attentions) : .recurrent(i - attentions)
            if attends[i] { attentions += 1 }
            let ropeFree = omitsRope || family.ropeFreePeriod.map { (i + 1) % $0 == 0 } ?? false
            return LayerShape(mixer: mixer, window: slides[i] ? window : nil, rope: ropeFree ? nil : slides[i] ? slidingRope : 0)
        }
    }

    /// The window's size, and which layers have it.
    private static func windows(_ keys: ModelKeys, count: Int) throws(InferenceError) -> (Int?, [Bool]) {
        let none = [Bool](repeating: false, count: count)
        guard let family = keys.architecture.slidingWindow,
              let size = try keys.optional("attention.sliding_window", in: 1...(1 << 30)) ?? family.defaultSize
        else { return (nil, none) }
        let pattern = "attention.sliding_window_pattern"
        if let layers = try keys.bools(pattern, count: count) { return (size, layers) }
        let period = try keys.optional(pattern, in: 0...count) ?? family.defaultPeriod
        return (size, none.indices.map { period == 0 || $0 % period < period - 1 })
    }
}
