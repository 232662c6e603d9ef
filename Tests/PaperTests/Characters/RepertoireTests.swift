import Paper
import Testing

private let onWheel: [(String, String)] = [
    ("“Don’t” — she said…", "\"Don't\" -- she said..."), ("1–2 • ·", "1-2 * ."), ("«oui»", "<<oui>>"), ("½ ¾", "1/2 3/4"), ("a → b ⇒ c ↔ d", "a -> b => c <-> d"),
    ("20 °C", "20 degC"), ("café", "caf[e']"), ("cafe\u{301}", "caf[e']"), ("Ångström", "Aangstr[o\"]m"), ("Ärger über Straße", "[A\"]rger [u\"]ber Strasse"),
    ("señor", "se[n~]or"), ("ça", "[c,]a"), ("Ærø", "Aer[o/]"), ("Łódź żółw", "[L/][o']d[z'] [z-][o'][l/]w"), ("čeština", "[c^]e[s^]tina"),
    ("Việt", "Vi[e^.]t"), ("ő", "[o\"]"), ("€5 £5 ¥5 ¢5", "[C=]5 [L-]5 [Y=]5 [c/]5"), ("±2 ≠ 3 ÷ 4", "[+_]2 [=/] 3 [:-] 4"), ("Москва", "Moskva"), ("щука Ящик", "shchuka Yashchik"),
    ("Αθήνα", "Athina"), ("ｆｕｌｌ", "full"), ("中文", "??"), ("😀", ":-)"), ("x²", "x^2"), ("ﬁn", "fin"), ("¿qué?", "?qu[e']?"),
]

@Suite("What a device cannot type")
struct RepertoireTests {
    private static let wheel = Repertoire(Repertoire.ascii, canOverstrike: true)
    private static let plain = Repertoire(Repertoire.ascii)
    private static let capitals = Repertoire((0x20..<0x60).map { Character(Unicode.Scalar(UInt8($0))) })

    /// Glyphs on one place in brackets.
    private static func typed(_ text: String, _ repertoire: Repertoire) -> String {
        var typed = ""
        for character in text {
            for cell in repertoire.rendering(of: character).cells { typed += cell.count == 1 ? String(cell) : "[\(String(cell))]" }
        }
        return typed
    }

    @Test("is typed as people did on a wheel of ASCII", arguments: onWheel)
    func wheel(_ text: String, _ expected: String) {
        #expect(Self.typed(text, Self.wheel) == expected)
    }

    @Test("is written out where the carriage cannot go back", arguments: [
        ("café", "cafe"), ("Ärger", "Aerger"), ("€5", "EUR5"), ("±2 ≠", "+/-2 !="), ("øre", "oere"), ("č", "c"), ("ł", "l"), ("†", "+"),
    ])
    func plain(_ text: String, _ expected: String) {
        #expect(Self.typed(text, Self.plain) == expected)
    }

    @Test("is a capital where there are only capitals", arguments: [("Hello", "HELLO"), ("ß", "SS"), ("é", "E"), ("œuf", "OEUF"), ("{a}~", "(A)-"), ("π", "PI")])
    func capitals(_ text: String, _ expected: String) {
        #expect(Self.typed(text, Self.capitals) == expected)
    }

    @Test("follows the order: own glyph, alias, composition, transliteration, the bare letter, a substitute")
    func order() {
        func kind(_ character: Character, _ glyphs: String, overstrike: Bool = true, aliases: [Character: String] = [:]) -> Rendering.Kind {
            Repertoire(Repertoire.ascii + Array(glyphs), canOverstrike: overstrike, aliases: aliases).rendering(of: character).kind
        }
        #expect(kind("ü", "ü") == .own)
        #expect(kind("u\u{308}", "ü") == .own)
        #expect(kind("ü", "", aliases: ["ü": "ue"]) == .alias)
        #expect(kind("ü", "") == .composed)
        #expect(kind("ü", "", overstrike: false) == .transliterated)
        #expect(kind("é", "", overstrike: false) == .bareLetter)
        #expect(kind("中", "") == .substitute)
        #expect(kind("ü", "", aliases: ["ü": "中"]) == .composed, "an alias that cannot be typed is none")
    }

    @Test("The C library's transliteration is the last resort, in whatever locale the program runs")
    func library() {
        #expect(Self.typed("⒊ ㎏ ⑴", Self.wheel) == "3. kg (1)")
    }

    @Test("A repertoire without even a question mark shows something")
    func poor() {
        #expect(Self.typed("中", Repertoire("ABC-")) == "-")
        #expect(Self.typed("中", Repertoire("ABC#", substitute: "#")) == "#")
        #expect(Self.typed("中", Repertoire("ABC")) == " ")
    }
}

/// What is claimed of an ASCII wheel that can go back. *Readable*: the character itself, one that looks like it, its parts struck on one
/// place, or what people write instead. Not counted as readable: a letter that lost its accent, and a substitute.
@Suite("On an ASCII wheel")
struct ReadableCharactersTests {
    private static let wheel = Repertoire(Repertoire.ascii, canOverstrike: true)

    private static func unreadable(_ scalars: [Unicode.Scalar], _ kinds: Set<Rendering.Kind> = [.bareLetter, .substitute]) -> String {
        String(scalars.filter { kinds.contains(wheel.rendering(of: Character($0)).kind) }.map(Character.init))
    }

    private static func range(_ values: ClosedRange<UInt32>) -> [Unicode.Scalar] {
        values.compactMap(Unicode.Scalar.init).filter { $0.properties.generalCategory != .control && $0.properties.generalCategory != .format }
    }

    @Test("All 94 printing characters of Latin-1 beyond ASCII are readable")
    func latin1() {
        let characters = Self.range(0xA1...0xFF)
        #expect(characters.count == 94)
        #expect(Self.unreadable(characters) == "")
    }

