/// What a display is and can show. Hardware is data: `hardware/displays` has one file for each.
public struct DisplayProfile: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
        /// The kernel's character display, `/dev/lcd`: one byte a character, by the table in its ROM.
        case lcd
        /// A text console, in UTF-8: a screen, or an OLED or e-paper that the kernel has as a framebuffer.
        case console
    }

    public var name: String
    public var kind: Kind
    /// Nil asks the console.
    public var columns: Int?
    public var lines: Int?
    /// Of an LCD: the codes of its ROM.
    public var codes: [Character: UInt8]
    /// Of a console: what its font has; nil for everything.
    public var glyphs: Set<Character>?
    public var substitute: Character

    public init(
        name: String, kind: Kind, columns: Int? = nil, lines: Int? = nil, codes: [Character: UInt8] = [:], glyphs: Set<Character>? = nil,
        substitute: Character = "?"
    ) {
        self.name = name
        self.kind = kind
        self.columns = columns
        self.lines = lines
        self.codes = codes
        self.glyphs = glyphs
        self.substitute = substitute
    }

    var repertoire: Repertoire? {
        switch kind {
        case .lcd: Repertoire(codes.keys, substitute: substitute)
        case .console: glyphs.map { Repertoire($0, substitute: substitute) }
        }
    }
}
