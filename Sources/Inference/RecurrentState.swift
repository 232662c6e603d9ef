/// Where the state of the layers without a KV cache lies, and what they need to compute.
struct RecurrentPlan: Sendable {
    /// Floats of one state, all layers together.
    let size: Int
    let current: Arena.Slot<Float>          // [size]
    let copies: Arena.Slot<Float>           // [contextLength / spacing][size]: after spacing, 2 * spacing, ... tokens
    let tokens: Arena.Slot<Int32>           // [contextLength]: all that were evaluated
    let rows: Arena.Slot<Float>             // [convolution length - 1 + chunk][width]: a convolution's input
    let gate: Arena.Slot<Float>             // [chunk][width]

    /// Nil where every layer has a KV cache.
    init?(_ arena: inout Arena.Plan, _ c: ModelConfiguration, contextLength: Int, chunk: Int) throws(InferenceError) {
        let layers = c.layerCount - c.attentionLayerCount
        guard layers > 0 else { return nil }
        let past = c.convolutionLength - 1
        size = layers * past * c.width
        let (copied, overflow) = size.multipliedReportingOverflow(by: contextLength / RecurrentState.spacing)
        current = try arena.add(Float.self, size)
        copies = try arena.add(Float.self, overflow ? .max : copied)
        tokens = try arena.add(Int32.self, contextLength)
        rows = try arena.add(Float.self, (past + chunk) * c.width)
        gate = try arena.add(Float.self, chunk * c.width)
    }
}

/// What the layers remember that have no KV cache: the last inputs of short convolutions. It is the state after one
/// position and cannot be cut back like a cache, so copies are kept on the way, and the tokens to go on from one.
struct RecurrentState {
    /// Tokens from one copy to the next: a chunk of a prompt ends there.
    static let spacing = InferenceContext.chunk

    private let size: Int
    let current, rows, gate: UnsafeMutablePointer<Float>
    private let copies: UnsafeMutablePointer<Float>
    let tokens: UnsafeMutablePointer<Int32>

    init(_ plan: RecurrentPlan, _ arena: borrowing Arena) {
        size = plan.size
        current = arena[plan.current]
        rows = arena[plan.rows]
        gate = arena[plan.gate]
        copies = arena[plan.copies]
        tokens = arena[plan.tokens]
    }

    /// Notes that the present state is the one after `end` tokens, of which these are the last. They do not pass the next copy.
    func record(_ last: UnsafeBufferPointer<Int32>, end: Int) {
        guard let source = last.baseAddress else { return }
        (tokens + end - last.count).update(from: source, count: last.count)
        if end % Self.spacing == 0 { (copies + (end / Self.spacing - 1) * size).update(from: current, count: size) }
    }

    /// Makes the last copy at or before `position` the present state, and returns its position.
    func restore(before position: Int) -> Int {
        let number = position / Self.spacing
        if number == 0 {
            current.update(repeating: 0, count: size)
        } else {
            current.update(from: copies + (number - 1) * size, count: size)
        }
        return number * Self.spacing
    }
}
