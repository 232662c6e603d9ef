import CKernels

/// Where the buffers of a forward pass over up to `chunk` tokens, and the KV cache, lie in one arena.
struct StatePlan: Sendable {
    let chunk: Int
    let cacheType: CacheType
    /// Positions of the KV cache, filled up to whole tiles of 16.
    let tiles: Int
    /// One layer's keys, or its values.
    let layerCacheBytes: Int
    /// Keys and values of all layers.
    let cacheByteCount: Int
    private(set) var arena = Arena.Plan()

    let x: Arena.Slot<Float>                // [chunk][width]: the residual stream
    let normed: Arena.Slot<Float>           // [chunk][width]
    let query: Arena.Slot<Float>            // [chunk][heads * headSize]
    let gatedQuery: Arena.Slot<Float>       // [chunk][2 * heads * headSize] where attention has gates
    let key: Arena.Slot<Float>              // [chunk][kvHeads * headSize]
    let value: Arena.Slot<Float>            // [chunk][kvHeads * headSize]
    let attended: Arena.Slot<Float>         // [chunk][heads * headSize]
    let projected: Arena.Slot<Float>        // [chunk][width]
    let gate: Arena.Slot<Float>             // [chunk][feedForwardWidth]
    let up: Arena.Slot<Float>               // [chunk][feedForwardWidth]
    let logits: Arena.Slot<Float>           // [vocabulary]
    let cosine: Arena.Slot<Float>           // [ropes][chunk][rope dimensions / 2]
    let sine: Arena.Slot<Float>             // [ropes][chunk][rope dimensions / 2]
    let quantized: Arena.Slot<Int8>         // [chunk][widest input]
    let scales: Arena.Slot<Float>           // [chunk][widest input / 32]
    let sums: Arena.Slot<Int16>             // [chunk][widest input / 16]
    let keyCache: Arena.Slot<UInt8>         // [layer with attention] of pl_cache's k
    let valueCache: Arena.Slot<UInt8>       // [layer with attention] of pl_cache's v
    let recurrent: RecurrentPlan?

    init(_ c: ModelConfiguration, contextLength: Int, cacheType: CacheType) throws(InferenceError) {
        guard contextLength >= 1 else {
            throw InferenceError("a context of \(contextLength) positions holds nothing: choose at least 1")
        }
        guard contextLength <= 1 << 26 else {
            throw InferenceError("a context of \(contextLength) positions is longer than any model's: choose at most \(1 << 26)")
        }
        chunk = min(InferenceContext.chunk, contextLength)
        self.cacheType = cacheType
        tiles = (contextLength + 15) / 16
        layerCacheBytes = cacheType.byteCount(c, positions: contextLength)
        cacheByteCount = 2 * c.attentionLayerCount * layerCacheBytes
        let widest = max(c.width, c.queryWidth, c.feedForwardWidth, c.recurrence?.innerWidth ?? 0)
        let turning = max(1, c.ropes.count * c.ropes[0].dimensions / 2)
        x = try arena.add(Float.self, chunk * c.width)
        normed = try arena.add(Float.self, chunk * c.width)
        query = try arena.add(Float.self, chunk * c.queryWidth)
        gatedQuery = try arena.add(Float.self, c.architecture.gatesAttention ? 2 * chunk * c.queryWidth : 0)
        key = try arena.add(Float.self, chunk * c.keyValueWidth)
        value = try arena.add(Float.self, chunk * c.keyValueWidth)
        attended = try arena.add(Float.self, chunk * c.queryWidth)
        projected = try arena.add(Float.self, chunk * c.width)
        gate = try arena.add(Float.self, chunk * c.feedForwardWidth)
        up = try arena.add(Float.self, chunk * c.feedForwardWidth)
        logits = try arena.add(Float.self, c.vocabularySize)
        cosine = try arena.add(Float.self, chunk * turning)
        sine = try arena.add(Float.self, chunk * turning)
        quantized = try arena.add(Int8.self, chunk * widest)
        scales = try arena.add(Float.self, chunk * (widest / 32 + 1))
        sums = try arena.add(Int16.self, chunk * (widest / 16 + 1))
        keyCache = try arena.add(UInt8.self, c.attentionLayerCount * layerCacheBytes)
        valueCache = try arena.add(UInt8.self, c.attentionLayerCount * layerCacheBytes)
        recurrent = try RecurrentPlan(&arena, c, contextLength: contextLength, chunk: chunk, cacheByteCount: cacheByteCount)
    }
}

/// The buffers themselves. Shapes are those of `StatePlan`.
struct State: ~Copyable {
    let plan: StatePlan
    private let arena: Arena

    let x, normed: UnsafeMutablePointer<Float>
    let query, gatedQuery, key, value, attended: UnsafeMutablePointer<Float>
    let projected, gate, up, logits: UnsafeMutablePointer<Float>
    let cosine, sine: UnsafeMutablePointer<Float>
    let quantized: UnsafeMutablePointer<Int8>
    let scales: UnsafeMutablePointer<Float>
    let sums: UnsafeMutablePointer<Int16>
    private let keyCache, valueCache: UnsafeMutablePointer<UInt8>
    let recurrent: RecurrentState?

    var chunk: Int { plan.chunk }

    /// Bytes of the arena, all buffers and the cache.
    var byteCount: Int { arena.byteCount }

    init(_ plan: StatePlan) throws(InferenceError) {
        let arena = try Arena(plan.arena)
        self.plan = plan
        x = arena[plan.x]
        normed = arena[plan.normed]
        query = arena[plan.query]
        gatedQuery = arena[plan.gatedQuery]
        key = arena[plan.key]
        value = arena[plan.value]
        attended = arena[plan.attended]
        projected = arena[plan.projected]
        gate = arena[plan.gate]
        up = arena[plan.up]
        logits = arena[plan.logits]
        cosine = arena[plan.cosine]
        sine = arena[plan.sine]
        quantized = arena[plan.quantized]
        scales = arena[plan.scales]
        sums = arena[plan.sums]
        keyCache = arena[plan.keyCache]
        valueCache = arena[plan.valueCache]
        recurrent = plan.recurrent.map { RecurrentState($0, arena) }
        self.arena = arena
    }

    /// The KV cache of one layer, given by its number among those with attention.
    func cache(_ c: ModelConfiguration, layer: Int) -> pl_cache {
        pl_cache(
            type: plan.cacheType.kind, kv_heads: Int32(c.keyValueHeadCount), head_size: Int32(c.headSize), tiles: Int32(plan.tiles),
            k: keyCache + layer * plan.layerCacheBytes, v: valueCache + layer * plan.layerCacheBytes)
    }
}
