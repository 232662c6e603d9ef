import GGUF

/// A language model ready to run: its shape and its weights in the mapped file. Any number of contexts can read it.
///
/// `@unchecked`: the weights are pointers into the read-only map that `file` owns and this keeps alive.
public final class Model: @unchecked Sendable {
    public let file: GGUFFile
    public let configuration: ModelConfiguration
    let weights: Weights
    /// Of the contexts for whose weights there is no room.
    let residency = SharedResidency()

    /// Checks the shape of the whole model; reads no weights.
    public init(_ file: GGUFFile) throws(InferenceError) {
        self.file = file
        configuration = try ModelConfiguration(file)
        weights = try Weights(file, configuration)
    }

    /// Bytes of weights that decoding one token reads: every matrix once, one row of an untied embedding.
    public var bytesPerToken: Int {
        var sum = weights.matrices.reduce(0) { $0 + $1.byteCount }
        if weights.head.data != weights.embedding.data { sum += weights.embedding.rowBytes }
        return sum
    }
}
