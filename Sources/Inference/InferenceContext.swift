import CKernels
import GGUF
import Glibc

/// A model at work: its threads, its KV cache, and the logits after the last token. One thread at a time may use it.
public final class InferenceContext {
    public let model: Model
    /// Positions that the KV cache holds.
    public let contextLength: Int
    /// Threads that compute, the caller's included.
    public let threads: Int
    /// Tokens in the KV cache.
    public private(set) var position = 0

    /// Tokens after which `state.recurrent` is the state; other than `position` only after `rewind`, and where a pass failed.
    private var recurrentPosition = 0

    let state: State
    let team: ThreadTeam
    let kernels: UnsafePointer<pl_kernels>
    /// Where the weights do not fit into memory: what reads those that do not stay.
    let stream: WeightStream?
    /// Radians from one position to the next for each turning pair: [ropes][rope dimensions / 2].
    private let frequencies: [[Float]]

    /// Tokens of a prompt that are computed together: enough to share each reading of the weights, few enough to keep the
    /// buffers small and to stop quickly.
    public static let chunk = 64

    /// The processors that this process may keep busy: those that it may run on, and has the time of.
    public static var availableProcessors: Int { ThreadTeam.availableProcessors }

    /// - Parameters:
    ///   - contextLength: positions of the KV cache; the model's own, up to 4096, if nil.
    ///   - threads: one for each processor if nil.
    /// - Throws: also when KV cache and buffers do not fit into the memory that the machine has left.
    public convenience init(
        _ model: Model, contextLength: Int? = nil, cacheType: CacheType = .f16, threads: Int? = nil
    ) throws(InferenceError) {
        try self.init(model, MemoryPlan(model, contextLength: contextLength, cacheType: cacheType), threads: threads)
    }

    /// - Parameter threads: one for each processor if nil.
    /// - Throws: also when what the plan takes is not there.
    public convenience init(_ model: Model, _ plan: MemoryPlan, threads: Int? = nil) throws(InferenceError) {
        try plan.check()
        try self.init(model, plan, threads: threads, weightBudget: plan.weightBudget)
    }

    /// - Parameter weightBudget: bytes of weights that may stay in memory; nil for all.
    init(_ model: Model, _ plan: MemoryPlan, threads: Int?, weightBudget: Int?) throws(InferenceError) {
        let c = model.configuration
        self.model = model
        self.contextLength = plan.contextLength
        self.threads = threads ?? ThreadTeam.availableProcessors
        guard let kernels = pl_best_kernels() else {
            throw InferenceError("no kernels for this processor")
        }
        self.kernels = kernels
        GGUFFile.surviveCutOffs()
        frequencies = c.ropes.enumerated().map { i, rope in
            rope.frequencies(divisors: i == 0 ? model.weights.ropeDivisors.of(contextLength: plan.contextLength, rope) : nil)
        }
        state = try State(plan.state)
        team = try ThreadTeam(threads: self.threads)
        stream = try weightBudget.flatMap { budget throws(InferenceError) in try WeightStream(model, budget: budget) }
    }

    /// The instruction set that computes: "avx2", "neon-dotprod", ...
    public var kernelSet: String { String(cString: kernels.pointee.name) }

    /// Bytes of buffers and KV cache, touched or not.
    public var byteCount: Int { state.byteCount }

    /// What of the weights stays in memory; nil where all of them fit.
    public var residency: WeightResidency? { stream?.residency }

