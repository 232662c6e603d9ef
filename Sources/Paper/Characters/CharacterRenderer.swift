/// Turns text into what a device can type, before it is laid out, so that widths are right.
///
/// A character that takes one place, the device's own or struck of several, goes through as it is: the device knows how
/// to type it. The others become the characters that stand for them.
struct CharacterRenderer: Sendable {
    let repertoire: Repertoire?
    private(set) var substitutions = Substitutions()
    private var known: [Unicode.Scalar: Rendering] = [:]
    private var previous: Unicode.Scalar = " "

    /// So many renderings are remembered; a text of more different characters is no text.
    private static let mostKnown = 4096

    init(_ repertoire: Repertoire?) { self.repertoire = repertoire }

    /// Gives what to type for a character.
    mutating func render(_ scalar: Unicode.Scalar, _ type: (Unicode.Scalar) -> Void) {
        defer { previous = scalar }
        guard let repertoire else { return type(scalar) }
        switch scalar {
        case "\t", "\n", " ", "\u{A0}": return type(scalar)
        case "\u{3000}":
            type(" ")
            return type(" ")
        default: break
        }
        guard scalar.columnWidth > 0 else {
            if repertoire.canType(scalar, on: previous) || scalar.isJoiner && repertoire.draws && !repertoire.glyphs.contains(Character(previous)) {
                type(scalar)
            } else if !scalar.isJoiner {
                substitutions.count(scalar, .bareLetter)
            }
            return
        }
        let rendering = rendering(of: scalar, by: repertoire)
        // That a device has only capitals is nothing to tell of every letter.
        let isCapital = rendering.kind == .alias && rendering.cells == [Array(String(scalar).uppercased())]
        if [.own, .drawn].contains(rendering.kind) { return type(scalar) }
        if !isCapital { substitutions.count(scalar, rendering.kind) }
        if rendering.kind == .composed { return type(scalar) }
        // A half after a digit would make another number of it.
        if scalar.isFraction, previous.properties.numericType == .decimal { type(repertoire.glyphs.contains("-") ? "-" : " ") }
        for case let glyph? in rendering.cells.map(\.first) {
            for scalar in glyph.unicodeScalars { type(scalar) }
        }
    }

    /// What counts of the substitutions so far; they begin anew.
    mutating func takeSubstitutions() -> Substitutions {
        defer { substitutions = Substitutions() }
        return substitutions
    }

    /// The text that is typed for a character, and its columns.
    mutating func text(for scalar: Unicode.Scalar) -> String {
        var text = String.UnicodeScalarView()
        render(scalar) { text.append($0) }
        return String(text)
    }

    private mutating func rendering(of scalar: Unicode.Scalar, by repertoire: Repertoire) -> Rendering {
        if let rendering = known[scalar] { return rendering }
        let rendering = repertoire.rendering(of: Character(scalar))
        if known.count < Self.mostKnown { known[scalar] = rendering }
        return rendering
    }
}

extension Unicode.Scalar {
    fileprivate var isFraction: Bool {
        properties.numericType == .numeric && 0xBC...0x215F ~= value
    }

    /// Says how others are drawn, and has no ink of its own.
    fileprivate var isJoiner: Bool {
        self == "\u{200C}" || self == "\u{200D}" || 0xFE00...0xFE0F ~= value
    }
}
