/// How the database is laid out, and how an older one becomes a newer one.
///
/// Numbers order things, times only tell: a machine without a clock of its own may wake up in the past.
enum Schema {
    /// "Pltn": tells Platen's databases from others (https://sqlite.org/pragma.html#pragma_application_id).
    static let applicationID: Int64 = 0x506C_746E

    /// What makes version n + 1 of version n.
    private static let migrations = [
        """
        CREATE TABLE conversation (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            started INTEGER NOT NULL,           -- seconds since 1970
            is_over INTEGER NOT NULL DEFAULT 0  -- somebody began another one
        ) STRICT;
        CREATE TABLE turn (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            conversation INTEGER NOT NULL REFERENCES conversation ON DELETE CASCADE,
            asked INTEGER NOT NULL,
            question TEXT NOT NULL,
            answer TEXT NOT NULL DEFAULT '',
            finish TEXT,                        -- null while the answer is made
            on_paper INTEGER NOT NULL DEFAULT 0 -- bytes of the answer that are surely on paper; -1: all, and its end
        ) STRICT;
        CREATE INDEX turn_of_conversation ON turn (conversation);
        CREATE TABLE page (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            line INTEGER NOT NULL,              -- of the sheet, where printing goes on
            is_full INTEGER NOT NULL,           -- a new sheet is wanted
            is_open INTEGER NOT NULL            -- a session is, or was cut off
        ) STRICT;
        INSERT INTO page VALUES (1, 0, 0, 0);
        """,
    ]

    static let version = Int64(migrations.count)

    /// Checks whose database this is, and brings it up to date.
    static func prepare(_ database: borrowing Database) throws(TranscriptError) {
        let found = try check(database)
        guard found < version else { return }
        // Before the first table: space of what is deleted can be given back to the disk.
        if found == 0 { try database.execute("PRAGMA auto_vacuum = INCREMENTAL") }
        try database.execute("BEGIN IMMEDIATE")
        for (number, migration) in migrations.enumerated() where number >= found { try database.execute(migration) }
        try database.execute("PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version); COMMIT")
    }

    /// - Returns: the version, 0 for a file without anything in it.
    static func check(_ database: borrowing Database) throws(TranscriptError) -> Int64 {
        let owner = try database.integer("PRAGMA application_id") ?? 0
        let found = try database.integer("PRAGMA user_version") ?? 0
        if owner == 0, found == 0, try database.integer("SELECT count(*) FROM sqlite_schema") == 0 { return 0 }
        guard owner == applicationID, found > 0 else {
            throw TranscriptError("\(database.path) is a database, but not one of Platen's transcripts", kind: .foreign)
        }
        guard found <= version else {
            throw TranscriptError("\(database.path) was written by a newer Platen (version \(found); this one knows \(version))", kind: .foreign)
        }
        let tables = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('conversation', 'turn', 'page')"
        guard try database.integer(tables) == 3 else {
            throw TranscriptError("\(database.path) has lost tables", kind: .damaged)
        }
        return found
    }
}