    /// Logits of the last evaluated token: [vocabulary]. A sampler may change them.
    public var logits: UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: state.logits, count: model.configuration.vocabularySize)
    }

    /// Forgets the tokens from `position` on. Positions beyond the present one change nothing.
    public func rewind(to position: Int) {
        self.position = max(0, min(position, self.position))
    }

    /// Whether `rewind` costs nothing. Layers that remember without a KV cache go on from a copy, which may be many tokens back.
    public var rewindsFreely: Bool { state.recurrent == nil }

    /// Appends tokens to the context; afterwards `logits` are those of the last one. No tokens: nothing changes.
    ///
    /// Throws, with nothing evaluated, when they do not fit, one is not of the vocabulary, or weights that are read from the
    /// file while computing cannot be read.
    public func evaluate(_ tokens: [Int32]) throws(InferenceError) {
        try evaluate(tokens[...])
    }

    /// As `evaluate` of an array, for a part of one.
    public func evaluate(_ tokens: ArraySlice<Int32>) throws(InferenceError) {
        try tokens.withUnsafeBufferPointer { buffer throws(InferenceError) in
            try check(buffer)
            try whollyOrNotAtAll { forwardToLogits(buffer) { true } }
        }
    }

    /// As `evaluate`, as long as it is wanted, which is asked before every layer. Weights that are streamed come in one order: such a
    /// pass is not left.
    /// - Returns: False where it was not wanted to the end; then nothing was evaluated, and `logits` are what they were.
    public func evaluate(_ tokens: [Int32], while isWanted: () -> Bool) throws(InferenceError) -> Bool {
        try tokens.withUnsafeBufferPointer { buffer throws(InferenceError) in
            try check(buffer)
            return try whollyOrNotAtAll { forwardToLogits(buffer, while: isWanted) }
        }
    }

    private func forwardToLogits(_ tokens: UnsafeBufferPointer<Int32>, while isWanted: () -> Bool) -> Bool {
        guard let last = forwardAll(tokens, while: isWanted, afterChunk: { _ in }) else { return false }
        if last > 0 { computeLogits(row: last - 1) }
        return true
    }

    /// As `evaluate` of an array of one, without the array: the step of decoding.
    public func evaluate(_ token: Int32) throws(InferenceError) {
        try withUnsafePointer(to: token) { pointer throws(InferenceError) in
            let one = UnsafeBufferPointer(start: pointer, count: 1)
            try check(one)
            try whollyOrNotAtAll { forwardToLogits(one) { true } }
        }
    }

    /// As `evaluate`, and hands over the logits of every token in turn. They count once this has returned without an error.
    public func evaluate(
        _ tokens: [Int32], everyRow: (UnsafeBufferPointer<Float>) -> Void
    ) throws(InferenceError) {
        try tokens.withUnsafeBufferPointer { buffer throws(InferenceError) in
            try check(buffer)
            try whollyOrNotAtAll {
                forwardAll(buffer, everyRow: true) { count in
                    for row in 0..<count {
                        computeLogits(row: row)
                        everyRow(UnsafeBufferPointer(logits))
                    }
                }
                return true
            }
        }
    }

    /// Forgets the tokens of `work` that was left before its end, or computed with weights that could not be read.
    /// - Returns: what `work` returns: whether it came to its end.
    @discardableResult
    private func whollyOrNotAtAll(_ work: () -> Bool) throws(InferenceError) -> Bool {
        let start = position
        func forget() {
            position = start
            recurrentPosition = -1
        }
        catchUp()
        let isDone = work()
        if !isDone { forget() }
        do throws(InferenceError) {
            try stream?.check()
            do { try model.file.checkNotCutOff() } catch { throw InferenceError(error) }
        } catch {
            forget()
            throw error
        }
        return isDone
    }

    /// Runs all tokens, a chunk at a time, which leaves its last hidden state, or all, in `state.x`; returns the size of the last
    /// chunk, nil if it was left before the end.
    @discardableResult
    private func forwardAll(
        _ tokens: UnsafeBufferPointer<Int32>, everyRow: Bool = false, while isWanted: () -> Bool = { true }, afterChunk: (_ count: Int) -> Void
    ) -> Int? {
        var count = 0, start = 0
        while start < tokens.count {
            count = min(state.chunk, tokens.count - start)
            if let spacing = state.recurrent?.spacing { count = min(count, spacing - position % spacing) }
            let chunk = UnsafeBufferPointer(rebasing: tokens[start..<start + count])
            guard forward(chunk, resultsFrom: everyRow ? 0 : count - 1, while: isWanted) else { return nil }
            afterChunk(count)
            start += count
        }
        return count
    }

    /// Computes the recurrent state again after `rewind`, from the last copy before the present position.
    private func catchUp() {
        guard let recurrent = state.recurrent, recurrentPosition != position else { return }
        let end = position
        position = recurrent.restore(before: end)
        recurrentPosition = position
        forwardAll(UnsafeBufferPointer(start: recurrent.tokens + position, count: end - position)) { _ in }
    }

    private func check(_ tokens: UnsafeBufferPointer<Int32>) throws(InferenceError) {
        guard tokens.count <= contextLength - position else {
            throw InferenceError("\(tokens.count) tokens do not fit: the context holds \(contextLength) and \(position) are taken")
        }
        let size = model.configuration.vocabularySize
        for token in tokens where token < 0 || Int(token) >= size {
            throw InferenceError("token \(token) is not in the vocabulary of \(size)")
        }
        if stream != nil {
            do { try model.file.checkUnchanged() } catch { throw InferenceError(error) }
        }
    }

    /// Fills `state.cosine` and `state.sine` for `count` positions from the present one.
    private func turnAngles(_ count: Int) {
        // By index here and below: iterators of arrays allocate where the compiler does not specialise them.
        for r in 0..<frequencies.count {
            let magnitude = model.configuration.ropes[r].magnitude
            for t in 0..<count {
                let row = (r * state.chunk + t) * frequencies[r].count
                for i in 0..<frequencies[r].count {
                    let angle = Float(position + t) * frequencies[r][i]
                    state.cosine[row + i] = cos(angle) * magnitude
                    state.sine[row + i] = sin(angle) * magnitude
                }
            }
        }
    }

    /// One pass over all layers for up to `state.chunk` tokens; leaves the final hidden states from row `row` on in `state.x`.
    /// - Returns: False if it was not wanted to the end. What it has written of the KV cache lies beyond `position`.
    private func forward(_ tokens: UnsafeBufferPointer<Int32>, resultsFrom row: Int, while isWanted: () -> Bool) -> Bool {
        let embedding = model.weights.embedding
        let width = embedding.columns
        for t in 0..<tokens.count {
            pl_dequantize(
                Int32(embedding.type.rawValue), embedding.data + Int(tokens[t]) * embedding.rowBytes,
                Int32(width), state.x + t * width)
        }
        scale(state.x, by: model.configuration.scales.embedding, count: tokens.count * width)
        turnAngles(tokens.count)
        for i in 0..<model.weights.layers.count {
            guard stream != nil || isWanted() else { return false }
            let isLast = i == model.weights.layers.count - 1
            compute(
                model.weights.layers[i], model.configuration.layers[i], tokens: tokens.count, from: position,
                leavingBefore: isLast ? row : 0)
        }
        position += tokens.count
        recurrentPosition = position
        state.recurrent?.record(tokens, end: position)
        return true
    }

    /// The head's product with the hidden state in row `row` of the last chunk.
    private func computeLogits(row: Int) {
        let c = model.configuration
        var input = normalized(state.x + row * c.width, model.weights.outputNorm, tokens: 1, for: model.weights.head.type)
        multiply([model.weights.head.product(into: state.logits)], by: &input)
        scale(state.logits, by: c.scales.logit, count: c.vocabularySize)
        if c.scales.logitCap > 0 { kernels.pointee.soft_cap(state.logits, c.scales.logitCap, Int32(c.vocabularySize)) }
    }
}
