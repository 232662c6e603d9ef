/// Finds the keys of a matrix without diodes that cannot be told, and leaves them as they were known.
///
/// Without diodes current runs back through keys that are down: three corners of a rectangle close the fourth. Rows and columns are the
/// points of a graph and keys its edges; a reading says which points are joined, so a key is certain only where nothing but it can
/// join them: where it lies on no circle. A rectangle is the smallest circle; places without a key are in none.
public struct GhostFilter: Sendable {
    private let keys: MatrixState

    /// - Parameter keys: The places that have a key; rows of a reading beyond these are no part of the matrix, and left alone.
    public init(keys: MatrixState) {
        self.keys = keys
    }

    /// The contacts that are certainly closed, and of the others that read as closed those that are `known`.
    /// - Parameters:
    ///   - reading: What was read of the columns, row by row.
    ///   - known: The keys that count as down.
    public func contacts(_ reading: MatrixState, known: MatrixState) -> MatrixState {
        var uncertain = MatrixState(rowCount: keys.rows.count)
        for row in keys.rows.indices { uncertain.rows[row] = reading.rows[row] & keys.rows[row] }
        // A point with one edge is on no circle; what is left without such points is taken to be circles.
        var isShrinking = true
        while isShrinking {
            var (once, twice): (UInt64, UInt64) = (0, 0)
            for row in uncertain.rows {
                twice |= once & row
                once |= row
            }
            isShrinking = false
            for row in uncertain.rows.indices where uncertain.rows[row] != 0 {
                var kept = uncertain.rows[row] & twice
                if kept.nonzeroBitCount == 1 { kept = 0 }
                isShrinking = isShrinking || kept != uncertain.rows[row]
                uncertain.rows[row] = kept
            }
        }
        var contacts = reading
        for row in keys.rows.indices {
            contacts.rows[row] &= keys.rows[row] & (~uncertain.rows[row] | known.rows[row])
        }
        return contacts
    }
}
