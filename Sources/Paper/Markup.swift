/// What a reader of text tells the page.
enum Markup: Equatable, Sendable {
    case character(Unicode.Scalar, Style, isVerbatim: Bool)
    case newLine
    /// The paragraph goes on at this column at least, and its continued lines begin at `hanging`.
    case indent(first: Int, hanging: Int)
    /// A row of this character: across the page, or under the title that stands on this line.
    case rule(Unicode.Scalar)
    case underlineTitle(Unicode.Scalar)
}
