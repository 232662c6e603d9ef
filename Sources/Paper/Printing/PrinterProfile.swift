/// What a printer is and can do. Hardware is data: `hardware/printers` has one file for each.
public struct PrinterProfile: Sendable, Equatable {
    public enum Language: String, Sendable, CaseIterable {
        case plain
        case escp = "esc-p"
        case escpos = "esc-pos"
        case diablo = "diablo-630"
        case asr33 = "asr-33"
        case ita2 = "baudot-ita2"
        case ustty = "baudot-ustty"
    }

    public enum Feature: String, Sendable, CaseIterable {
        /// Commands for a bold and an underlined style. Where they lack, and the carriage goes back, styles are struck.
        case bold, underline
        /// Goes back a column, and types on what stands there.
        case backspace
        case cut
        /// Tells, when asked, whether there is paper, and the cover is closed.
        case status
        /// Moves by fractions of a column: bold is struck a little to the right.
        case microspace
        /// Takes lines as dots, 24 high: what it has no character for is drawn, where Pango and Cairo are installed.
        case raster
    }

    public var name: String
    public var language: Language
    /// Nil when anything goes.
    public var columns: Int?
    /// The first is preferred. Empty: ASCII, or what the language has.
    public var codePages: [CodePage]
    public var features: Set<Feature>
    public var aliases: [Character: String]
    /// What a print wheel has, where it is not all of its code page.
    public var glyphs: Set<Character>?
    public var substitute: Character
    /// Bytes behind the language's own that make the printer ready.
    public var initialization: [UInt8]
    /// Dots that a column is wide, of a printer that takes lines as dots.
    public var columnDots: Int
    /// Characters an inch; daisy wheels come in 10, 12 and 15.
    public var pitch: Int
    /// Bytes after which the printer must acknowledge (ETX/ACK); nil when it needs not.
    public var blockSize: Int?
    /// Of a serial line, where the printer has one.
    public var line: SerialLine?

    public init(
        name: String, language: Language, columns: Int? = nil, codePages: [CodePage] = [], features: Set<Feature> = [],
        aliases: [Character: String] = [:], glyphs: Set<Character>? = nil, substitute: Character = "?", initialization: [UInt8] = [],
        columnDots: Int = 12, pitch: Int = 10, blockSize: Int? = nil, line: SerialLine? = nil
    ) {
        self.name = name
        self.language = language
        self.columns = columns
        self.codePages = codePages
        self.features = features
        self.aliases = aliases
        self.glyphs = glyphs
        self.substitute = substitute
        self.initialization = initialization
        self.columnDots = columnDots
        self.pitch = pitch
        self.blockSize = blockSize
        self.line = line
    }
}
