import CKernels
import GGUF

/// Finds tensors by name and checks that they have the shape and a type that the kernels compute with.
struct WeightReader {
    let file: GGUFFile

    func has(_ name: String) -> Bool { file.tensor(name) != nil }

    /// `NAME.weight` as a matrix, with `NAME.bias` where the file has it.
    func matrix(_ name: String, rows: Int, columns: Int, needsBias: Bool = false) throws(InferenceError) -> Matrix {
        let info = try tensor(name + ".weight", shape: [columns, rows])
        let kind = Int32(info.type.rawValue)
        guard pl_type_supported(kind) else {
            throw InferenceError("\(file.path): tensor '\(info.name)' has type \(info.type.name), which cannot be computed with; supported are F32 F16 BF16 Q8_0 Q4_0 Q4_1 Q5_0 Q5_1 Q4_K Q5_K Q6_K IQ4_NL IQ4_XS Q3_K Q2_K")
        }
        let bias = needsBias
            ? try vector(name + ".bias", rows) : try optionalVector(name + ".bias", rows)
        return Matrix(
            type: info.type, rows: rows, columns: columns, data: try start(info), byteCount: file.bytes(of: info).count, bias: bias)
    }

    func vector(_ name: String, _ count: Int) throws(InferenceError) -> Vector {
        try floats(name, shape: [count])
    }

    func optionalVector(_ name: String, _ count: Int) throws(InferenceError) -> Vector? {
        has(name) ? try floats(name, shape: [count]) : nil
    }

    /// A tensor of F32.
    func floats(_ name: String, shape: [Int]) throws(InferenceError) -> Vector {
        let info = try tensor(name, shape: shape)
        guard info.type == .f32 else {
            throw InferenceError("\(file.path): tensor '\(name)' has type \(info.type.name); it must be F32")
        }
        return try start(info).assumingMemoryBound(to: Float.self)
    }

    private func start(_ info: TensorInfo) throws(InferenceError) -> UnsafeRawPointer {
        guard let data = file.bytes(of: info).baseAddress else {
            throw InferenceError("\(file.path): tensor '\(info.name)' is empty")
        }
        return data
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
