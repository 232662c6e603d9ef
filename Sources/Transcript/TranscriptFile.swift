import Glibc

/// The database's files on the disk.
public enum TranscriptFile {
    /// In the state directory.
    public static let name = "transcripts.db"

    /// Opens or makes the database. One that is damaged or somebody else's is set aside under another name, as it is, and a new
    /// one begun.
    /// - Parameter report: hears why, and the other name.
    public static func open(
        _ path: String, sizeLimit: Int64, report: (String) -> Void
    ) throws(TranscriptError) -> TranscriptStore {
        try makePrivate(path)
        do {
            return try TranscriptStore(path: path, sizeLimit: sizeLimit)
        } catch {
            guard error.kind == .damaged || error.kind == .foreign else { throw error }
            let place = try setAside(path)
            report("\(error); it is set aside as \(place), and new transcripts are begun")
            try makePrivate(path)
            return try TranscriptStore(path: path, sizeLimit: sizeLimit)
        }
    }

    /// A new file is for its owner and group alone; SQLite gives its companions the same mode.
    private static func makePrivate(_ path: String) throws(TranscriptError) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o640)
        guard descriptor >= 0 else { throw TranscriptError("\(path): \(String(cString: strerror(errno)))") }
        close(descriptor)
    }

    /// Renames the database and its write-ahead log.
    /// - Returns: the new path.
    public static func setAside(_ path: String) throws(TranscriptError) -> String {
        for number in 1...9999 {
            let place = "\(path).set-aside-\(number)"
            guard access(place, F_OK) != 0 else { continue }
            // The log first: alone, each would be another database than both together.
            for companion in ["-wal", ""] where access(path + companion, F_OK) == 0 {
                guard rename(path + companion, place + companion) == 0 else {
                    throw TranscriptError("\(path) cannot be set aside: \(String(cString: strerror(errno)))")
                }
            }
            // An index of the log, made anew whenever it is missing.
            unlink(path + "-shm")
            return place
        }
        throw TranscriptError("\(path) cannot be set aside: all names are taken; remove some of its \(path).set-aside-... files")
    }
}
