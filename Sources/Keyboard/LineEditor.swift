/// Turns keys into edits of one line of text. Pure: the page and the session do what the edits say.
public struct LineEditor: Sendable {
    /// Characters, as a reader counts them, that the line may hold.
    public let limit: Int
    public private(set) var text = ""

    public init(limit: Int = 4096) {
        self.limit = max(1, limit)
    }

    /// What this event changes. Releases and keys without a meaning here change nothing.
    public mutating func edit(_ event: KeyEvent) -> [LineEdit] { [] }
}
