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

    private enum Value {
        case made(MetadataValue)
        case copied(Metadata.Entry, Storage)
    }

    private let alignment: Int
    private var keys: [String] = []
    private var values: [String: Value] = [:]
    private var tensors: [Tensor] = []

    /// - Parameter alignment: of each tensor in the file, in bytes: a power of two from 8 to 65536.
    public init(alignment: Int = 32) {
        self.alignment = alignment
    }

    /// Sets a value; keys keep the order in which they first came.
    ///
    /// `general.alignment` is the writer's own and ignored here, so that another file's metadata can be copied whole.
    public mutating func set(_ key: String, _ value: MetadataValue) {
        set(key, .made(value))
    }

    /// Sets all of another file's values, byte for byte: keys that nobody knows, too.
    public mutating func set(all metadata: Metadata) {
        for entry in metadata.entries {
            set(entry.key, .copied(entry, metadata.storage))
        }
    }

    private mutating func set(_ key: String, _ value: Value) {
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
        let sizes = try checkedSizes(path)
        try OutputFile.checkName(path)
        var file = try OutputFile(replacing: path)
        var size = 0
        try writeHeader(sizes) { size += $0.count }
        try file.checkRoom(for: sizes.reduce(aligned(size)) { $0 + aligned($1) })
        try write(path, sizes) { bytes throws(GGUFError) in try file.append(bytes) }
        try file.commit()
    }

    /// The whole file in memory.
    public func bytes() throws(GGUFError) -> [UInt8] {
        var result: [UInt8] = []
        try write("GGUF", checkedSizes("GGUF")) { result.append(contentsOf: $0) }
        return result
    }

    private func write(
        _ path: String, _ sizes: [Int], _ sink: (UnsafeRawBufferPointer) throws(GGUFError) -> Void
    ) throws(GGUFError) {
        var count = 0
        try writeHeader(sizes) { bytes throws(GGUFError) in
            count += bytes.count
            try sink(bytes)
        }
        try padding(after: count).span.bytes.withUnsafeBytes(sink)
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
    private func writeHeader(
        _ sizes: [Int], _ sink: (UnsafeRawBufferPointer) throws(GGUFError) -> Void
    ) throws(GGUFError) {
        var bytes = Array("GGUF".utf8)
        UInt32(3).encode(into: &bytes)
        UInt64(tensors.count).encode(into: &bytes)
        UInt64(keys.count + (alignment != defaultAlignment ? 1 : 0)).encode(into: &bytes)
        for key in keys {
            guard let value = values[key] else { continue }
            key.encode(into: &bytes)
            switch value {
            case .made(let value):
                value.type.rawValue.encode(into: &bytes)
                value.encode(into: &bytes)
            case .copied(let entry, let storage):
                try bytes.span.bytes.withUnsafeBytes(sink)
                bytes.removeAll(keepingCapacity: true)
                try entry.copy(from: storage, sink)
            }
        }
        if alignment != defaultAlignment {
            "general.alignment".encode(into: &bytes)
            ValueType.uint32.rawValue.encode(into: &bytes)
            UInt32(alignment).encode(into: &bytes)
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
        try bytes.span.bytes.withUnsafeBytes(sink)
    }

    private func padding(after size: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: aligned(size) - size)
    }

    private func aligned(_ size: Int) -> Int {
        (size + alignment - 1) & ~(alignment - 1)
    }
}
