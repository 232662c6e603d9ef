import CSQLite

/// Why transcripts could not be read or kept: one line that says what, where and what to do.
public struct TranscriptError: Error, Sendable, CustomStringConvertible, Equatable {
    public enum Kind: Sendable {
        /// The file is no database, or a torn one.
        case damaged
        /// A database of somebody else, or of a newer version.
        case foreign
        /// There is no room.
        case full
        /// Nothing is wrong with the file: no permission, a lock that lasts.
        case other
    }

    public let description: String
    public let kind: Kind

    public init(_ description: String, kind: Kind = .other) {
        (self.description, self.kind) = (description, kind)
    }

    /// - Parameter code: a result code of SQLite (https://sqlite.org/rescode.html).
    init(_ code: Int32, _ message: String, path: String) {
        switch code & 0xFF {
        case SQLITE_CORRUPT, SQLITE_NOTADB: self.init("\(path) is no database, or a damaged one (\(message))", kind: .damaged)
        case SQLITE_FULL: self.init("\(path): the disk is full; make room, or lower transcript.size_limit_mib", kind: .full)
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
            self.init("\(path) cannot be written: the file or its directory is read-only for this user")
        case SQLITE_CANTOPEN: self.init("\(path) cannot be opened: is its directory there, and may this user write in it?")
        case SQLITE_BUSY, SQLITE_LOCKED: self.init("\(path) is locked by another program; try again when that is done")
        case SQLITE_IOERR: self.init("\(path): reading or writing failed (\(message)); is the card or disk worn out or full?")
        default: self.init("\(path): \(message)")
        }
    }
}
