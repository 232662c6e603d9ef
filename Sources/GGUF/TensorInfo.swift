/// Where a tensor lies in the file and how to read it.
public struct TensorInfo: Sendable, Equatable {
    public let name: String
    /// 1 to 4 sizes in ggml's order: the columns, which lie next to each other in memory, come first.
    public let shape: [Int]
    public let type: TensorType
    /// Where the tensor begins, in bytes from the beginning of the file.
    public let offset: Int
    /// The tensor's size in the file.
    public let byteCount: Int

    /// Weights in a row.
    public var columns: Int { shape[0] }

    /// Rows: the product of all sizes but the first.
    public var rows: Int { shape.dropFirst().reduce(1, *) }
}

extension TensorType {
    /// The bytes of a tensor of this type and shape, or why there is no such tensor.
    func byteCount(shape: [Int]) throws(ShapeProblem) -> Int {
        guard (1...4).contains(shape.count) else { throw ShapeProblem("has \(shape.count) dimensions, not 1 to 4") }
        for size in shape where size <= 0 {
            throw ShapeProblem("has a dimension of \(size)")
        }
        guard shape[0] % blockSize == 0 else {
            throw ShapeProblem("has rows of \(shape[0]) weights, which \(name)'s block of \(blockSize) does not divide")
        }
        var total = shape[0] / blockSize
        for factor in shape.dropFirst() + [bytesPerBlock] {
            let (product, overflow) = total.multipliedReportingOverflow(by: factor)
            guard !overflow else { throw ShapeProblem("is larger than any file") }
            total = product
        }
        return total
    }
}

/// What is wrong with a shape, as the end of a sentence about a tensor.
struct ShapeProblem: Error {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
