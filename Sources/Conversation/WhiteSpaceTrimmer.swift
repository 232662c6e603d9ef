/// Drops white space at both ends of a text that comes in pieces: what may be its end is held back until more follows.
struct WhiteSpaceTrimmer: Sendable {
    private var held = ""
    private var hasBegun: Bool

    /// - Parameter hasBegun: the text goes on from an earlier one, and keeps the white space between them.
    init(hasBegun: Bool = false) { self.hasBegun = hasBegun }

    mutating func append(_ text: String) -> String {
        var text = text[...]
        if !hasBegun {
            text = text.drop(while: \.isWhitespace)
        }
        guard let last = text.lastIndex(where: { !$0.isWhitespace }) else {
            if hasBegun { held += text }
            return ""
        }
        hasBegun = true
        let end = text.index(after: last)
        defer { held = String(text[end...]) }
        return held + text[..<end]
    }
}
