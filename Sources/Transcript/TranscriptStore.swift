/// The database as a session writes it: one conversation at a time, each change whole and on the disk when the call returns.
public struct TranscriptStore: ~Copyable {
    private let database: Database
    private let sizeLimit: Int64
    /// The one that the next turn belongs to; nil begins another.
    private var conversation: Int64?

    private static let cacheKiB = 128

    /// Opens the file, or makes it.
    /// - Parameter sizeLimit: bytes; the oldest conversations go when they take more.
    public init(path: String, sizeLimit: Int64) throws(TranscriptError) {
        let database = try Database(path: path, .making)
        // Foreign files are recognised before anything is written.
        _ = try Schema.check(database)
        // What is written is hardly read again: SQLite's own 2 MB of pages would only fill up over the years.
        try database.execute("PRAGMA cache_size = -\(Self.cacheKiB)")
        // Every commit is synced to the disk before the call returns; what is deleted is overwritten.
        try database.execute("PRAGMA secure_delete = ON")
        try Schema.prepare(database)
        try database.execute("""
            PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; \
            PRAGMA journal_size_limit = 4194304
            """)
        self.database = database
        self.sizeLimit = sizeLimit
    }

    // MARK: What was there

    /// What the last session left.
    public struct Remains: Sendable {
        /// The turns of the conversation that nobody ended, oldest first; empty where there is none.
        public var turns: [TurnRecord]
        public var page: PageRecord

        public init(turns: [TurnRecord], page: PageRecord) {
            (self.turns, self.page) = (turns, page)
        }
    }

    /// Reads what is there, and goes on with the conversation that nobody ended.
    /// - Parameter most: so many of its last turns.
    public mutating func resume(most: Int) throws(TranscriptError) -> Remains {
        let page = try readPage()
        let last = try database.integer("SELECT max(id) FROM conversation")
        guard let last, try database.integer("SELECT is_over FROM conversation WHERE id = ?", .integer(last)) == 0 else {
            return Remains(turns: [], page: page)
        }
        conversation = last
        let query = try database.prepare("SELECT \(TurnRecord.columns) FROM turn WHERE conversation = ? ORDER BY id DESC LIMIT ?")
        try query.bind([.integer(last), Value(most)])
        var turns: [TurnRecord] = []
        while try query.step() { turns.append(TurnRecord(query)) }
        return Remains(turns: turns.reversed(), page: page)
    }

    private func readPage() throws(TranscriptError) -> PageRecord {
        let query = try database.prepare("SELECT line, is_full, is_open FROM page")
        guard try query.step() else { return PageRecord() }
        return PageRecord(
            // No sheet is longer; a damaged number must not be added to.
            line: Int(min(max(0, query.integer(0) ?? 0), 1 << 20)), isFull: query.integer(1) == 1, isOpen: query.integer(2) == 1)
    }

    /// Reads all of the database.
    /// - Throws: `damaged` with what SQLite finds wrong.
    public func checkIntegrity() throws(TranscriptError) {
        let query = try database.prepare("PRAGMA integrity_check(1)")
        guard try query.step(), query.text(0) == "ok" else {
            throw TranscriptError("\(database.path) is damaged (\(query.text(0) ?? "no answer"))", kind: .damaged)
        }
    }

    // MARK: What is kept

    /// Keeps a turn as it is now, and the page with it. A turn that somebody has deleted meanwhile stays deleted.
    public mutating func keep(_ turn: inout TurnRecord, on page: PageRecord) throws(TranscriptError) {
        let (current, draft) = (conversation, turn)
        let (kept, row) = try database.transaction { () throws(TranscriptError) -> (Int64?, Int64?) in
            try write(page)
            if let row = draft.id {
                try database.run(
                    "UPDATE turn SET answer = ?, finish = ?, on_paper = ? WHERE id = ?",
                    .text(draft.answer), Value(draft.finish), .integer(draft.paper.number), .integer(row))
                return (current, row)
            }
            let owner = try owner(current, at: draft.asked)
            try database.run(
                "INSERT INTO turn (conversation, asked, question, answer, finish, on_paper) VALUES (?, ?, ?, ?, ?, ?)",
                .integer(owner), .integer(draft.asked), .text(draft.question), .text(draft.answer), Value(draft.finish),
                .integer(draft.paper.number))
            return (owner, database.lastRow)
        }
        (conversation, turn.id) = (kept, row)
    }

