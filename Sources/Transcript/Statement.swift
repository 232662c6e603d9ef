import CSQLite

/// What a statement's places and a row's columns hold.
enum Value {
    case integer(Int64)
    case text(String)
    case null

    init(_ value: Int) { self = .integer(Int64(value)) }
    init(_ value: String?) { self = value.map { .text($0) } ?? .null }
}

/// A prepared statement, finalized when its owner goes. It must not outlive its database.
struct Statement: ~Copyable {
    private let handle: OpaquePointer
    private let path: String

    init(_ handle: OpaquePointer, path: String) {
        (self.handle, self.path) = (handle, path)
    }

    deinit { sqlite3_finalize(handle) }

    /// Fills the places `?` in order, and goes back to the first row.
    func bind(_ values: [Value]) throws(TranscriptError) {
        sqlite3_reset(handle)
        for (place, value) in zip(Int32(1)..., values) {
            let code = switch value {
            case .integer(let value): sqlite3_bind_int64(handle, place, value)
            case .text(var text): text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    // An empty buffer may have no address, and none would be null.
                    $0.baseAddress.map { sqlite3_bind_text64(handle, place, $0, UInt64(bytes.count), pl_sqlite_transient(), UInt8(SQLITE_UTF8)) }
                        ?? sqlite3_bind_text(handle, place, "", 0, pl_sqlite_transient())
                }
            }
            case .null: sqlite3_bind_null(handle, place)
            }
            guard code == SQLITE_OK else { throw error(code) }
        }
    }

    /// Whether there is a next row.
    func step() throws(TranscriptError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw error(code)
        }
    }

    // MARK: Columns of the row, counted from 0

    /// Nil where it is null.
    func integer(_ column: Int32) -> Int64? {
        sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : sqlite3_column_int64(handle, column)
    }

    /// Nil where it is null. What is not UTF-8 is repaired.
    func text(_ column: Int32) -> String? {
        guard let bytes = sqlite3_column_text(handle, column) else { return nil }
        return String(decoding: UnsafeBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, column))), as: UTF8.self)
    }

    private func error(_ code: Int32) -> TranscriptError {
        TranscriptError(code, String(cString: sqlite3_errmsg(sqlite3_db_handle(handle))), path: path)
    }
}
