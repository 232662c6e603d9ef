import ArgumentParser
import Glibc
import Transcript
import Typewriter

/// `platen history`: the kept conversations, also while the typewriter writes.
struct History: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show, search, export and delete the conversations that the typewriter kept.",
        discussion: """
            Examples:
              platen history
              platen history show 12
              platen history search "capital of"
              platen history export --format markdown > talks.md
              platen history delete --before 2026-01-01

            The database is transcripts.db in state.directory of the settings (--config, or /etc/platen/platen.toml). Where they name none it is \
            in the user's own, else in the service's, /var/lib/platen, which only root and its user can look into. The typewriter may go on meanwhile.
            """,
        subcommands: [HistoryList.self, HistoryShow.self, HistorySearch.self, HistoryExport.self, HistoryDelete.self],
        defaultSubcommand: HistoryList.self
    )
}

/// Which database it is about.
struct DatabaseOptions: ParsableArguments {
    @Option(help: "A database file.")
    var database: String?

    @Option(help: "A settings file, whose state.directory is looked in.")
    var config: String?

    /// Where the service keeps its state.
    private static let serviceDirectory = "/var/lib/platen"

    func open(deletes: Bool = false) throws -> TranscriptArchive {
        let path = try path()
        guard access(path, F_OK) == 0 || errno != ENOENT else {
            throw CommandError("\(path) is not there: nothing was kept yet, or elsewhere; name the file with --database")
        }
        guard access(path, R_OK) == 0 else {
            throw CommandError("\(path): \(String(cString: strerror(errno))); try it as root, or as the typewriter's user")
        }
        return try TranscriptArchive(path: path, deletes: deletes)
    }

    private func path() throws -> String {
        if let database { return database }
        // What else is wrong with the standard file matters to the typewriter alone.
        let state = try config.map { try Settings(file: $0).state } ?? SettingsFiles().settings.state
        if !state.directory.isEmpty { return state.directory + "/" + TranscriptFile.name }
        let service = Self.serviceDirectory + "/" + TranscriptFile.name
        guard let own = try? StateDirectory.path(state) + "/" + TranscriptFile.name else { return service }
        // A directory that cannot be looked into is there all the same, and the error is to say so.
        return access(own, F_OK) != 0 && access(Self.serviceDirectory, F_OK) == 0 ? service : own
    }
}

/// A conversation's number that is none of those that are there.
func unknownConversation(_ id: Int64) -> CommandError {
    CommandError("there is no conversation \(id); `platen history` lists those that there are")
}

/// Local time, to the minute.
func localTime(_ seconds: Int64) -> String { format(seconds, "%Y-%m-%d %H:%M", localtime_r) }

/// UTC as in RFC 3339.
func utcTime(_ seconds: Int64) -> String { format(seconds, "%Y-%m-%dT%H:%M:%SZ", gmtime_r) }

private func format(
    _ seconds: Int64, _ pattern: String, _ convert: (UnsafePointer<time_t>, UnsafeMutablePointer<tm>) -> UnsafeMutablePointer<tm>?
) -> String {
    var (time, fields, buffer) = (time_t(seconds), tm(), [CChar](repeating: 0, count: 64))
    guard convert(&time, &fields) != nil else { return "\(seconds)" }
    let count = strftime(&buffer, buffer.count, pattern, &fields)
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
