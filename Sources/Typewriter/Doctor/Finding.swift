/// One thing that the doctor looked at.
package struct Finding: Sendable, Equatable, CustomStringConvertible {
    package enum Verdict: String, Sendable {
        case ok
        /// It works, but not as well as it could, or not for long.
        case warn
        /// The typewriter does not work so.
        case fail
    }

    package let verdict: Verdict
    /// A word.
    package let subject: String
    package let text: String
    /// What to do; empty where nothing is to be done.
    package let remedy: String

    package init(_ verdict: Verdict, _ subject: String, _ text: String, _ remedy: String = "") {
        (self.verdict, self.subject, self.text, self.remedy) = (verdict, subject, text, remedy)
    }

    /// A line for programs that look for words.
    package var description: String {
        "\(verdict.rawValue.extended(to: Self.verdictWidth))\(subject): \(text)" + (remedy.isEmpty ? "" : "; \(remedy)")
    }

    package var json: String {
        let fields = [("verdict", verdict.rawValue), ("subject", subject), ("text", text), ("remedy", remedy)]
        return "{" + fields.map { "\"\($0)\": \(jsonString($1))" }.joined(separator: ", ") + "}"
    }

    private static let verdictWidth = 6
    private static let subjectWidth = 13

    /// In columns for somebody at a terminal: the remedy stands on lines of its own, with an arrow before it.
    /// - Parameter width: columns of the terminal.
    package func layout(width: Int, isColored: Bool) -> String {
        let indent = String(repeating: " ", count: Self.verdictWidth + Self.subjectWidth)
        let room = max(20, width - indent.count)
        // Red and yellow, both bold (ECMA-48, SGR).
        let color = !isColored || verdict == .ok ? nil : verdict == .fail ? "\u{1B}[1;31m" : "\u{1B}[1;33m"
        let head = verdict.rawValue.extended(to: Self.verdictWidth)
        var lines = wrap(text, room)
        lines += remedy.isEmpty ? [] : wrap(remedy, room - 2).enumerated().map { ($0.offset == 0 ? "→ " : "  ") + $0.element }
        let first = (color.map { $0 + head + "\u{1B}[0m" } ?? head) + subject.extended(to: Self.subjectWidth) + (lines.first ?? "")
        return ([first] + lines.dropFirst().map { indent + $0 }).map { $0 + "\n" }.joined()
    }

    /// Lines of whole words; a longer word has a line of its own, for somebody will copy it.
    private func wrap(_ text: String, _ width: Int) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if !lines[lines.count - 1].isEmpty, lines[lines.count - 1].count + 1 + word.count > width { lines.append("") }
            lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
        }
        return lines
    }
}

extension String {
    fileprivate func extended(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

/// What comes of all findings, in a line.
package struct DoctorSummary: Sendable, CustomStringConvertible {
    package let fails, warnings, good: Int

    package init(_ findings: [Finding]) {
        (fails, warnings, good) = (
            findings.count { $0.verdict == .fail }, findings.count { $0.verdict == .warn }, findings.count { $0.verdict == .ok }
        )
    }

    package var description: String {
        func count(_ number: Int, _ one: String, _ more: String) -> String? { number == 0 ? nil : "\(number) \(number == 1 ? one : more)" }
        let bad = [count(fails, "thing fails", "things fail"), count(warnings, "could be better", "could be better")].compactMap(\.self)
        return bad.isEmpty ? "All \(good) are in order." : bad.joined(separator: ", ") + "; \(good) in order."
    }
}
