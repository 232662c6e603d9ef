import ArgumentParser
import Glibc
import Transcript

struct HistoryDelete: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete conversations for good.",
        discussion: """
            Examples:
              platen history delete 12 13
              platen history delete --before 2026-01-01
              platen history delete --all

            What a running typewriter has in mind it forgets with Ctrl-N only.
            """
    )

    @OptionGroup var database: DatabaseOptions

    @Argument(help: "Their numbers in the list.")
    var conversations: [Int64] = []

    @Flag(help: "All of them.")
    var all = false

    @Option(help: "Those that began before this day, as YYYY-MM-DD.")
    var before: String?

    func validate() throws {
        guard [!conversations.isEmpty, all, before != nil].count(where: \.self) == 1 else {
            throw ValidationError("say which: numbers, --before DATE, or --all")
        }
        if let before, Self.startOfDay(before) == nil { throw ValidationError("--before \(before) is no date such as 2026-01-31") }
    }

    func run() throws {
        let archive = try database.open(deletes: true)
        var count = 0
        if conversations.isEmpty {
            count = try archive.delete(before: before.flatMap(Self.startOfDay))
        } else {
            // None goes if one of them is wrong.
            for id in conversations {
                guard try archive.turns(of: id) != nil else { throw unknownConversation(id) }
            }
            count = try archive.delete(Set(conversations))
        }
        if try !archive.overwrite() {
            try OutputStream(standard: OutputStream.standardError).write(
                "another program reads the transcripts, so what was deleted still stands in their log; `platen history delete --before 1970-01-02` overwrites it later\n")
        }
        try OutputStream(standard: OutputStream.standardOutput).write("\(count) conversation\(count == 1 ? "" : "s") deleted\n")
    }

    /// Local midnight of a day that there is, in seconds since 1970.
    private static func startOfDay(_ text: String) -> Int64? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.map(\.count) == [4, 2, 2], parts.allSatisfy({ $0.allSatisfy { ("0"..."9").contains($0) } }),
            let year = Int32(parts[0]), let month = Int32(parts[1]), let day = Int32(parts[2])
        else { return nil }
        var fields = tm()
        (fields.tm_year, fields.tm_mon, fields.tm_mday, fields.tm_isdst) = (year - 1900, month - 1, day, -1)
        let time = mktime(&fields)
        // The 31st of February would become another day.
        return fields.tm_mon == month - 1 && fields.tm_mday == day ? Int64(time) : nil
    }
}
