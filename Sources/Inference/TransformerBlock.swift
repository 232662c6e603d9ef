import CKernels
import GGUF

/// The transformer block that all families share: x += attention(norm(x)); x += feedForward(norm(x)), and what its
/// architecture adds to that.
extension InferenceContext {
    /// One layer, for `tokens` tokens whose first has position `first`. Rows of `state.x` before `row` are not read any more: of
    /// their tokens only what later ones read is computed, keys and values or the recurrent state.
    func compute(_ layer: LayerWeights, _ shape: LayerShape, tokens: Int, from first: Int, leavingBefore row: Int) {
        switch (layer.mixer, shape.mixer) {
        case (.attention(let weights), .attention(let number)):
            attend(weights, shape, cache: number, tokens: tokens, from: first, leavingBefore: row)
        case (.shortConvolution(let weights), .recurrent(let number)):
            runShortConvolution(weights, number: number, tokens: tokens)
        case (.deltaNet(let weights), .recurrent(let number)):
            runDeltaNet(weights, number: number, tokens: tokens)
        default: break // weights are read as the shape says
        }
        feedForward(layer.feedForward, rows: row..<tokens)
    }

    private func attend(
        _ layer: AttentionWeights, _ shape: LayerShape, cache number: Int, tokens: Int, from first: Int, leavingBefore row: Int
    ) {
        let c = model.configuration, left = tokens - row, offset = row * c.queryWidth
        var input = normalized(state.x, layer.inputNorm, tokens: tokens, for: layer.query.type)
        let gates = c.architecture.gatesAttention
        multiply([layer.query.product(into: gates ? state.gatedQuery : state.query), layer.key.product(into: state.key),
                  layer.value.product(into: state.value)], by: &input)
        if gates { separateGates(tokens: tokens) }
        withUnsafePointer(to: state.cache(c, layer: number)) { cache in
            store(layer, rope: shape.rope, in: cache, tokens: tokens, from: first)
            var read = pl_attention(
                q: state.query + offset, cache: cache, heads: Int32(c.headCount), tokens: Int32(left), first: Int32(first + row),
                window: Int32(clamping: shape.window ?? 0), scale: c.scales.attention, softcap: c.scales.attentionCap, out: state.attended)
            pl_team_attend(team.handle, kernels, &read)
        }
        if gates { pl_sigmoid_multiply(state.attended, state.gatedQuery + offset, Int32(left * c.queryWidth)) }
        var attended = activations(state.attended, columns: c.queryWidth, tokens: left)
        multiply([layer.output.product(into: state.projected)], by: &attended)
        addToResidual(layer.outputNorm, rows: row..<tokens)
    }

    /// Moves the queries out of `state.gatedQuery`, [token][head][query, gate][headSize], and the gates together: [token][head][headSize].
    private func separateGates(tokens: Int) {
        let c = model.configuration, size = c.headSize
        for head in 0..<tokens * c.headCount {
            let joint = state.gatedQuery + 2 * head * size
            (state.query + head * size).update(from: joint, count: size)
            (state.gatedQuery + head * size).update(from: joint + size, count: size)
        }
    }

    /// SwiGLU: down(silu(gate(x)) * up(x)), or GeGLU with GELU for SiLU, Shazeer 2020 (arXiv 2002.05202).
    private func feedForward(_ layer: FeedForwardWeights, rows: Range<Int>) {
        let c = model.configuration, tokens = rows.count
        var input = normalized(state.x + rows.lowerBound * c.width, layer.inputNorm, tokens: tokens, for: layer.gate.type)
        var gate = layer.gate.product(into: state.gate), up = layer.up.product(into: state.up)
        let gating = c.architecture.activation == .silu ? PL_SILU : PL_GELU
        if let stream {
            multiply(gate, up, gating, from: stream, by: &input)
        } else {
            pl_team_gate(team.handle, kernels, &gate, &up, gating, &input)
        }
        var gated = activations(state.gate, columns: c.feedForwardWidth, tokens: tokens)
        multiply([layer.down.product(into: state.projected)], by: &gated)
        addToResidual(layer.outputNorm, rows: rows)
    }

    /// Normalises and rotates the queries and keys of `tokens` tokens in place; keys and values go to the cache.
    private func store(_ layer: AttentionWeights, rope: Int?, in cache: UnsafePointer<pl_cache>, tokens: Int, from first: Int) {
        let c = model.configuration
        let dimensions = rope.map { c.ropes[$0].dimensions } ?? 0
        let angles = (rope ?? 0) * state.chunk * (dimensions / 2)
        var projections = pl_projections(
            q: state.query, k: state.key, v: state.value, cache: cache, heads: Int32(c.headCount), tokens: Int32(tokens), first: Int32(first),
            q_norm: layer.queryNorm, k_norm: layer.keyNorm, norms_whole: c.architecture.queryKeyNorm == .wholeWidth, epsilon: c.normEpsilon,
            rotary: Int32(dimensions), interleaved: c.architecture.interleavedRope, cosine: state.cosine + angles, sine: state.sine + angles)
        pl_team_store(team.handle, kernels, &projections)
    }

    /// RMSNorm of rows of `x`, Zhang and Sennrich 2019 (arXiv 1910.07467), or `x` itself where there is no weight, as the input of
    /// products with matrices of a type.
    func normalized(_ x: UnsafePointer<Float>, _ weight: Vector?, tokens: Int, for type: TensorType) -> pl_activations {
        let c = model.configuration
        var input = activations(x, columns: c.width, tokens: tokens)
        pl_team_normalize(
            team.handle, kernels, x, weight, c.normEpsilon, state.normed, &input, pl_activation_kind_for(Int32(type.rawValue)))
        return input
    }

    /// x += what a branch left for these rows in `state.projected`, normalised where the family does that and scaled.
    func addToResidual(_ norm: Vector?, rows: Range<Int>) {
        let c = model.configuration
        var branch = pl_branch(
            x: state.x + rows.lowerBound * c.width, y: state.projected, tokens: Int32(rows.count), columns: Int32(c.width), norm: norm,
            epsilon: c.normEpsilon, scale: c.scales.residual)
        pl_team_add(team.handle, kernels, &branch)
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
            if let stream {
                multiply(matrices, from: stream, by: &input)
            } else {
                pl_team_matmul(team.handle, kernels, matrices.baseAddress, Int32(count), &input)
            }
        }
    }
}
