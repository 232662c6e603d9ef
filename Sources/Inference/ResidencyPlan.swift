/// What of every matrix stays in memory, and in which pieces the rest is read from the file for each pass.
///
/// The same share of the rows of each matrix stays, so that reading and computing keep in step through a whole pass and
/// little has to be read in advance. (Which rows hardly matters: every one is needed once for each pass.)
///
/// `@unchecked`: the addresses only name matrices.
struct ResidencyPlan: @unchecked Sendable {
    /// Successive rows of one matrix that are read together.
    struct Piece: Sendable {
        let rows: Range<Int>
        /// Where the read begins in the file: a multiple of the alignment of reads.
        let offset: Int
        /// Bytes before the first row.
        let lead: Int
        /// Bytes from `offset` to the end of the last row.
        let byteCount: Int
    }

    /// What becomes of one matrix.
    struct Split: Sendable {
        /// The first rows, which stay.
        let keptRows: Int
        /// The rest: of `ResidencyPlan.pieces`.
        let pieces: Range<Int>
    }

    /// Small enough that a few of them are a small buffer, large enough for a disk's full speed.
    static let pieceBytes = 1 << 20
    /// Rows that kernels take at once.
    private static let granule = 16

    /// By the matrix's address.
    let splits: [UnsafeRawPointer: Split]
    /// In the order of a pass.
    let pieces: [Piece]
    /// Bytes of rows that stay.
    let keptBytes: Int
    /// Bytes of rows that are read for each pass.
    let streamedBytes: Int

    /// - Parameters:
    ///   - matrices: in the order of a pass.
    ///   - budget: bytes that may stay.
    ///   - alignment: of reads, a power of two.
    ///   - offset: where an address lies in the file.
    init(_ matrices: [Matrix], budget: Int, alignment: Int, offset: (UnsafeRawPointer) -> Int) {
        let total = matrices.reduce(0) { $0 + $1.byteCount }
        let share = total > 0 ? min(1, Double(max(0, budget)) / Double(total)) : 1
        var splits: [UnsafeRawPointer: Split] = [:]
        var pieces: [Piece] = []
        var kept = 0
        for matrix in matrices {
            let keptRows = share == 1 ? matrix.rows : Int(Double(matrix.rows) * share) / Self.granule * Self.granule
            let first = pieces.count
            let perPiece = Self.rowsPerPiece(of: matrix, streamed: matrix.rows - keptRows)
            for row in stride(from: keptRows, to: matrix.rows, by: perPiece) {
                let rows = row..<min(row + perPiece, matrix.rows)
                let begin = offset(matrix.data) + rows.lowerBound * matrix.rowBytes
                let lead = begin & (alignment - 1)
                pieces.append(Piece(rows: rows, offset: begin - lead, lead: lead, byteCount: lead + rows.count * matrix.rowBytes))
            }
            splits[matrix.data] = Split(keptRows: keptRows, pieces: first..<pieces.count)
            kept += keptRows * matrix.rowBytes
        }
        self.splits = splits
        self.pieces = pieces
        keptBytes = kept
        streamedBytes = total - kept
    }

    /// Bytes that no piece of these matrices exceeds, whatever the budget.
    static func largestPiece(of matrices: [Matrix], alignment: Int) -> Int {
        alignment + matrices.reduce(0) { max($0, min($1.byteCount, pieceBytes + granule * $1.rowBytes)) }
    }

    /// Pieces of nearly equal size; at least one row each.
    private static func rowsPerPiece(of matrix: Matrix, streamed rows: Int) -> Int {
        let count = max(1, (rows * matrix.rowBytes + pieceBytes - 1) / pieceBytes)
        let even = (rows + count - 1) / count
        return even > granule ? (even + granule - 1) / granule * granule : max(1, even)
    }
}
