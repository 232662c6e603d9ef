import ArgumentParser
import GGUF
import Transcript
import Typewriter

/// How conversations are written.
enum HistoryFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json, markdown

    var opening: String { self == .json ? "[\n" : "" }
    var separator: String { self == .json ? ",\n" : "\n" }
    var closing: String { self == .json ? "\n]\n" : "" }

    func conversation(_ id: Int64, _ turns: [TurnRecord]) -> String {
        switch self {
        case .text:
            turns.map { "\(localTime($0.asked))  \(harmless($0.question))\n\n\(harmless($0.answer))\(remark($0))\n" }.joined(separator: "\n")
        case .markdown:
            "## Conversation \(id)\n" + turns.map { turn in
                let question = turn.question.split(separator: "\n", omittingEmptySubsequences: false).map { "> \($0)" }.joined(separator: "\n")
                return "\n\(question)\n\n\(turn.answer)\(remark(turn))\n"
            }.joined()
        case .json:
            "{\"id\": \(id), \"turns\": [\n" + turns.map { turn in
                """
                  {"asked": \(jsonString(utcTime(turn.asked))), "question": \(jsonString(turn.question)), \
                "answer": \(jsonString(turn.answer)), "finish": \(turn.finish.map(jsonString) ?? "null")}
                """
            }.joined(separator: ",\n") + "\n]}"
        }
    }

    /// How the answer ended, unless the model ended it.
    private func remark(_ turn: TurnRecord) -> String {
        let what = switch turn.finish {
        case nil: "not finished"
        case "endOfTurn"?, "stopSequence"?: ""
        case "cancelled"?: "stopped"
        case "lengthLimit"?: "cut off at conversation.max_tokens"
        case "contextFull"?: "cut off: the context was full"
        case let other?: other
        }
        return what.isEmpty ? "" : turn.answer.isEmpty ? "(\(what))" : " (\(what))"
    }

    /// With nothing that steers a terminal, but with its lines.
    private func harmless(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { Self.line($0) }.joined(separator: "\n")
    }

    /// The beginning of a text in a line, with nothing that steers a terminal.
    static func line(_ text: some StringProtocol, limit: Int = .max) -> String {
        var line = ""
        for (number, scalar) in text.unicodeScalars.enumerated() {
            if number == limit { return line + "…" }
            switch scalar {
            case "\n", "\t": line += " "
            // A backslash steers nothing, nor do those that join letters or keep them apart, which Persian words and many pictures need.
            case "\\", "\u{200C}", "\u{200D}": line.unicodeScalars.append(scalar)
            default: line += printable(String(scalar))
            }
        }
        return line
    }
}
