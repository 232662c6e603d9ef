/// Where the state of the layers without a KV cache lies, and what they need to compute.
struct RecurrentPlan: Sendable {
    /// Floats of one state, all layers together.
    let size: Int
    /// Tokens from one copy to the next, of which a chunk of a prompt ends at each.
    let spacing: Int
    let current: Arena.Slot<Float>          // [layer][stateSize]
    let copies: Arena.Slot<Float>           // [contextLength / spacing][size]: after spacing, 2 * spacing, ... tokens
    let tokens: Arena.Slot<Int32>           // [contextLength]: all that were evaluated
    let rows: Arena.Slot<Float>             // [convolution length - 1 + chunk][channels]: a convolution's input
    let convolved: Arena.Slot<Float>        // [chunk][channels]: its output
    let gate: Arena.Slot<Float>             // [chunk][innerWidth]
    let inner: Arena.Slot<Float>            // [chunk][valueHeads * headSize]
    let alpha: Arena.Slot<Float>            // [chunk][valueHeads]
    let beta: Arena.Slot<Float>             // [chunk][valueHeads]

    /// Nil where every layer has a KV cache. Copies take no more memory than the cache does.
    init?(
        _ arena: inout Arena.Plan, _ c: ModelConfiguration, contextLength: Int, chunk: Int, cacheByteCount: Int
    ) throws(InferenceError) {
        let layers = c.layerCount - c.attentionLayerCount
        guard layers > 0, let shape = c.recurrence else { return nil }
        size = layers * shape.stateSize
        let most = max(1, cacheByteCount / (size * MemoryLayout<Float>.stride))
        let chunks = contextLength / InferenceContext.chunk
        spacing = InferenceContext.chunk * max(1, (chunks + most - 1) / most)
        current = try arena.add(Float.self, size)
        let (copied, overflow) = size.multipliedReportingOverflow(by: contextLength / spacing)
        copies = try arena.add(Float.self, overflow ? .max : copied)
        tokens = try arena.add(Int32.self, contextLength)
        rows = try arena.add(Float.self, shape.pastSize + chunk * shape.channels)
        convolved = try arena.add(Float.self, chunk * shape.channels)
        gate = try arena.add(Float.self, chunk * shape.innerWidth)
        inner = try arena.add(Float.self, chunk * shape.valueHeads * shape.headSize)
        alpha = try arena.add(Float.self, chunk * shape.valueHeads)
        beta = try arena.add(Float.self, chunk * shape.valueHeads)
    }
}

/// What the layers remember that have no KV cache: the last inputs of convolutions and the matrices of delta nets. It is the
/// state after one position and cannot be cut back like a cache, so copies are kept on the way, and the tokens to go on from one.
struct RecurrentState {
    let spacing: Int
    private let size: Int
    let current, rows, convolved, gate, inner, alpha, beta: UnsafeMutablePointer<Float>
    private let copies: UnsafeMutablePointer<Float>
    let tokens: UnsafeMutablePointer<Int32>

    init(_ plan: RecurrentPlan, _ arena: borrowing Arena) {
        size = plan.size
        spacing = plan.spacing
        current = arena[plan.current]
        rows = arena[plan.rows]
        convolved = arena[plan.convolved]
        gate = arena[plan.gate]
        inner = arena[plan.inner]
        alpha = arena[plan.alpha]
        beta = arena[plan.beta]
        copies = arena[plan.copies]
        tokens = arena[plan.tokens]
    }

    /// The causal convolution of `rows`, whose first are to be the inputs before this chunk: `past`, which then holds its last ones.
    func convolve(_ kernel: Vector, _ shape: RecurrenceShape, past: UnsafeMutablePointer<Float>, tokens: Int) {
        let channels = shape.channels, length = shape.convolutionLength
        rows.update(from: past, count: shape.pastSize)
        for t in 0..<tokens {
            for channel in 0..<channels {
                var sum: Float = 0
                for j in 0..<length { sum += kernel[channel * length + j] * rows[(t + j) * channels + channel] }
                convolved[t * channels + channel] = sum
            }
        }
        past.update(from: rows + tokens * channels, count: shape.pastSize)
    }

    /// Notes that the present state is the one after `end` tokens, of which these are the last. They do not pass the next copy.
    func record(_ last: UnsafeBufferPointer<Int32>, end: Int) {
        guard let source = last.baseAddress else { return }
        (tokens + end - last.count).update(from: source, count: last.count)
        if end % spacing == 0 { (copies + (end / spacing - 1) * size).update(from: current, count: size) }
    }

    /// Makes the last copy at or before `position` the present state, and returns its position.
    func restore(before position: Int) -> Int {
        let number = position / spacing
        if number == 0 {
            current.update(repeating: 0, count: size)
        } else {
            current.update(from: copies + (number - 1) * size, count: size)
        }
        return number * spacing
    }
}
