/// What differs from layer to layer.
public struct LayerShape: Sendable, Equatable {
    /// Positions that a token attends to, its own included; nil: all.
    let window: Int?
    /// Which of the configuration's rotations turns queries and keys; nil: none.
    let rope: Int?

    /// The shapes of all layers.
    /// - Parameter slidingRope: The rotation of the layers with a window.
    static func all(_ keys: ModelKeys, count: Int, slidingRope: Int) throws(InferenceError) -> [LayerShape] {
        let family = keys.architecture
        let (window, slides) = try windows(keys, count: count)
        var omitsRope = false
        if family.mayOmitRope { omitsRope = try keys.bool("rope.scaling.finetuned") == false }
        return (0..<count).map { i in
            let ropeFree = omitsRope || family.ropeFreePeriod.map { (i + 1) % $0 == 0 } ?? false
            return LayerShape(window: slides[i] ? window : nil, rope: ropeFree ? nil : slides[i] ? slidingRope : 0)
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
