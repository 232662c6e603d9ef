/// What a device can type, and how it types what it cannot: its own glyph, an alias, a composition by overstrike,
/// a drawing, a transliteration, the bare letter, a visible substitute, in that order.
public struct Repertoire: Sendable, Equatable {
    /// Characters are compared as Unicode does: a letter with an accent is the same in one scalar and in two.
    public let glyphs: Set<Character>
    /// Whether the device can go back and type on what stands there.
    public let canOverstrike: Bool
    /// Whether the device can be given dots for what it has no glyph for.
    public let draws: Bool
    /// What this device types instead, before everything that is known of all devices.
    public let aliases: [Character: String]
    public let substitute: Character

    public init(
        _ glyphs: some Sequence<Character>, canOverstrike: Bool = false, draws: Bool = false, aliases: [Character: String] = [:],
        substitute: Character = "?"
    ) {
        self.glyphs = Set(glyphs).union([" "])
        self.canOverstrike = canOverstrike
        self.draws = draws
        self.aliases = aliases
        self.substitute = substitute
    }

    /// The printing characters of ASCII: what a daisy wheel has at best.
    public static let ascii = (0x20..<0x7F).map { Character(Unicode.Scalar($0)) }

    public func rendering(of character: Character) -> Rendering {
        if glyphs.contains(character) { return Rendering(.own, [character]) }
        if let text = aliases[character], let typed = typed(text) { return Rendering(.alias, typed) }
        if draws, character.isRatherDrawn, Canvas.canDraw(character) { return Rendering(.drawn, [character]) }
        if let capital = capital(of: character) { return Rendering(.alias, [capital]) }
        if let typed = CharacterAliases.of(character).lazy.compactMap(typed).first { return Rendering(.alias, typed) }
        if canOverstrike, let glyphs = Overstrikes.of(character).lazy.compactMap(typed).first { return Rendering(.composed, overstrike: glyphs) }
        if let typed = Transliteration.of(character).lazy.compactMap(typed).first { return Rendering(.transliterated, typed) }
        if let letter = Overstrikes.letter(of: character), let typed = typed(String(letter)) { return Rendering(.bareLetter, typed) }
        if let text = Transliteration.byLibrary(character), let typed = typed(text) { return Rendering(.transliterated, typed) }
        if draws, Canvas.canDraw(character) { return Rendering(.drawn, [character]) }
        return Rendering(.substitute, glyphs.contains(substitute) ? [substitute] : typed("?") ?? typed("-") ?? [" "])
    }

    /// Whether this mark can stand on this character.
    func canType(_ mark: Unicode.Scalar, on base: Unicode.Scalar) -> Bool {
        var both = String(base)
        both.unicodeScalars.append(mark)
        guard both.count == 1, let character = both.first else { return false }
        return [.own, .composed, .drawn].contains(rendering(of: character).kind)
    }

    /// The text in the device's own glyphs; nil if it lacks one.
    private func typed(_ text: String) -> [Character]? {
        var typed: [Character] = []
        for character in text {
            guard let glyph = glyphs.contains(character) ? character : capital(of: character) else { return nil }
            typed.append(glyph)
        }
        return typed
    }

    /// For devices that have only capitals.
    private func capital(of character: Character) -> Character? {
        guard character.isLowercase else { return nil }
        let capital = character.uppercased()
        guard capital.count == 1, let first = capital.first, glyphs.contains(first) else { return nil }
        return first
    }
}

extension Character {
    /// A letter or digit, or a sign of a script with wide letters: what is written for it instead is harder to read than its picture. Of other
    /// signs it is the other way round.
    fileprivate var isRatherDrawn: Bool {
        guard let scalar = unicodeScalars.first else { return false }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter, .decimalNumber: true
        default: scalar.columnWidth == 2
        }
    }
}
