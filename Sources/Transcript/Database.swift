import CSQLite

/// An open SQLite database, closed when its owner goes. One thread at a time.
struct Database: ~Copyable {
    enum Mode {
        case reading, writing
        /// Nobody writes, and nobody can: not even the index of a log.
        case immutable
        /// The file is made where it is missing.
        case making
    }

    let path: String
    let handle: OpaquePointer

    /// Milliseconds that a lock of another program is waited for.
    private static let patience: Int32 = 5000

    /// - Throws: when there is no file, or it can be neither opened nor made.
    init(path: String, _ mode: Mode) throws(TranscriptError) {
        let flags = switch mode {
        case .reading: SQLITE_OPEN_READONLY
        case .immutable: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
        case .writing: SQLITE_OPEN_READWRITE
        case .making: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        }
        var opened: OpaquePointer?
        let name = mode == .immutable ? "file:\(Self.escaped(path))?immutable=1" : path
        let code = sqlite3_open_v2(name, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK, let opened else {
            let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
            sqlite3_close_v2(opened)
            throw TranscriptError(code, message, path: path)
        }
        sqlite3_busy_timeout(opened, Self.patience)
        handle = opened
        self.path = path
    }

    /// For a URI (https://sqlite.org/uri.html, 3.1).
    private static func escaped(_ path: String) -> String {
        path.replacing("%", with: "%25").replacing("?", with: "%3f").replacing("#", with: "%23")
    }

    deinit { sqlite3_close_v2(handle) }

    /// Runs statements that give no rows, or whose rows do not matter.
    func execute(_ statements: String) throws(TranscriptError) {
        let code = sqlite3_exec(handle, statements, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(code) }
    }

    func prepare(_ statement: String) throws(TranscriptError) -> Statement {
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v2(handle, statement, -1, &prepared, nil)
        guard code == SQLITE_OK, let prepared else { throw error(code) }
        return Statement(prepared, path: path)
    }

    /// Runs a statement that gives no rows.
    func run(_ statement: String, _ values: Value...) throws(TranscriptError) {
        let statement = try prepare(statement)
        try statement.bind(values)
        _ = try statement.step()
    }

    /// The number in the first column of the first row; nil without a row, or where it is null.
    func integer(_ query: String, _ values: Value...) throws(TranscriptError) -> Int64? {
        let statement = try prepare(query)
        try statement.bind(values)
        guard try statement.step() else { return nil }
        return statement.integer(0)
    }

    /// Rows that the last statement changed.
    var changes: Int { Int(sqlite3_changes(handle)) }
    var lastRow: Int64 { sqlite3_last_insert_rowid(handle) }

    /// All of `body`, or nothing of it.
    func transaction<Result>(_ body: () throws(TranscriptError) -> Result) throws(TranscriptError) -> Result {
        try execute("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            // A full disk has rolled it back already.
            if sqlite3_get_autocommit(handle) == 0 { try? execute("ROLLBACK") }
            throw error
        }
    }

    /// Copies the write-ahead log into the database and gives back its room.
    /// - Returns: false where another program reads what stands in the log, so that it stays.
    func emptyLog() throws(TranscriptError) -> Bool { try integer("PRAGMA wal_checkpoint(TRUNCATE)") == 0 }

    /// The file is not at its path any more: somebody has removed or replaced it.
    var hasMoved: Bool {
        var moved: Int32 = 0
        return sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved != 0
    }

    private func error(_ code: Int32) -> TranscriptError {
        TranscriptError(code, String(cString: sqlite3_errmsg(handle)), path: path)
    }
}
