import CKernels
import GGUF
import Synchronization
import TestSupport
import Testing
@testable import Inference

/// Writes the model, quantizes it and maps the result. Nothing stays on the disk.
private func quantized(
    _ writer: GGUFWriter, to type: Quantization, threads: Int = 2, progress: @escaping Quantizer.Progress = { _, _ throws(GGUFError) in }
) throws -> GGUFFile {
    let (input, output) = (temporaryPath(), temporaryPath())
    defer { remove(input); remove(output) }
    try writer.write(to: input)
    try Quantizer(GGUFFile(path: input), to: type).write(to: output, threads: threads, progress: progress)
    return try GGUFFile(path: output)
}

private func bytes(_ file: GGUFFile, _ name: String) throws -> [UInt8] {
    Array(file.bytes(of: try #require(file.tensor(name))))
}

@Suite struct QuantizerTests {
    private static let text: [Int32] = (0..<40).map { ($0 * 17 + 5) % 50 }
    /// Rows that 256 divides.
    private static let wide = TinyModel(width: 256, feedForward: 512, layers: 3)

    private func logits(_ model: Model) throws -> [Float] {
        var all: [Float] = []
        try InferenceContext(model, contextLength: 64, threads: 2).evaluate(Self.text) { all += $0 }
        return all
    }

    /// Squared distance over squared length.
    private func distance(_ a: [Float], _ b: [Float]) -> Float {
        zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / b.reduce(0) { $0 + $1 * $1 }
    }

    /// Half as much again as was measured on these even, random weights: a type that is written wrongly is far off.
    @Test(arguments: [
        (.f16, 2e-6), (.q8_0, 1e-3), (.q6_K, 7e-3), (.q5_K_M, 2.5e-2), (.q4_K_M, 0.1), (.q4_0, 0.14),
    ] as [(Quantization, Float)])
    func theQuantizedModelThinksAlmostTheSame(type: Quantization, most: Float) throws {
        let original = try logits(Self.wide.model())
        let distance = try distance(logits(Model(quantized(Self.wide.writer(), to: type))), original)
        #expect(distance > 0 && distance < most, "\(distance)")
    }

    /// Families differ forty-fold in how much any change of their weights changes the logits (gated delta nets most), but by the same
    /// factor for every type: on these weights Q4_K_M is off by 69 to 98 times as much as Q8_0.
    @Test(arguments: TinyModel.families.keys.sorted())
    func everyFamilyRunsQuantized(_ family: String) throws {
        var model = try #require(TinyModel.families[family])
        (model.width, model.feedForward) = (256, 512)
        let original = try logits(model.model())
        let fine = try distance(logits(Model(quantized(model.writer(), to: .q8_0))), original)
        let coarse = try distance(logits(Model(quantized(model.writer(), to: .q4_K_M))), original)
        #expect(fine > 0 && fine < 5e-3, "\(fine)")
        #expect(coarse > fine && coarse < 130 * fine, "\(coarse)")
    }

    /// Expected of `use_more_bits` in llama.cpp for 16 layers: the first two, the last two, and every third between.
    @Test(arguments: [(Quantization.q4_K_M, TensorType.q4_K), (.q5_K_M, .q5_K)])
    func sensitiveLayersGetMoreBits(type: Quantization, standard: TensorType) throws {
        var model = Self.wide
        model.layers = 16
        let file = try quantized(model.writer(), to: type)
        for layer in 0..<16 {
            let expected = [0, 1, 4, 7, 10, 13, 14, 15].contains(layer) ? TensorType.q6_K : standard
            #expect(file.tensor("blk.\(layer).attn_v.weight")?.type == expected)
            #expect(file.tensor("blk.\(layer).ffn_down.weight")?.type == expected)
            #expect(file.tensor("blk.\(layer).attn_q.weight")?.type == standard)
            #expect(file.tensor("blk.\(layer).attn_norm.weight")?.type == .f32)
        }
        #expect(file.tensor("output.weight")?.type == .q6_K)
        #expect(file.tensor("token_embd.weight")?.type == standard)
    }

    @Test func anEmbeddingThatIsAlsoTheHeadGetsTheBitsOfAHead() throws {
        var model = Self.wide
        model.without = ["output.weight"]
        #expect(try quantized(model.writer(), to: .q4_K_M).tensor("token_embd.weight")?.type == .q6_K)
        #expect(try quantized(model.writer(), to: .q4_0).tensor("token_embd.weight")?.type == .q6_K)
        #expect(try quantized(model.writer(), to: .q8_0).tensor("token_embd.weight")?.type == .q8_0)
    }

    /// As `tensor_type_fallback` in llama.cpp.
    @Test(arguments: [
        (160, .q4_K_M, .q5_0, .q8_0), (160, .q5_K_M, .q5_1, .q8_0), (160, .q6_K, .q8_0, .q8_0), (160, .q4_0, .q4_0, .q8_0),
        (40, .q4_K_M, .f16, .f16), (40, .q8_0, .f16, .f16),
    ] as [(Int, Quantization, TensorType, TensorType)])
    func rowsThatNoBlockDividesGetAnotherType(width: Int, type: Quantization, standard: TensorType, head: TensorType) throws {
        let file = try quantized(TinyModel(width: width).writer(), to: type)
        #expect(file.tensor("blk.0.attn_q.weight")?.type == standard)
        #expect(file.tensor("output.weight")?.type == head)
        #expect(try logits(Model(file)).allSatisfy { $0.isFinite })
    }

    @Test func metadataIsCopiedAndSaysWhatTheFileIs() throws {
        var writer = TinyModel().writer()
        writer.set("nobody.knows", .array(MetadataArray([1.5, -2] as [Double])))
        writer.set("general.file_type", .uint32(0))
        let before = try GGUFFile(copying: writer), after = try quantized(writer, to: .q5_K_M)
        #expect(after.metadata.map(\.key) == before.metadata.map(\.key) + ["general.quantization_version"])
        for (key, value) in before.metadata where key != "general.file_type" {
            #expect(after.metadata[key] == value)
        }
        #expect(after.metadata["general.file_type"] == .uint32(17))
        #expect(after.metadata["general.quantization_version"] == .uint32(2))
        #expect(after.tensors.map(\.name) == before.tensors.map(\.name))
        #expect(after.tensors.map(\.shape) == before.tensors.map(\.shape))
    }

    /// One tensor that ends in its second slab.
    @Test(arguments: [(1, .q4_K_M), (2, .q5_K_M), (3, .q8_0)] as [(Int, Quantization)])
    func threadsAndSlabsChangeNothing(threads: Int, type: Quantization) throws {
        let count = WeightConverter.slab * 5 / 4
        let weights = [Float](unsafeUninitializedCapacity: count) { weights, initialized in
            for i in 0..<count { weights[i] = Float((UInt32(truncatingIfNeeded: i) &* 2_654_435_761) >> 8) / 8_388_608 - 1 }
            initialized = count
        }
        var writer = GGUFWriter()
        let name = "blk.0.attn_q.weight"
        writer.add(tensor: name, shape: [256, count / 256], type: .f32, data: weights.withUnsafeBytes { Array($0) })
        var expected = [UInt8](repeating: 0, count: count / type.weightType.blockSize * type.weightType.bytesPerBlock)
        #expect(pl_quantize_row(Int32(type.weightType.rawValue), weights, Int32(count), &expected))
        #expect(try bytes(quantized(writer, to: type, threads: threads), name) == expected)
    }

    @Test func q8IsNearEnoughToQuantizeFrom() throws {
        let q8 = try quantized(Self.wide.writer(), to: .q8_0)
        var writer = GGUFWriter()
        writer.set(all: q8.metadata)
        for tensor in q8.tensors {
            writer.add(tensor: tensor.name, shape: tensor.shape, type: tensor.type, data: Array(q8.bytes(of: tensor)))
        }
        let same = try quantized(writer, to: .q8_0)
        for tensor in q8.tensors { #expect(try bytes(same, tensor.name) == bytes(q8, tensor.name)) }
        let distance = try distance(logits(Model(quantized(writer, to: .q6_K))), logits(Self.wide.model()))
        #expect(distance > 0 && distance < 7e-3, "\(distance)")
    }

    private func refusal(_ writer: GGUFWriter, _ type: Quantization = .q4_0) throws -> String? {
        do {
            _ = try quantized(writer, to: type)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func whatIsNoWholeModelOfFineWeightsIsRefused() throws {
        var split = TinyModel().writer()
        split.set("split.count", .uint16(3))
        #expect(try refusal(split)?.contains("one of 3 parts of a model: join them first") == true)

        var adapter = TinyModel().writer()
        adapter.set("general.type", .string("adapter"))
        #expect(try refusal(adapter)?.contains("'adapter', not 'model'") == true)

        var vocabulary = GGUFWriter()
        vocabulary.set("general.architecture", .string("llama"))
        #expect(try refusal(vocabulary)?.contains("no weights to quantize") == true)

        var coarse = GGUFWriter()
        coarse.add(tensor: "blk.0.attn_q.weight", shape: [256, 2], type: .q4_K, data: [UInt8](repeating: 0, count: 288))
        #expect(try refusal(coarse)?.contains("'blk.0.attn_q.weight' is Q4_K already") == true)
        #expect(try refusal(coarse, .q4_K_M) == nil, "it has the type that it would get")
    }

    @Test(arguments: [Float.nan, .infinity, -70000]) func weightsThatAreNoWeightsAreNamed(value: Float) throws {
        var writer = GGUFWriter()
        let weights = [Float](repeating: 1, count: 511) + [value]
        writer.add(tensor: "blk.0.ffn_up.weight", shape: [256, 2], type: .f32, data: weights.withUnsafeBytes { Array($0) })
        #expect(try refusal(writer)?.hasSuffix("tensor 'blk.0.ffn_up.weight' has a weight that is not finite or beyond 65504; the file is damaged") == true)
    }

    @Test func progressEndsAtTheWholeAndCanEndTheWork() throws {
        let calls = Mutex<[(done: Int, all: Int)]>([])
        let writer = Self.wide.writer()
        _ = try quantized(writer, to: .q4_0) { done, all throws(GGUFError) in calls.withLock { $0.append((done, all)) } }
        let steps = calls.withLock { $0 }
        #expect(steps.map(\.done) == steps.map(\.done).sorted() && steps.last?.done == steps.last?.all)

        let (input, output) = (temporaryPath(), temporaryPath())
        defer { remove(input) }
        try writer.write(to: input)
        #expect(throws: GGUFError("enough")) {
            try Quantizer(GGUFFile(path: input), to: .q4_0).write(to: output) { _, _ throws(GGUFError) in throw GGUFError("enough") }
        }
        #expect(throws: GGUFError.self, "nothing was left") { try GGUFFile(path: output) }
    }
}

extension GGUFFile {
    /// What the writer writes.
    fileprivate convenience init(copying writer: GGUFWriter) throws {
        let path = temporaryPath()
        defer { remove(path) }
        try writer.write(to: path)
        try self.init(path: path)
    }
}
