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

    /// Some of the rows, where they lie.
    func rows(_ range: Range<Int>) -> Matrix {
        Matrix(
            type: type, rows: range.count, columns: columns, data: data + range.lowerBound * rowBytes,
            byteCount: range.count * rowBytes, bias: bias.map { $0 + range.lowerBound })
    }

    /// Bytes of one row.
    var rowBytes: Int { columns / type.blockSize * type.bytesPerBlock }
}

/// A vector of F32 weights in the mapped file.
typealias Vector = UnsafePointer<Float>
