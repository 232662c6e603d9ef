import GGUF

/// Writes a model with its weights quantized, one slab of weights at a time: however large the model, it needs memory for a slab as
/// it is read and as it is written, at most 6 MiB, and a few KiB for each thread. Where the slabs end changes nothing.
public struct Quantizer: Sendable {
    /// Called after every slab with the bytes read so far and in all. What it throws ends the work, and no file is left.
    public typealias Progress = @Sendable (_ done: Int, _ all: Int) throws(GGUFError) -> Void

    /// A tensor, and its type in the file to be written.
    public struct Part: Sendable {
        public let tensor: TensorInfo
        public let type: TensorType

        /// Bytes in the file to be written.
        public var byteCount: Int { tensor.columns / type.blockSize * type.bytesPerBlock * tensor.rows }
    }

    /// In the order of the file.
    public let parts: [Part]
    private let file: GGUFFile
    private let quantization: Quantization

    /// Checks that the file is a whole model, and decides every tensor's type.
    ///
    /// Throws for parts of a split model, for files without weights, and for weights that are quantized already, to another type
    /// than they would get: their errors would add up. Q8_0 is near enough to the original to be taken for it.
    public init(_ file: GGUFFile, to quantization: Quantization) throws(InferenceError) {
        try Self.checkWhole(file)
        let mix = QuantizationMix(quantization, file.tensors)
        parts = file.tensors.map { Part(tensor: $0, type: mix.type(of: $0)) }
        guard parts.contains(where: { $0.tensor.rows > 1 }) else {
            throw InferenceError("\(file.path): no weights to quantize: this is not a whole model (a vocabulary only?)")
        }
        for part in parts where part.type != part.tensor.type && ![.f32, .f16, .bf16, .q8_0].contains(part.tensor.type) {
            throw InferenceError("\(file.path): tensor '\(printable(part.tensor.name))' is \(part.tensor.type) already: quantize from the model's F32, F16, BF16 or Q8_0 file")
        }
        self.file = file
        self.quantization = quantization
    }

    private static func checkWhole(_ file: GGUFFile) throws(InferenceError) {
        let split: Int?, kind: String?
        do throws(GGUFError) {
            split = try file.int("split.count")
            kind = try file.string("general.type")
        } catch {
            throw InferenceError(error)
        }
        if let split, split > 1 {
            throw InferenceError("\(file.path): one of \(split) parts of a model: join them first, with llama-gguf-split --merge")
        }
        if let kind, kind != "model" {
            throw InferenceError("\(file.path): its general.type is '\(printable(kind, limit: 80))', not 'model': only models are quantized")
        }
    }

    /// Writes the file beside `path` and renames it when it is complete and on the disk.
    ///
    /// - Parameter threads: one for each processor if nil.
    public func write(to path: String, threads: Int? = nil, progress: @escaping Progress = { _, _ throws(GGUFError) in }) throws {
        let converter = try WeightConverter(threads: threads ?? ThreadTeam.availableProcessors)
        var writer = GGUFWriter(alignment: file.alignment)
        writer.set(all: file.metadata)
        writer.set("general.file_type", .uint32(quantization.fileType))
        writer.set("general.quantization_version", .uint32(2))  // GGML_QNT_VERSION of ggml.h
        let all = file.tensors.reduce(0) { $0 + $1.byteCount }
        var start = 0
        for part in parts {
            let before = start
            writer.add(tensor: part.tensor.name, shape: part.tensor.shape, type: part.type) { [file] sink throws(GGUFError) in
                try converter.convert(part, of: file, into: sink) { done throws(GGUFError) in try progress(before + done, all) }
            }
            start += part.tensor.byteCount
        }
        try writer.write(to: path)
    }
}
