/// One transformer block's weights.
struct LayerWeights {
    let mixer: Mixer
    let feedForward: FeedForwardWeights

    enum Mixer {
        case attention(AttentionWeights), shortConvolution(ShortConvolutionWeights), deltaNet(DeltaNetWeights)
    }

    init(_ read: WeightReader, number: Int, _ c: ModelConfiguration) throws(InferenceError) {
        let prefix = "blk.\(number)."
        if case .recurrent = c.layers[number].mixer, let shape = c.recurrence {
            mixer = shape.valueHeads > 0
                ? .deltaNet(try DeltaNetWeights(read, prefix, shape, width: c.width))
                : .shortConvolution(try ShortConvolutionWeights(read, prefix, shape, width: c.width))
        } else {
            mixer = .attention(try AttentionWeights(read, prefix, c))
        }
        feedForward = try FeedForwardWeights(read, prefix, c)
    }

    /// In the order of use.
    var matrices: [Matrix] {
        let mixing = switch mixer {
        case .attention(let weights): weights.matrices
        case .shortConvolution(let weights): weights.matrices
        case .deltaNet(let weights): weights.matrices
        }
        return mixing + feedForward.matrices
    }
}

struct AttentionWeights {
    let inputNorm: Vector?          // [width]
    let query: Matrix               // [heads * headSize][width], or [heads][query, gate][headSize][width]
    let key: Matrix                 // [kvHeads * headSize][width]
    let value: Matrix               // [kvHeads * headSize][width]
    let queryNorm: Vector?          // [headSize], or [heads * headSize]
    let keyNorm: Vector?            // [headSize], or [kvHeads * headSize]
    let output: Matrix              // [width][heads * headSize]
    let outputNorm: Vector?         // [width]

    init(_ read: WeightReader, _ prefix: String, _ c: ModelConfiguration) throws(InferenceError) {
        let family = c.architecture
        inputNorm = family.normPlacement.normalizesInputs ? try read.vector(prefix + "attn_norm.weight", c.width) : nil
        let queryRows = family.gatesAttention ? 2 * c.queryWidth : c.queryWidth
        if read.has(prefix + "attn_qkv.weight") {
            let ends = (queryRows, queryRows + c.keyValueWidth, queryRows + 2 * c.keyValueWidth)
            let fused = try read.matrix(
                prefix + "attn_qkv", rows: ends.2, columns: c.width, needsBias: family.needsAttentionBias)
            query = fused.rows(0..<ends.0)
            key = fused.rows(ends.0..<ends.1)
            value = fused.rows(ends.1..<ends.2)
        } else {
            func projection(_ name: String, _ rows: Int) throws(InferenceError) -> Matrix {
                try read.matrix(prefix + name, rows: rows, columns: c.width, needsBias: family.needsAttentionBias)
            }
            query = try projection("attn_q", queryRows)
            key = try projection("attn_k", c.keyValueWidth)
            value = try projection("attn_v", c.keyValueWidth)
        }
        switch family.queryKeyNorm {
        case .none:
            queryNorm = nil
            keyNorm = nil
        case .everyHead:
            queryNorm = try read.vector(prefix + "attn_q_norm.weight", c.headSize)
            keyNorm = try read.vector(prefix + "attn_k_norm.weight", c.headSize)
        case .wholeWidth:
            queryNorm = try read.vector(prefix + "attn_q_norm.weight", c.queryWidth)
            keyNorm = try read.vector(prefix + "attn_k_norm.weight", c.keyValueWidth)
        }
        output = try read.matrix(prefix + "attn_output", rows: c.width, columns: c.queryWidth)
        outputNorm = family.normPlacement.normalizesOutputs
            ? try read.vector(prefix + "post_attention_norm.weight", c.width) : nil
    }

    var matrices: [Matrix] { [query, key, value, output] }
}

struct FeedForwardWeights {
    let inputNorm: Vector?          // [width]
    let gate: Matrix                // [feedForwardWidth][width]
    let up: Matrix                  // [feedForwardWidth][width]
    let down: Matrix                // [width][feedForwardWidth]
    let outputNorm: Vector?         // [width]

    init(_ read: WeightReader, _ prefix: String, _ c: ModelConfiguration) throws(InferenceError) {
        let family = c.architecture, hidden = c.feedForwardWidth
        inputNorm = family.normPlacement.normalizesInputs ? try read.vector(prefix + family.feedForwardNorm, c.width) : nil
        if family.fusesGateAndUp {
            let fused = try read.matrix(prefix + "ffn_up", rows: 2 * hidden, columns: c.width)
            gate = fused.rows(0..<hidden)
            up = fused.rows(hidden..<2 * hidden)
        } else {
            gate = try read.matrix(prefix + "ffn_gate", rows: hidden, columns: c.width)
            up = try read.matrix(prefix + "ffn_up", rows: hidden, columns: c.width)
        }
        down = try read.matrix(prefix + "ffn_down", rows: c.width, columns: hidden)
        outputNorm = family.normPlacement.normalizesOutputs
            ? try read.vector(prefix + "post_ffw_norm.weight", c.width) : nil
    }

    var matrices: [Matrix] { [gate, up, down] }
}
