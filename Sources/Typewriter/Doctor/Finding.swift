/// One thing that the doctor looked at: a line for a person.
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

    init(_ verdict: Verdict, _ subject: String, _ text: String, _ remedy: String = "") {
        (self.verdict, self.subject, self.text, self.remedy) = (verdict, subject, text, remedy)
    }

    package var description: String {
        let verdict = verdict.rawValue + String(repeating: " ", count: 4 - verdict.rawValue.count)
        return "\(verdict)  \(subject): \(text)" + (remedy.isEmpty ? "" : "; \(remedy)")
    }
}
