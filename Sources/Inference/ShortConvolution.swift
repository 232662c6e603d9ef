/// The weights of a gated short convolution, which takes attention's place in some layers.
struct ShortConvolutionWeights {
    let inputNorm: Vector           // [width]
    let inputGate: Matrix           // [width][width]
    let outputGate: Matrix          // [width][width]
    let input: Matrix               // [width][width]
    let kernel: Vector              // [width][length]: the present token's factor is the last
    let output: Matrix              // [width][width]

    init(_ read: WeightReader, _ prefix: String, _ shape: RecurrenceShape, width: Int) throws(InferenceError) {
        inputNorm = try read.vector(prefix + "attn_norm.weight", width)
        let fused = try read.matrix(prefix + "shortconv.in_proj", rows: 3 * width, columns: width)
        inputGate = fused.rows(0..<width)
        outputGate = fused.rows(width..<2 * width)
        input = fused.rows(2 * width..<3 * width)
        kernel = try read.floats(prefix + "shortconv.conv.weight", shape: [shape.convolutionLength, width])
        output = try read.matrix(prefix + "shortconv.out_proj", rows: width, columns: width)
    }

    var matrices: [Matrix] { [inputGate, outputGate, input, output] }
}

extension InferenceContext {
    /// output(c * convolution(b * x)), where b, c and x are projections of the layer's input and each channel has a causal kernel
    /// of its own: Liquid AI 2025 (arXiv 2511.23404), section 2.
    func runShortConvolution(_ layer: ShortConvolutionWeights, number: Int, tokens: Int) {
        let width = model.configuration.width
        guard let recurrent = state.recurrent, let shape = model.configuration.recurrence else { return }
        let rows = recurrent.rows + shape.pastSize
        var input = normalized(state.x, layer.inputNorm, tokens: tokens, for: layer.input.type)
        multiply([layer.inputGate.product(into: rows), layer.outputGate.product(into: recurrent.gate),
                  layer.input.product(into: state.projected)], by: &input)
        for i in 0..<tokens * width { rows[i] *= state.projected[i] }
        recurrent.convolve(layer.kernel, shape, past: recurrent.current + number * shape.stateSize, tokens: tokens)
        for i in 0..<tokens * width { recurrent.convolved[i] *= recurrent.gate[i] }
        var convolved = activations(recurrent.convolved, columns: width, tokens: tokens)
        multiply([layer.output.product(into: state.projected)], by: &convolved)
        addToResidual(nil, rows: 0..<tokens)
    }
}
