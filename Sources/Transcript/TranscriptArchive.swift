import Glibc

/// The kept conversations, for reading, searching and deleting, also while a typewriter writes.
public struct TranscriptArchive: ~Copyable {
    private let database: Database

    /// - Parameter deletes: the file must be writable then.
    /// - Throws: when there is no such file, or it holds something else.
    public init(path: String, deletes: Bool = false) throws(TranscriptError) {
        let database = try Self.isReadOnly(path) && !deletes ? Database(path: path, .immutable) : Database(path: path, deletes ? .writing : .reading)
        let version = try Schema.check(database)
        guard version > 0 else { throw TranscriptError("\(path) is empty: nothing was kept yet") }
        guard version == Schema.version else {
            throw TranscriptError("\(path) is older than this Platen; the typewriter brings it up to date when it starts")
        }
        if deletes { try database.execute("PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA synchronous = FULL") }
        self.database = database
    }

    /// Reading takes an index of the write-ahead log, which cannot be made here, and without a log need not be.
    private static func isReadOnly(_ path: String) throws(TranscriptError) -> Bool {
        let directory = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard access(path, R_OK) == 0, access(directory, W_OK) != 0, access(path + "-shm", F_OK) != 0 else { return false }
        guard access(path + "-wal", F_OK) != 0 else {
            throw TranscriptError("\(path) was not closed, and its directory is read-only; copy it and \(path)-wal to where this user may write")
        }
        return true
    }

    /// A conversation as a line of a list.
    public struct Summary: Sendable, Equatable {
        public let id: Int64
        /// Seconds since 1970.
        public let started: Int64
        public let turns: Int
        public let firstQuestion: String
    }

    /// Oldest first.
    /// - Parameter last: so many; nil for all.
    public func conversations(last: Int? = nil) throws(TranscriptError) -> [Summary] {
        let query = try database.prepare("""
            SELECT c.id, c.started, count(t.id), (SELECT question FROM turn WHERE conversation = c.id ORDER BY id LIMIT 1)
            FROM conversation c LEFT JOIN turn t ON t.conversation = c.id GROUP BY c.id ORDER BY c.id DESC LIMIT ?
            """)
        // A negative limit is none (https://sqlite.org/lang_select.html).
        try query.bind([Value(last ?? -1)])
        var found: [Summary] = []
        while try query.step() {
            found.append(Summary(
                id: query.integer(0) ?? 0, started: query.integer(1) ?? 0, turns: Int(query.integer(2) ?? 0),
                firstQuestion: query.text(3) ?? ""))
        }
        return found.reversed()
    }

    /// The turns of a conversation, oldest first; nil if there is none of that number.
    public func turns(of conversation: Int64) throws(TranscriptError) -> [TurnRecord]? {
        guard try database.integer("SELECT 1 FROM conversation WHERE id = ?", .integer(conversation)) != nil else { return nil }
        let query = try database.prepare("SELECT \(TurnRecord.columns) FROM turn WHERE conversation = ? ORDER BY id")
        try query.bind([.integer(conversation)])
        var turns: [TurnRecord] = []
        while try query.step() { turns.append(TurnRecord(query)) }
        return turns
    }

    /// Gives every turn whose question or answer holds the text, in whatever case, oldest first.
    public func search(_ text: String, found: (_ conversation: Int64, TurnRecord) -> Void) throws(TranscriptError) {
        let wanted = Array(text.lowercased().utf8)
        // SQLite's own LIKE knows the cases of ASCII letters only.
        let query = try database.prepare("SELECT \(TurnRecord.columns), conversation FROM turn ORDER BY id")
        while try query.step() {
            let turn = TurnRecord(query)
            guard [turn.question, turn.answer].contains(where: { !Array($0.lowercased().utf8).ranges(of: wanted).isEmpty }) else { continue }
            found(query.integer(6) ?? 0, turn)
        }
    }

    /// - Returns: how many of them there were.
    public func delete(_ conversations: some Collection<Int64>) throws(TranscriptError) -> Int {
        try database.transaction { () throws(TranscriptError) -> Int in
            var count = 0
            for id in conversations {
                try database.run("DELETE FROM conversation WHERE id = ?", .integer(id))
                count += database.changes
            }
            return count
        }
    }

    /// - Parameter time: seconds since 1970; nil for all. Of a conversation that began earlier all is deleted.
    /// - Returns: how many conversations went.
    public func delete(before time: Int64?) throws(TranscriptError) -> Int {
        try database.transaction { () throws(TranscriptError) -> Int in
            try database.run("DELETE FROM conversation WHERE ?1 IS NULL OR started < ?1", time.map { .integer($0) } ?? .null)
            return database.changes
        }
    }

    /// Overwrites what was deleted where it still stands: in the write-ahead log, and at the end of the file.
    /// - Returns: false where another program that reads keeps it from being overwritten.
    public func overwrite() throws(TranscriptError) -> Bool {
        try database.execute("PRAGMA incremental_vacuum")
        return try database.emptyLog()
    }
}
