/// How a device types a character: cells from left to right, each of one or more glyphs that are struck on one another.
public struct Rendering: Sendable, Hashable {
    /// In the order in which they are tried.
    public enum Kind: Sendable, Hashable, CaseIterable, CustomStringConvertible {
        /// The device has the character.
        case own
        /// One that looks like it: a straight quotation mark for a curved one, a capital where there are only capitals.
        case alias
        /// Its parts, struck on one another.
        case composed
        /// Its picture, in dots. What has no good one of the renderings below is drawn too.
        case drawn
        /// What people write instead: `ss`, `1/2`, `->`.
        case transliterated
        /// The letter without its accent.
        case bareLetter
        /// Nothing says it: a mark that something is missing.
        case substitute

        /// How a character was typed, behind it.
        public var description: String {
            switch self {
            case .own: "as it is"
            case .alias: "as what looks like it"
            case .composed: "struck of several signs"
            case .drawn: "as a picture"
            case .transliterated: "as people write it instead"
            case .bareLetter: "without its accent"
            case .substitute: "not at all"
            }
        }
    }

    public let kind: Kind
    public let cells: [[Character]]

    init(_ kind: Kind, _ text: some Sequence<Character>) {
        self.kind = kind
        cells = text.map { [$0] }
    }

    init(_ kind: Kind, overstrike glyphs: [Character]) {
        self.kind = kind
        cells = [glyphs]
    }
}
