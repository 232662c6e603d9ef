import CKernels

/// The transformer block that all families share: x += attention(norm(x)); x += feedForward(norm(x)).
extension InferenceContext {
    /// Attention of one layer, for `tokens` tokens whose first has position `first`.
    func attend(_ layer: LayerWeights, number: Int, tokens: Int, from first: Int) {
        let c = model.configuration
        normalize(state.x, layer.attentionNorm, count: tokens)
        var input = activations(state.normed, columns: c.width, tokens: tokens)
        multiply([layer.query.product(into: state.query), layer.key.product(into: state.key),
                  layer.value.product(into: state.value)], by: &input)
        turn(layer, tokens: tokens)

        let stride = c.keyValueWidth
        let keys = state.keyCache + number * contextLength * stride       // [position][stride]
        let values = state.valueCache + number * contextLength * stride
        kernels.pointee.to_f16(state.key, keys + first * stride, Int32(tokens * stride))
        kernels.pointee.to_f16(state.value, values + first * stride, Int32(tokens * stride))
        withUnsafeTemporaryAllocation(of: pl_attention.self, capacity: tokens) { reads in
            for t in 0..<tokens {
                reads.initializeElement(at: t, to: pl_attention(
                    q: state.query + t * c.queryWidth, k: keys, v: values, kv_stride: stride,
                    heads: Int32(c.headCount), kv_heads: Int32(c.keyValueHeadCount), head_size: Int32(c.headSize),
                    first: 0, length: Int32(first + t + 1), scale: 1 / Float(c.headSize).squareRoot(), softcap: 0,
                    out: state.attended + t * c.queryWidth))
            }
            pl_team_attend(team.handle, kernels, reads.baseAddress, Int32(tokens))
        }
        var attended = activations(state.attended, columns: c.queryWidth, tokens: tokens)
        multiply([layer.attentionOutput.product(into: state.projected)], by: &attended)
        kernels.pointee.add(state.x, state.projected, Int32(tokens * c.width))
    }

    /// SwiGLU: down(silu(gate(x)) * up(x)), Shazeer 2020 (arXiv 2002.05202).
    func feedForward(_ layer: LayerWeights, tokens: Int) {
        let c = model.configuration
        normalize(state.x, layer.feedForwardNorm, count: tokens)
        var input = activations(state.normed, columns: c.width, tokens: tokens)
        multiply([layer.gate.product(into: state.gate), layer.up.product(into: state.up)], by: &input)
        kernels.pointee.silu_multiply(state.gate, state.up, Int32(tokens * c.feedForwardWidth))
        var gated = activations(state.gate, columns: c.feedForwardWidth, tokens: tokens)
        multiply([layer.down.product(into: state.projected)], by: &gated)
        kernels.pointee.add(state.x, state.projected, Int32(tokens * c.width))
    }

    /// Normalises (Qwen 3) and rotates the queries and keys of `tokens` tokens in place.
    private func turn(_ layer: LayerWeights, tokens: Int) {
        let c = model.configuration
        for t in 0..<tokens {
            turn(state.query + t * c.queryWidth, heads: c.headCount, norm: layer.queryNorm, token: t)
            turn(state.key + t * c.keyValueWidth, heads: c.keyValueHeadCount, norm: layer.keyNorm, token: t)
        }
    }

    private func turn(_ vectors: UnsafeMutablePointer<Float>, heads: Int, norm: Vector?, token: Int) {
        let c = model.configuration
        if let norm {
            for head in 0..<heads {
                let vector = vectors + head * c.headSize
                kernels.pointee.rms_norm(vector, norm, Int32(c.headSize), c.normEpsilon, vector)
            }
        }
        let half = c.rope.dimensions / 2
        pl_rope(
            vectors, Int32(heads), Int32(c.headSize), Int32(c.rope.dimensions), c.architecture.interleavedRope,
            state.cosine + token * half, state.sine + token * half)
    }

    /// RMSNorm of `count` rows of `x` into `state.normed`, Zhang and Sennrich 2019 (arXiv 1910.07467).
    func normalize(_ x: UnsafePointer<Float>, _ weight: Vector, count: Int) {
        let width = model.configuration.width
        for t in 0..<count {
            kernels.pointee.rms_norm(
                x + t * width, weight, Int32(width), model.configuration.normEpsilon, state.normed + t * width)
        }
    }

    /// A product's input, not yet quantized.
    func activations(_ x: UnsafePointer<Float>, columns: Int, tokens: Int) -> pl_activations {
        pl_activations(
            kind: PL_ACTIVATION_F32, tokens: Int32(tokens), columns: Int32(columns),
            x: x, q: state.quantized, d: state.scales, sums: state.sums)
    }

    /// Products of several matrices with one input, which is quantized once for all.
    func multiply<let count: Int>(_ products: InlineArray<count, pl_matrix>, by input: inout pl_activations) {
        products.span.withUnsafeBufferPointer { matrices in
            pl_team_matmul(team.handle, kernels, matrices.baseAddress, Int32(count), &input)
        }
    }
}