    /// The conversation, or a new one where there is none, or none any more.
    private func owner(_ current: Int64?, at time: Int64) throws(TranscriptError) -> Int64 {
        if let current, try database.integer("SELECT 1 FROM conversation WHERE id = ?", .integer(current)) != nil { return current }
        try database.run("INSERT INTO conversation (started) VALUES (?)", .integer(time))
        return database.lastRow
    }

    /// Keeps where the page is.
    public func keep(_ page: PageRecord) throws(TranscriptError) {
        try database.transaction { () throws(TranscriptError) in try write(page) }
    }

    private func write(_ page: PageRecord) throws(TranscriptError) {
        try database.run(
            "UPDATE page SET line = ?, is_full = ?, is_open = ? WHERE line != ?1 OR is_full != ?2 OR is_open != ?3",
            Value(page.line), Value(page.isFull ? 1 : 0), Value(page.isOpen ? 1 : 0))
    }

    /// The next turn begins another conversation, also after a cut.
    public mutating func endConversation(on page: PageRecord) throws(TranscriptError) {
        guard let ended = conversation else { return }
        try database.transaction { () throws(TranscriptError) in
            try write(page)
            try database.run("UPDATE conversation SET is_over = 1 WHERE id = ?", .integer(ended))
        }
        conversation = nil
    }

    // MARK: Size

    /// Where the database is larger than it may be, the oldest conversations go until a tenth is free, and of one that is larger
    /// alone its oldest turns; never the last turn.
    /// - Returns: how many turns went.
    public func prune() throws(TranscriptError) -> Int {
        guard try usedBytes() > sizeLimit else { return 0 }
        var removed = 0
        while try usedBytes() > sizeLimit / 10 * 9 {
            let count = try database.transaction { () throws(TranscriptError) -> Int in
                let before = try database.integer("SELECT count(*) FROM turn") ?? 0
                try database.run("DELETE FROM conversation WHERE id = (SELECT min(id) FROM conversation) AND id < (SELECT max(id) FROM conversation)")
                if database.changes == 0 {
                    try database.run("""
                        DELETE FROM turn WHERE id IN (SELECT id FROM turn ORDER BY id LIMIT 16) AND id < (SELECT max(id) FROM turn)
                        """)
                }
                return Int(before - (try database.integer("SELECT count(*) FROM turn") ?? 0))
            }
            // An empty conversation may go without a turn.
            guard count > 0 || database.changes > 0 else { break }
            removed += count
        }
        try database.execute("PRAGMA incremental_vacuum")
        return removed
    }

    /// Gives back the room of the write-ahead log.
    public func emptyLog() throws(TranscriptError) { _ = try database.emptyLog() }

    /// The file was removed or replaced: what is written from now on nobody will read.
    public var hasMoved: Bool { database.hasMoved }

    private func usedBytes() throws(TranscriptError) -> Int64 {
        let pages = (try database.integer("PRAGMA page_count") ?? 0) - (try database.integer("PRAGMA freelist_count") ?? 0)
        return pages * (try database.integer("PRAGMA page_size") ?? 0)
    }
}

extension TurnRecord {
    /// In the order in which `init` reads them.
    static let columns = "id, asked, question, answer, finish, on_paper"

    init(_ row: borrowing Statement) {
        self.init(
            asked: row.integer(1) ?? 0, question: row.text(2) ?? "", answer: row.text(3) ?? "", finish: row.text(4),
            paper: OnPaper(row.integer(5) ?? 0))
        id = row.integer(0)
    }
}
