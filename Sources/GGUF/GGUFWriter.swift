/// Makes a GGUF file of version 3.
///
///     var writer = GGUFWriter()
///     writer.set("general.architecture", .string("llama"))
///     writer.add(tensor: "token_embd.weight", shape: [64, 512], type: .f32, data: weights)
///     try writer.write(to: "model.gguf")
public struct GGUFWriter: Sendable {
    /// Gives a tensor's bytes to the sink, in order and in pieces of any size.
    public typealias Source = @Sendable (
        _ sink: (UnsafeRawBufferPointer) throws(GGUFError) -> Void
    ) throws(GGUFError) -> Void

    private struct Tensor {
        let name: String
        let shape: [Int]
        let type: TensorType
        let source: Source
    }

    private let alignment: Int
    private var keys: [String] = []
    private var values: [String: MetadataValue] = [:]
    private var tensors: [Tensor] = []

    /// - Parameter alignment: of each tensor in the file, in bytes: a power of two from 8 to 65536.
    public init(alignment: Int = 32) {
        self.alignment = alignment
    }

    /// Sets a value; keys keep the order in which they first came.
    ///
    /// `general.alignment` is the writer's own and ignored here, so that another file's metadata can be copied whole.
    public mutating func set(_ key: String, _ value: MetadataValue) {
        guard key != "general.alignment" else { return }
        if values.updateValue(value, forKey: key) == nil {
            keys.append(key)
        }
    }

    /// Adds a tensor that lies in memory.
    ///
    /// - Parameter shape: in ggml's order, columns first.
    public mutating func add(tensor name: String, shape: [Int], type: TensorType, data: [UInt8]) {
        add(tensor: name, shape: shape, type: type) { sink throws(GGUFError) in
            try data.span.bytes.withUnsafeBytes(sink)
        }
    }

    /// Adds a tensor whose bytes are made while the file is written, so that a large model need not fit in memory.
    public mutating func add(tensor name: String, shape: [Int], type: TensorType, from source: @escaping Source) {
        tensors.append(Tensor(name: name, shape: shape, type: type, source: source))
    }

    /// Writes the file beside `path` and renames it when it is complete and on the disk: whoever reads `path`, or has
    /// mapped it, sees the old file or the new one, never a part.
    public func write(to path: String) throws(GGUFError) {
        var file = try OutputFile(replacing: path)
        try write(path) { bytes throws(GGUFError) in try file.append(bytes) }
        try file.commit()
    }

    /// The whole file in memory.
    public func bytes() throws(GGUFError) -> [UInt8] {
        var result: [UInt8] = []
        try write("GGUF") { result.append(contentsOf: $0) }
        return result
    }

    private func write(
        _ path: String, _ sink: (UnsafeRawBufferPointer) throws(GGUFError) -> Void
    ) throws(GGUFError) {
        let sizes = try checkedSizes(path)
        try padded(header(sizes)).span.bytes.withUnsafeBytes(sink)
        for (tensor, size) in zip(tensors, sizes) {
            var count = 0
            try tensor.source { bytes throws(GGUFError) in
                count += bytes.count
                try sink(bytes)
            }
            guard count == size else {
                throw GGUFError(path, "tensor \(quoted(tensor.name)) was given \(count) bytes; its shape takes \(size)")
            }
            try padding(after: size).span.bytes.withUnsafeBytes(sink)
        }
    }

    /// The bytes of each tensor, once it is sure that the reader will take the file.
    private func checkedSizes(_ path: String) throws(GGUFError) -> [Int] {
        _ = try checkedAlignment(UInt32(exactly: alignment).map { .uint32($0) } ?? .int64(Int64(alignment)), path: path)
        for key in keys where !(1...longestKey).contains(key.utf8.count) {
            throw GGUFError(path, "key \(quoted(key)) is not 1 to \(longestKey) bytes long")
        }
        var names: Set<String> = []
        var sizes: [Int] = []
        var room = Int.max / 2
        for tensor in tensors {
            guard (1...longestTensorName).contains(tensor.name.utf8.count) else {
                throw GGUFError(path, "tensor \(quoted(tensor.name)) has a name that is not 1 to \(longestTensorName) bytes long")
            }
            guard names.insert(tensor.name).inserted else {
                throw GGUFError(path, "tensor \(quoted(tensor.name)) is given twice")
            }
            do throws(ShapeProblem) {
                let size = try tensor.type.byteCount(shape: tensor.shape)
                guard size <= room - alignment else { throw ShapeProblem("makes the file larger than any") }
                room -= aligned(size)
                sizes.append(size)
            } catch {
                throw GGUFError(path, "tensor \(quoted(tensor.name)) \(error.description)")
            }
        }
        return sizes
    }

    /// Everything before the data: magic, version, counts, metadata and the table of tensors.
    private func header(_ sizes: [Int]) -> [UInt8] {
        var keys = keys
        var values = values
        if alignment != defaultAlignment {
            keys.append("general.alignment")
            values["general.alignment"] = .uint32(UInt32(alignment))
        }
        var bytes = Array("GGUF".utf8)
        UInt32(3).encode(into: &bytes)
        UInt64(tensors.count).encode(into: &bytes)
        UInt64(keys.count).encode(into: &bytes)
        for key in keys {
            guard let value = values[key] else { continue }
            key.encode(into: &bytes)
            value.type.rawValue.encode(into: &bytes)
            value.encode(into: &bytes)
        }
        var offset = 0
        for (tensor, size) in zip(tensors, sizes) {
            tensor.name.encode(into: &bytes)
            UInt32(tensor.shape.count).encode(into: &bytes)
            for dimension in tensor.shape {
                UInt64(dimension).encode(into: &bytes)
            }
            tensor.type.rawValue.encode(into: &bytes)
            UInt64(offset).encode(into: &bytes)
            offset += aligned(size)
        }
        return bytes
    }

    private func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + padding(after: bytes.count)
    }

    private func padding(after size: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: aligned(size) - size)
    }

    private func aligned(_ size: Int) -> Int {
        (size + alignment - 1) & ~(alignment - 1)
    }
}
