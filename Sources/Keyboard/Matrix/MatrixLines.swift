/// The wires of a keyboard, on GPIO lines or simulated: rows that are driven, columns that are read, and lines with a single key each.
public protocol MatrixLines: AnyObject {
    /// At most `MatrixState.most` each.
    var rowCount: Int { get }
    var columnCount: Int { get }
    /// Lines with a key of their own, against ground or supply.
    var directCount: Int { get }

    /// Drives these rows to the active level and lets go of all others: a key between two rows must never join two levels.
    func drive(_ rows: UInt64) throws(KeyboardError)
    /// Waits until the columns show what is driven: microseconds.
    func settle()
    /// The columns that have the active level now.
    func readColumns() throws(KeyboardError) -> UInt64
    /// The direct lines whose key is down.
    func readDirect() throws(KeyboardError) -> UInt64

    /// Whether changes of columns and direct lines are noticed by `takeEdges` and `descriptor`.
    func watch(_ isOn: Bool) throws(KeyboardError)
    /// Whether something has changed since the last time this was asked.
    func takeEdges() throws(KeyboardError) -> Bool
    /// Readable when something has changed.
    var descriptor: Int32 { get }
}
