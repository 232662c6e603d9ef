/// A place in a matrix where a row and a column cross.
public struct MatrixPosition: Sendable, Hashable {
    public let row: Int
    public let column: Int

    public init(row: Int, column: Int) {
        self.row = row
        self.column = column
    }
}

/// Which contacts of a matrix are closed, or anything else that is true of some of its places.
public struct MatrixState: Sendable, Hashable {
    /// Rows and columns that a matrix may have: a row is a word.
    public static let most = 64

    /// [row]: bit c is column c.
    public var rows: [UInt64]

    public init(rowCount: Int) {
        rows = [UInt64](repeating: 0, count: rowCount)
    }

    public subscript(position: MatrixPosition) -> Bool {
        get { rows[position.row] >> UInt64(position.column) & 1 == 1 }
        set {
            let bit: UInt64 = 1 << UInt64(position.column)
            rows[position.row] = newValue ? rows[position.row] | bit : rows[position.row] & ~bit
        }
    }

    public var isEmpty: Bool { rows.allSatisfy { $0 == 0 } }
}