    @Test("Of the 128 letters of Latin Extended-A, 126 are readable, and two lose their ring")
    func latinExtendedA() {
        let characters = Self.range(0x100...0x17F)
        #expect(characters.count == 128)
        #expect(Self.unreadable(characters) == "Ůů")
        #expect(Self.unreadable(characters, [.substitute]) == "")
    }

    @Test("All common punctuation and signs are readable")
    func punctuation() {
        let characters = Array("‐‑‒–—―‘’‚‛“”„‟†‡•‣…‰′″‹›⁄€™←↑→↓↔⇐⇒⇔−∕∗∙√∞≈≠≡≤≥·½⅓⅔¼¾⅛⅜⅝⅞№℃℉✓✗☐☑◦▪■●○".unicodeScalars)
        #expect(Self.unreadable(characters) == "")
    }

    @Test("Every kind of rendering can be typed: its glyphs are the wheel's own")
    func typed() {
        for scalar in Self.range(0xA0...0x2FFF) {
            let rendering = Self.wheel.rendering(of: Character(scalar))
            #expect(rendering.cells.allSatisfy { $0.allSatisfy(Self.wheel.glyphs.contains) && !$0.isEmpty }, "U+\(String(scalar.value, radix: 16))")
        }
    }
}

@Suite("Text for a device that lacks characters")
struct RenderedPageTests {
    private static func page(_ text: String, columns: Int, _ repertoire: Repertoire) throws -> (sheet: Sheet, substitutions: String) {
        var page = try Page(PageSettings(columns: columns), for: PaperCapabilities(repertoire: repertoire))
        var sheet = Sheet()
        sheet.apply(page.write(text) + page.flush())
        return (sheet, page.takeSubstitutions().description)
    }

    private static let plain = Repertoire(Repertoire.ascii)

    @Test("is laid out with the widths that are typed")
    func widths() throws {
        #expect(try Self.page("ten … ten…… ten", columns: 10, Self.plain).sheet.text == "ten ... \nten......\nten".replacing(" \n", with: "\n"))
        #expect(try Self.page("Straße in Genf", columns: 10, Self.plain).sheet.text == "Strasse in\nGenf")
    }

    @Test("becomes no markdown by what stands for it")
    func markdown() throws {
        #expect(try Self.page("• one\n• **two**\n› three", columns: 20, Self.plain).sheet.styledText == "* one\n* {b:two}\n> three")
    }

    @Test("keeps a number a number")
    func fractions() throws {
        #expect(try Self.page("1½ cups, ½ spoon", columns: 40, Self.plain).sheet.text == "1-1/2 cups, 1/2 spoon")
    }

    @Test("What was substituted is told in words, the most frequent first")
    func report() throws {
        #expect(try Self.page("“a” “b” é 中", columns: 40, Self.plain).substitutions == "“ (2), ” (2) as what looks like it; é without its accent; 中 not at all")
    }

    @Test("Marks that cannot be typed are dropped, and others stay on their letter")
    func marks() throws {
        #expect(try Self.page("cafe\u{301}", columns: 40, Self.plain).sheet.text == "cafe")
        #expect(try Self.page("cafe\u{301}", columns: 40, Repertoire(Repertoire.ascii, canOverstrike: true)).sheet.text == "cafe\u{301}")
        #expect(try Self.page("cafe\u{301}", columns: 40, Repertoire("cafeé")).sheet.text == "café")
    }

    @Test("A device that can do everything gets everything")
    func everything() throws {
        var page = try Page(PageSettings(columns: 40), for: PaperCapabilities())
        #expect(joined(page.write("“é” 中 ½") + page.flush()) == [.text("“é” 中 ½", [])])
        #expect(page.takeSubstitutions().isEmpty)
    }

    @Test("Rows under titles are of what the device has")
    func rows() throws {
        #expect(try Self.page("# a\ntext", columns: 10, Repertoire("abcdefghijklmnopqrstuvwxyzA-")).sheet.text == "A\n-\ntext")
    }

    @Test("What is typed and taken back counts as it was typed")
    func typing() throws {
        var page = try Page(PageSettings(columns: 20), for: PaperCapabilities(repertoire: Self.plain))
        var sheet = Sheet()
        sheet.apply(page.type("a…b"))
        #expect(sheet.text == "a...b")
        sheet.apply(page.erase("…b"))
        #expect(sheet.text == "axxxx")
    }
}

@Suite("Code pages")
struct CodePageTests {
    @Test("are what the C library says", arguments: [
        ("CP437", "é", 0x82), ("CP437", "│", 0xB3), ("CP850", "×", 0x9E), ("CP858", "€", 0xD5), ("CP852", "ł", 0x88), ("CP866", "Ж", 0x86),
        ("CP1252", "“", 0x93), ("ISO-8859-1", "ÿ", 0xFF), ("ISO-8859-15", "€", 0xA4), ("CP437", "~", 0x7E),
    ] as [(String, Character, UInt8)])
    func bytes(_ name: String, _ character: Character, _ byte: UInt8) throws {
        #expect(try CodePage(name).bytes[character] == byte)
    }

    @Test("hold nothing that commands a printer")
    func controls() throws {
        for name in ["CP437", "CP1252", "ISO-8859-1", "KOI8-R"] {
            for (character, byte) in try CodePage(name).bytes {
                #expect(byte >= 0x20 && byte != 0x7F)
                #expect(character.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
            }
        }
    }

    @Test("that nobody knows are one line", arguments: ["CP99999", "", "ASCII//TRANSLIT", "\n"])
    func unknown(_ name: String) {
        #expect(throws: PaperError.self) { try CodePage(name) }
    }
}
