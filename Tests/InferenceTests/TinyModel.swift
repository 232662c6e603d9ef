import GGUF
@testable import Inference

/// Small models with repeatable random F32 weights, built in memory's writer and mapped from a temporary file.
struct TinyModel {
    var family = "llama"
    var width = 64
    var heads = 4
    var keyValueHeads = 2
    var headSize: Int?
    var feedForward = 96
    var layers = 2
    var vocabulary = 50
    /// Changes made to the metadata before writing.
    var changes: [String: MetadataValue] = [:]
    /// Tensors left out.
    var without: Set<String> = []
    /// Shapes that differ from what the metadata asks for.
    var shapes: [String: [Int]] = [:]
    /// Types that differ from F32.
    var types: [String: TensorType] = [:]

    func writer() -> GGUFWriter {
        var w = GGUFWriter()
        var random = RandomSource(seed: 42)
        let size = headSize ?? width / heads
        func set(_ key: String, _ value: MetadataValue) { w.set(key, changes[key] ?? value) }
        set("general.architecture", .string(family))
        set("\(family).block_count", .uint32(UInt32(layers)))
        set("\(family).embedding_length", .uint32(UInt32(width)))
        set("\(family).feed_forward_length", .uint32(UInt32(feedForward)))
        set("\(family).attention.head_count", .uint32(UInt32(heads)))
        set("\(family).attention.head_count_kv", .uint32(UInt32(keyValueHeads)))
        set("\(family).context_length", .uint32(256))
        set("\(family).attention.layer_norm_rms_epsilon", .float32(1e-5))
        if headSize != nil { set("\(family).attention.key_length", .uint32(UInt32(size))) }
        for (key, value) in changes.sorted(by: { $0.key < $1.key }) where key.hasPrefix("\(family).rope") { w.set(key, value) }

        func add(_ name: String, _ shape: [Int], around mean: Float = 0) {
            guard !without.contains(name) else { return }
            let shape = shapes[name] ?? shape
            let spread = mean == 0 ? 1 / Float(shape[0]).squareRoot() : 0.1
            var data: [UInt8] = []
            for _ in 0..<shape.reduce(1, *) {
                let value = mean + (random.nextUnit() * 2 - 1) * spread * 1.7
                withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
            }
            let type = types[name] ?? .f32
            if type == .f16 { data.removeLast(data.count / 2) }
            w.add(tensor: name, shape: shape, type: type, data: data)
        }
        add("token_embd.weight", [width, vocabulary])
        for i in 0..<layers {
            let p = "blk.\(i)."
            add(p + "attn_norm.weight", [width], around: 1)
            add(p + "attn_q.weight", [width, heads * size])
            add(p + "attn_k.weight", [width, keyValueHeads * size])
            add(p + "attn_v.weight", [width, keyValueHeads * size])
            if family == "qwen2" {
                add(p + "attn_q.bias", [heads * size])
                add(p + "attn_k.bias", [keyValueHeads * size])
                add(p + "attn_v.bias", [keyValueHeads * size])
            }
            if family == "qwen3" {
                add(p + "attn_q_norm.weight", [size], around: 1)
                add(p + "attn_k_norm.weight", [size], around: 1)
            }
            add(p + "attn_output.weight", [heads * size, width])
            add(p + "ffn_norm.weight", [width], around: 1)
            add(p + "ffn_gate.weight", [width, feedForward])
            add(p + "ffn_up.weight", [width, feedForward])
            add(p + "ffn_down.weight", [feedForward, width])
        }
        add("output_norm.weight", [width], around: 1)
        add("output.weight", [width, vocabulary])
        return w
    }

    /// Writes, maps and checks the model. The file is unlinked at once; the map keeps its content.
    func model() throws -> Model {
        let path = temporaryPath()
        try writer().write(to: path)
        defer { remove(path) }
        return try Model(GGUFFile(path: path))
    }
}
