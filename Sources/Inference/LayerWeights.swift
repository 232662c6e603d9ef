/// One transformer block's weights.
struct LayerWeights {
    let attentionNorm: Vector       // [width]
    let query: Matrix               // [heads * headSize][width]
    let key: Matrix                 // [kvHeads * headSize][width]
    let value: Matrix               // [kvHeads * headSize][width]
    let queryNorm: Vector?          // [headSize]
    let keyNorm: Vector?            // [headSize]
    let attentionOutput: Matrix     // [width][heads * headSize]
    let feedForwardNorm: Vector     // [width]
    let gate: Matrix                // [feedForwardWidth][width]
    let up: Matrix                  // [feedForwardWidth][width]
    let down: Matrix                // [width][feedForwardWidth]
}

extension LayerWeights {
    init(_ read: WeightReader, _ prefix: String, _ c: ModelConfiguration) throws(InferenceError) {
        let biased = c.architecture.needsAttentionBias
        attentionNorm = try read.vector(prefix + "attn_norm.weight", c.width)
        query = try read.matrix(prefix + "attn_q", rows: c.queryWidth, columns: c.width, needsBias: biased)
        key = try read.matrix(prefix + "attn_k", rows: c.keyValueWidth, columns: c.width, needsBias: biased)
        value = try read.matrix(prefix + "attn_v", rows: c.keyValueWidth, columns: c.width, needsBias: biased)
        if c.architecture.normalizesHeads {
            queryNorm = try read.vector(prefix + "attn_q_norm.weight", c.headSize)
            keyNorm = try read.vector(prefix + "attn_k_norm.weight", c.headSize)
        } else {
            queryNorm = nil
            keyNorm = nil
        }
        attentionOutput = try read.matrix(prefix + "attn_output", rows: c.width, columns: c.queryWidth)
        feedForwardNorm = try read.vector(prefix + "ffn_norm.weight", c.width)
        gate = try read.matrix(prefix + "ffn_gate", rows: c.feedForwardWidth, columns: c.width)
        up = try read.matrix(prefix + "ffn_up", rows: c.feedForwardWidth, columns: c.width)
        down = try read.matrix(prefix + "ffn_down", rows: c.width, columns: c.feedForwardWidth)
    }
}
