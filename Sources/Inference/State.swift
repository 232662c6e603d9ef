/// The buffers of a forward pass over up to `chunk` tokens, and the KV cache: all cut from one arena.
struct State: ~Copyable {
    let chunk: Int
    private let arena: Arena

    let x: UnsafeMutablePointer<Float>              // [chunk][width]: the residual stream
    let normed: UnsafeMutablePointer<Float>         // [chunk][width]
    let query: UnsafeMutablePointer<Float>          // [chunk][heads * headSize]
    let key: UnsafeMutablePointer<Float>            // [chunk][kvHeads * headSize]
    let value: UnsafeMutablePointer<Float>          // [chunk][kvHeads * headSize]
    let attended: UnsafeMutablePointer<Float>       // [chunk][heads * headSize]
    let projected: UnsafeMutablePointer<Float>      // [chunk][width]
    let gate: UnsafeMutablePointer<Float>           // [chunk][feedForwardWidth]
    let up: UnsafeMutablePointer<Float>             // [chunk][feedForwardWidth]
    let logits: UnsafeMutablePointer<Float>         // [vocabulary]
    let cosine: UnsafeMutablePointer<Float>         // [ropes][chunk][rope dimensions / 2]
    let sine: UnsafeMutablePointer<Float>           // [ropes][chunk][rope dimensions / 2]
    let quantized: UnsafeMutablePointer<Int8>       // [chunk][widest input]
    let scales: UnsafeMutablePointer<Float>         // [chunk][widest input / 32]
    let sums: UnsafeMutablePointer<Int16>           // [chunk][widest input / 16]
    let keyCache: UnsafeMutablePointer<UInt16>      // f16 [layer][position][kvHeads * headSize]
    let valueCache: UnsafeMutablePointer<UInt16>    // f16 [layer][position][kvHeads * headSize]

    /// Bytes of the arena, all buffers and the cache.
    var byteCount: Int { arena.byteCount }
    /// Bytes of the cache alone.
    let keyValueByteCount: Int

    init(_ c: ModelConfiguration, contextLength: Int, chunk: Int) throws(InferenceError) {
        self.chunk = chunk
        let widest = max(c.width, c.queryWidth, c.feedForwardWidth)
        let turning = max(1, c.ropes.count * c.ropes[0].dimensions / 2)
        let cache = c.layerCount * c.keyValueWidth
        guard contextLength <= (1 << 46) / cache else {
            throw InferenceError("a context of \(contextLength) positions needs more memory than there are addresses: choose a shorter one")
        }
        var plan = Arena.Plan()
        for count in [c.width, c.width, c.queryWidth, c.keyValueWidth, c.keyValueWidth, c.queryWidth, c.width,
                      c.feedForwardWidth, c.feedForwardWidth] {
            try plan.add(Float.self, chunk * count)
        }
        try plan.add(Float.self, c.vocabularySize)
        try plan.add(Float.self, chunk * turning)
        try plan.add(Float.self, chunk * turning)
        try plan.add(Int8.self, chunk * widest)
        try plan.add(Float.self, chunk * (widest / 32 + 1))
        try plan.add(Int16.self, chunk * (widest / 16 + 1))
        try plan.add(UInt16.self, cache * contextLength)
        try plan.add(UInt16.self, cache * contextLength)

        var arena = try Arena(plan)
        x = arena.take(Float.self, chunk * c.width)
        normed = arena.take(Float.self, chunk * c.width)
        query = arena.take(Float.self, chunk * c.queryWidth)
        key = arena.take(Float.self, chunk * c.keyValueWidth)
        value = arena.take(Float.self, chunk * c.keyValueWidth)
        attended = arena.take(Float.self, chunk * c.queryWidth)
        projected = arena.take(Float.self, chunk * c.width)
        gate = arena.take(Float.self, chunk * c.feedForwardWidth)
        up = arena.take(Float.self, chunk * c.feedForwardWidth)
        logits = arena.take(Float.self, c.vocabularySize)
        cosine = arena.take(Float.self, chunk * turning)
        sine = arena.take(Float.self, chunk * turning)
        quantized = arena.take(Int8.self, chunk * widest)
        scales = arena.take(Float.self, chunk * (widest / 32 + 1))
        sums = arena.take(Int16.self, chunk * (widest / 16 + 1))
        keyCache = arena.take(UInt16.self, cache * contextLength)
        valueCache = arena.take(UInt16.self, cache * contextLength)
        keyValueByteCount = 2 * cache * contextLength * MemoryLayout<UInt16>.stride
        self.arena = arena
    }
}
