import CKernels
import GGUF

/// A weight matrix where it lies in the mapped file: [rows][columns] in the blocks of its type.
struct Matrix {
    let type: TensorType
    let rows: Int
    let columns: Int
    let data: UnsafeRawPointer
    /// Bytes of the whole matrix.
    let byteCount: Int
    /// Added to the product: [rows], or nil.
    var bias: UnsafePointer<Float>?

    /// The product with an input of `columns` elements, written to `out`: [tokens][rows].
    func product(into out: UnsafeMutablePointer<Float>) -> pl_matrix {
        pl_matrix(
            type: Int32(type.rawValue), rows: Int32(rows), columns: Int32(columns),
            weights: data, bias: bias, out: out, out_stride: rows)
    }

    /// Bytes of one row.
    var rowBytes: Int { columns / type.blockSize * type.bytesPerBlock }
}

/// A vector of F32 weights in the mapped file.
typealias Vector = UnsafePointer<Float>

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

/// All weights of a model, as pointers into the mapped file: nothing is copied.
struct Weights {
    let embedding: Matrix           // [vocabulary][width]
    let layers: [LayerWeights]
    let outputNorm: Vector          // [width]
    let head: Matrix                // [vocabulary][width]; the embedding itself where heads are tied
    let ropeDivisors: UnsafeBufferPointer<Float>?  // [rope dimensions / 2]

    init(_ file: GGUFFile, _ c: ModelConfiguration) throws(InferenceError) {
        let read = WeightReader(file: file)
        embedding = try read.matrix("token_embd", rows: c.vocabularySize, columns: c.width)
        outputNorm = try read.vector("output_norm.weight", c.width)
        head = file.tensor("output.weight") == nil
            ? embedding : try read.matrix("output", rows: c.vocabularySize, columns: c.width)
        ropeDivisors = try read.optionalVector("rope_freqs.weight", c.rope.dimensions / 2)
            .map { UnsafeBufferPointer(start: $0, count: c.rope.dimensions / 2) }
        var layers: [LayerWeights] = []
        layers.reserveCapacity(c.layerCount)
        for i in 0..<c.layerCount {
            layers.append(try LayerWeights(read, "blk.\(i).", c))
        }
        self.layers = layers
    }
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

/// Finds tensors by name and checks that they have the shape and a type that the kernels compute with.
struct WeightReader {
    let file: GGUFFile

    /// `NAME.weight` as a matrix, with `NAME.bias` where the file has it.
    func matrix(_ name: String, rows: Int, columns: Int, needsBias: Bool = false) throws(InferenceError) -> Matrix {
        let info = try tensor(name + ".weight", shape: [columns, rows])
        let kind = Int32(info.type.rawValue)
        guard pl_type_supported(kind) else {
            throw InferenceError("\(file.path): tensor '\(info.name)' has type \(info.type.name), which cannot be computed with; supported are F32 F16 BF16 Q8_0 Q4_0 Q4_1 Q5_0 Q5_1 Q4_K Q5_K Q6_K IQ4_NL IQ4_XS Q3_K Q2_K")
        }
        let bias = needsBias
            ? try vector(name + ".bias", rows) : try optionalVector(name + ".bias", rows)
        let bytes = file.bytes(of: info)
        guard let data = bytes.baseAddress else {
            throw InferenceError("\(file.path): tensor '\(info.name)' is empty")
        }
        return Matrix(type: info.type, rows: rows, columns: columns, data: data, byteCount: bytes.count, bias: bias)
    }

    func vector(_ name: String, _ count: Int) throws(InferenceError) -> Vector {
        guard let vector = try optionalVector(name, count) else {
            throw InferenceError("\(file.path): tensor '\(name)' is missing")
        }
        return vector
    }

    func optionalVector(_ name: String, _ count: Int) throws(InferenceError) -> Vector? {
        guard file.tensor(name) != nil else { return nil }
        let info = try tensor(name, shape: [count])
        guard info.type == .f32 else {
            throw InferenceError("\(file.path): tensor '\(name)' has type \(info.type.name); it must be F32")
        }
        return file.bytes(of: info).baseAddress?.assumingMemoryBound(to: Float.self)
    }

    private func tensor(_ name: String, shape: [Int]) throws(InferenceError) -> TensorInfo {
        guard let info = file.tensor(name) else {
            throw InferenceError("\(file.path): tensor '\(name)' is missing")
        }
        // Trailing dimensions of 1 say nothing.
        var have = info.shape
        while have.count > shape.count, have.last == 1 { have.removeLast() }
        guard have == shape else {
            throw InferenceError("\(file.path): tensor '\(name)' is \(info.shape.map(String.init).joined(separator: " x ")), but the metadata asks for \(shape.map(String.init).joined(separator: " x "))")
        }
        return info
    }
}
