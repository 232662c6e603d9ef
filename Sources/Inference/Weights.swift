import GGUF

/// All weights of a model, as pointers into the mapped file: nothing is copied.
struct Weights {
    let embedding: Matrix           // [vocabulary][width]
    let layers: [LayerWeights]
    let outputNorm: Vector          // [width]
    let head: Matrix                // [vocabulary][width]; the embedding itself where heads are tied
    let ropeDivisors: RopeDivisors

    init(_ file: GGUFFile, _ c: ModelConfiguration) throws(InferenceError) {
        let read = WeightReader(file: file)
        embedding = try read.matrix("token_embd", rows: c.vocabularySize, columns: c.width)
        outputNorm = try read.vector(c.architecture.outputNorm, c.width)
        head = file.tensor("output.weight") == nil
            ? embedding : try read.matrix("output", rows: c.vocabularySize, columns: c.width)
        ropeDivisors = try RopeDivisors(read, c.ropes[0])
        var layers: [LayerWeights] = []
        layers.reserveCapacity(c.layerCount)
        for i in 0..<c.layerCount {
            layers.append(try LayerWeights(read, number: i, c))
        }
        self.layers = layers
    }

    /// What a pass over the model multiplies with, in the order of use.
    var matrices: [Matrix] { layers.flatMap(\.matrices) + [head] }
}
