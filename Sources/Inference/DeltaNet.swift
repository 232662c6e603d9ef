import CKernels

/// The weights of a gated delta net, which takes attention's place in some layers.
struct DeltaNetWeights {
    let inputNorm: Vector           // [width]
    let mixed: Matrix               // [channels][width]: queries, keys and values
    let gate: Matrix                // [innerWidth][width]
    let alpha: Matrix               // [valueHeads][width]
    let beta: Matrix                // [valueHeads][width]
    let kernel: Vector              // [channels][convolution length]: the present token's factor is the last
    let timeStep: Vector            // [valueHeads]
    let decay: Vector               // [valueHeads]: below 0
    let headNorm: Vector            // [headSize]
    let output: Matrix              // [width][innerWidth]

    init(_ read: WeightReader, _ prefix: String, _ shape: RecurrenceShape, width: Int) throws(InferenceError) {
        inputNorm = try read.vector(prefix + "attn_norm.weight", width)
        mixed = try read.matrix(prefix + "attn_qkv", rows: shape.channels, columns: width)
        gate = try read.matrix(prefix + "attn_gate", rows: shape.innerWidth, columns: width)
        alpha = try read.matrix(prefix + "ssm_alpha", rows: shape.valueHeads, columns: width)
        beta = try read.matrix(prefix + "ssm_beta", rows: shape.valueHeads, columns: width)
        kernel = try read.floats(prefix + "ssm_conv1d.weight", shape: [shape.convolutionLength, shape.channels])
        timeStep = try read.vector(prefix + "ssm_dt.bias", shape.valueHeads)
        decay = try read.vector(prefix + "ssm_a", shape.valueHeads)
        headNorm = try read.vector(prefix + "ssm_norm.weight", shape.headSize)
        output = try read.matrix(prefix + "ssm_out", rows: width, columns: shape.innerWidth)
    }

    var matrices: [Matrix] { [mixed, gate, alpha, beta, output] }
}

extension InferenceContext {
    /// output(norm(delta net) * silu(gate)): Yang et al. 2024 (arXiv 2412.06464), in the form of Qwen3-Next's model card.
    func runDeltaNet(_ layer: DeltaNetWeights, number: Int, tokens: Int) {
        let c = model.configuration
        guard let recurrent = state.recurrent, let shape = c.recurrence else { return }
        let memory = recurrent.current + number * shape.stateSize
        var input = normalized(state.x, layer.inputNorm, tokens: tokens, for: layer.mixed.type)
        multiply([layer.mixed.product(into: recurrent.rows + shape.pastSize), layer.gate.product(into: recurrent.gate),
                  layer.alpha.product(into: recurrent.alpha), layer.beta.product(into: recurrent.beta)], by: &input)
        recurrent.convolve(layer.kernel, shape, past: memory, tokens: tokens)
        var net = pl_delta_net(
            tokens: Int32(tokens), key_heads: Int32(shape.keyHeads), value_heads: Int32(shape.valueHeads), size: Int32(shape.headSize),
            epsilon: c.normEpsilon, mixed: recurrent.convolved, alpha: recurrent.alpha, beta: recurrent.beta,
            dt: layer.timeStep, a: layer.decay, state: memory + shape.pastSize, out: recurrent.inner)
        pl_team_delta_net(team.handle, &net)
        for head in 0..<tokens * shape.valueHeads {
            let vector = recurrent.inner + head * shape.headSize
            kernels.pointee.rms_norm(vector, layer.headNorm, Int32(shape.headSize), c.normEpsilon, vector)
        }
        kernels.pointee.silu_multiply(recurrent.gate, recurrent.inner, Int32(tokens * shape.innerWidth))
        var gated = activations(recurrent.gate, columns: shape.innerWidth, tokens: tokens)
        multiply([layer.output.product(into: state.projected)], by: &gated)
        addToResidual(nil, rows: 0..<tokens)
    }
}
