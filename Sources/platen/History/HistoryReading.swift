import ArgumentParser
import Transcript

struct HistoryList: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List conversations, the newest last.")

    @OptionGroup var database: DatabaseOptions

    @Option(help: "Only so many of the newest.")
    var last: Int?

    func validate() throws {
        if let last, last < 1 { throw ValidationError("--last \(last) is not a positive number") }
    }

    func run() throws {
        let archive = try database.open()
        let output = OutputStream(standard: OutputStream.standardOutput)
        for conversation in try archive.conversations(last: last) {
            let turns = "\(conversation.turns) turn\(conversation.turns == 1 ? "" : "s")"
            try output.write("""
                \(String(conversation.id).padded(to: 5))  \(localTime(conversation.started))  \(turns.padded(to: 10))  \
                \(HistoryFormat.line(conversation.firstQuestion, limit: 60))

                """)
        }
    }
}

struct HistoryShow: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a conversation, the newest unless a number is given.")

    @OptionGroup var database: DatabaseOptions

    @Argument(help: "Its number in the list.")
    var conversation: Int64?

    func run() throws {
        let archive = try database.open()
        guard let id = try conversation ?? archive.conversations(last: 1).first?.id else {
            throw CommandError("no conversation was kept yet")
        }
        guard let turns = try archive.turns(of: id) else { throw unknownConversation(id) }
        try OutputStream(standard: OutputStream.standardOutput).write(HistoryFormat.text.conversation(id, turns))
    }
}

struct HistorySearch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Search questions and answers for a text, in whatever case; exit status 1 if nowhere.")

    @OptionGroup var database: DatabaseOptions

    @Argument(help: "The text.")
    var text: String

    func validate() throws {
        if text.isEmpty { throw ValidationError("an empty text is everywhere; give one to search for") }
    }

    func run() throws {
        let archive = try database.open()
        let output = OutputStream(standard: OutputStream.standardOutput)
        var found = ""
        try archive.search(text) { conversation, turn in
            found += "\(String(conversation).padded(to: 5))  \(localTime(turn.asked))  \(HistoryFormat.line(turn.question, limit: 60))\n"
            found += "       \(HistoryFormat.line(turn.answer, limit: 200))\n"
        }
        try output.write(found)
        if found.isEmpty { throw ExitCode.failure }
    }
}

struct HistoryExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write conversations to standard output, all unless numbers are given.")

    @OptionGroup var database: DatabaseOptions

    @Option(help: "text, json or markdown.")
    var format = HistoryFormat.text

    @Argument(help: "Their numbers in the list.")
    var conversations: [Int64] = []

    func run() throws {
        let archive = try database.open()
        let ids = try conversations.isEmpty ? archive.conversations().map(\.id) : conversations
        // Before anything is written: half a list is no JSON.
        for id in conversations where try archive.turns(of: id) == nil { throw unknownConversation(id) }
        let output = OutputStream(standard: OutputStream.standardOutput)
        try output.write(format.opening)
        var separator = ""
        for id in ids {
            // What the typewriter has just made room of is not there any more.
            guard let turns = try archive.turns(of: id) else { continue }
            try output.write(separator + format.conversation(id, turns))
            separator = format.separator
        }
        try output.write(format.closing)
    }
}
