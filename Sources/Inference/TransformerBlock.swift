import CKernels

/// The transformer block that all families share: x += attention(norm(x)); x += feedForward(norm(x)), and what its
/// architecture adds to that.
extension InferenceContext {
    /// One layer, for `tokens` tokens whose first has position `first`.
    func compute(_ layer: LayerWeights, _ shape: LayerShape, tokens: Int, from first: Int) {
        switch (layer.mixer, shape.mixer) {
        case (.attention(let weights), .attention(let number)):
            attend(weights, shape, cache: number, tokens: tokens, from: first)
        case (.shortConvolution(let weights), .shortConvolution(let number)):
            convolve(weights, number: number, tokens: tokens)
        default: break // weights are read as the shape says
        }
        feedForward(layer.feedForward, tokens: tokens)
    }

    private func attend(_ layer: AttentionWeights, _ shape: LayerShape, cache number: Int, tokens: Int, from first: Int) {
        let c = model.configuration
        let x = normalized(state.x, layer.inputNorm, count: tokens)
        var input = activations(x, columns: c.width, tokens: tokens)
        multiply([layer.query.product(into: state.query), layer.key.product(into: state.key),
                  layer.value.product(into: state.value)], by: &input)
        turn(layer, rope: shape.rope, tokens: tokens)

        var cache = state.cache(c, layer: number)
        for t in 0..<tokens {
            for head in 0..<c.keyValueHeadCount {
                let at = t * c.keyValueWidth + head * c.headSize
                kernels.pointee.store(&cache, Int32(head), Int32(first + t), state.key + at, state.value + at)
            }
        }
        withUnsafePointer(to: cache) { cache in
            var read = pl_attention(
                q: state.query, cache: cache, heads: Int32(c.headCount), tokens: Int32(tokens), first: Int32(first),
                window: Int32(clamping: shape.window ?? 0), scale: c.scales.attention, softcap: c.scales.attentionCap, out: state.attended)
            pl_team_attend(team.handle, kernels, &read)
        }
        var attended = activations(state.attended, columns: c.queryWidth, tokens: tokens)
        multiply([layer.output.product(into: state.projected)], by: &attended)
        addToResidual(layer.outputNorm, tokens: tokens)
    }

    /// SwiGLU: down(silu(gate(x)) * up(x)), or GeGLU with GELU for SiLU, Shazeer 2020 (arXiv 2002.05202).
    private func feedForward(_ layer: FeedForwardWeights, tokens: Int) {
        let c = model.configuration
        let x = normalized(state.x, layer.inputNorm, count: tokens)
        var input = activations(x, columns: c.width, tokens: tokens)
        multiply([layer.gate.product(into: state.gate), layer.up.product(into: state.up)], by: &input)
        let count = Int32(tokens * c.feedForwardWidth)
        switch c.architecture.activation {
        case .silu: kernels.pointee.silu_multiply(state.gate, state.up, count)
        case .gelu: kernels.pointee.gelu_multiply(state.gate, state.up, count)
        }
        var gated = activations(state.gate, columns: c.feedForwardWidth, tokens: tokens)
        multiply([layer.down.product(into: state.projected)], by: &gated)
        addToResidual(layer.outputNorm, tokens: tokens)
    }

    /// Normalises and rotates the queries and keys of `tokens` tokens in place.
    private func turn(_ layer: AttentionWeights, rope: Int?, tokens: Int) {
        let c = model.configuration
        for t in 0..<tokens {
            turn(state.query + t * c.queryWidth, heads: c.headCount, norm: layer.queryNorm, rope: rope, token: t)
            turn(state.key + t * c.keyValueWidth, heads: c.keyValueHeadCount, norm: layer.keyNorm, rope: rope, token: t)
        }
    }

    private func turn(_ vectors: UnsafeMutablePointer<Float>, heads: Int, norm: Vector?, rope: Int?, token: Int) {
        let c = model.configuration
        if let norm {
            let whole = c.architecture.queryKeyNorm == .wholeWidth
            let size = whole ? heads * c.headSize : c.headSize
            for start in stride(from: 0, to: heads * c.headSize, by: size) {
                kernels.pointee.rms_norm(vectors + start, norm, Int32(size), c.normEpsilon, vectors + start)
            }
        }
        guard let rope else { return }
        let dimensions = c.ropes[rope].dimensions
        let row = (rope * state.chunk + token) * (dimensions / 2)
        pl_rope(
            vectors, Int32(heads), Int32(c.headSize), Int32(dimensions), c.architecture.interleavedRope,
            state.cosine + row, state.sine + row)
    }

    /// RMSNorm of `count` rows of `x`, Zhang and Sennrich 2019 (arXiv 1910.07467), in `state.normed`; `x` itself where there is no weight.
    func normalized(_ x: UnsafePointer<Float>, _ weight: Vector?, count: Int) -> UnsafePointer<Float> {
        guard let weight else { return x }
        let width = model.configuration.width
        for t in 0..<count {
            kernels.pointee.rms_norm(
                x + t * width, weight, Int32(width), model.configuration.normEpsilon, state.normed + t * width)
        }
        return UnsafePointer(state.normed)
    }

    /// x += what a branch left in `state.projected`, normalised where the family does that and scaled.
    func addToResidual(_ norm: Vector?, tokens: Int) {
        let c = model.configuration, count = tokens * c.width
        if let norm {
            for t in 0..<tokens {
                let row = state.projected + t * c.width
                kernels.pointee.rms_norm(row, norm, Int32(c.width), c.normEpsilon, row)
            }
        }
        scale(state.projected, by: c.scales.residual, count: count)
        kernels.pointee.add(state.x, state.projected, Int32(count))
    }

    func scale(_ x: UnsafeMutablePointer<Float>, by factor: Float, count: Int) {
        guard factor != 1 else { return }
        for i in 0..<count { x[i] *= factor }
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
