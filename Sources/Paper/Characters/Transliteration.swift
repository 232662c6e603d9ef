import Glibc

/// What people write instead of a character, in letters and signs of ASCII.
///
/// A table for what a model writes, the same in every locale; the C library's transliteration for the rest.
enum Transliteration {
    /// The best first.
    static func of(_ character: Character) -> [String] { table[character] ?? [] }

    /// As iconv's `//TRANSLIT` has it in the locale C.UTF-8, whose table is the richest that every machine has.
    static func byLibrary(_ character: Character) -> String? {
        guard let converter = Converter(from: "UTF-8", to: "ASCII//TRANSLIT"),
            let locale = newlocale(1 << LC_CTYPE, "C.UTF-8", nil)  // LC_CTYPE_MASK in locale.h.
        else { return nil }
        let earlier = uselocale(locale)
        defer {
            uselocale(earlier)
            freelocale(locale)
        }
        guard let bytes = converter.convert(Array(String(character).utf8)), !bytes.isEmpty else { return nil }
        // Marks what it does not know with a question mark.
        guard bytes.allSatisfy({ 0x20..<0x7F ~= $0 }), !bytes.contains(UInt8(ascii: "?")) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let table: [Character: [String]] = {
        var table: [Character: [String]] = [:]
        for (character, texts) in signs { table[character] = texts }
        // A letter, and what is written for it; its capital likewise.
        for pair in letters.split(separator: " ") {
            guard let letter = pair.first else { continue }
            let text = String(pair.dropFirst())
            table[letter] = [text]
            let capital = letter.uppercased()
            guard capital.count == 1, let capital = capital.first, capital != letter else { continue }
            table[capital] = [text.prefix(1).uppercased() + text.dropFirst()]
        }
        return table
    }()

    private static let signs: [Character: [String]] = [
        "…": ["...", "."], "‥": [".."], "«": ["<<", "\"", "''"], "»": [">>", "\"", "''"], "¡": ["!"], "¿": ["?"], "‽": ["?!"],
        "½": ["1/2"], "⅓": ["1/3"], "⅔": ["2/3"], "¼": ["1/4"], "¾": ["3/4"], "⅕": ["1/5"], "⅖": ["2/5"], "⅗": ["3/5"], "⅘": ["4/5"],
        "⅙": ["1/6"], "⅚": ["5/6"], "⅐": ["1/7"], "⅛": ["1/8"], "⅜": ["3/8"], "⅝": ["5/8"], "⅞": ["7/8"], "⅑": ["1/9"], "⅒": ["1/10"],
        "⁰": ["^0", "0"], "¹": ["^1", "1"], "²": ["^2", "2"], "³": ["^3", "3"], "⁴": ["^4", "4"], "⁵": ["^5", "5"], "⁶": ["^6", "6"],
        "⁷": ["^7", "7"], "⁸": ["^8", "8"], "⁹": ["^9", "9"], "ⁿ": ["^n", "n"], "⁻": ["^-", "-"],
        "→": ["->", "-"], "➜": ["->", "-"], "➔": ["->", "-"], "⟶": ["->", "-"], "←": ["<-", "-"], "↔": ["<->", "-"], "⇒": ["=>", "->"],
        "⟹": ["=>"], "⇐": ["<="], "⇔": ["<=>"], "⟺": ["<=>"], "↵": ["<-'"],
        "°": ["deg"], "℃": ["degC"], "℉": ["degF"], "‰": ["0/00"], "%": ["0/0"], "№": ["No."],
        "©": ["(c)"], "®": ["(R)"], "™": ["(TM)"], "℠": ["(SM)"], "§": ["Sec."], "¶": ["Par."], "†": ["+"], "‡": ["++"],
        "±": ["+/-"], "÷": ["/"], "¬": ["~", "not "], "≠": ["!=", "<>"], "≤": ["<="], "≥": [">="], "≈": ["~="], "≡": ["=="], "∞": ["oo"],
        "√": ["sqrt"], "∑": ["Sum"], "∏": ["Prod"], "∫": ["Int"], "∂": ["d"], "∈": [" in "], "∧": ["and"], "∨": ["or"], "∀": ["all "], "∃": ["some "],
        "∴": ["so "], "∵": ["as "], "∥": ["||"], "⊥": ["_|_"], "∠": ["<"], "∅": ["{}"], "≪": ["<<"], "≫": [">>"], "∝": ["~"],
        "€": ["EUR"], "£": ["GBP"], "¥": ["JPY"], "¢": ["ct"], "₹": ["Rs"], "₽": ["RUB"], "₿": ["BTC"], "₩": ["KRW"], "₺": ["TRY"], "₴": ["UAH"],
        "✓": ["v"], "✔": ["v"], "✗": ["x"], "✘": ["x"], "☑": ["[x]"], "✅": ["[x]"], "☒": ["[x]"], "❌": ["[x]"], "☐": ["[ ]"], "⚠": ["(!)"], "♥": ["<3"], "❤": ["<3"],
        "☺": [":-)"], "😀": [":-)"], "😃": [":-)"], "😄": [":-D"], "😁": [":-D"], "😂": [":-D"], "🙂": [":-)"], "😊": [":-)"], "😉": [";-)"],
        "☹": [":-("], "🙁": [":-("], "😞": [":-("], "😢": [":'("], "😮": [":-o"], "😛": [":-P"], "👍": ["(y)"], "⭐": ["*"], "💡": ["(!)"],
        // What five-bit alphabets and early teleprinters lack; per cent is Telex's (CCITT F.1).
        "!": ["."], "&": ["+", "and"], "#": ["No."], "$": ["USD"], "@": ["(at)"], "=": ["EQ"], "+": ["plus"], "<": ["LT"], ">": ["GT"],
    ]

    /// Latin letters; Cyrillic by BGN/PCGN without its signs; Greek by ELOT 743, letter for letter.
    private static let letters = """
        ßss æae œoe øoe åaa äae öoe üue þth ðd đd ħh ŧt łl ŋng ĸq ŉ'n ĳij ŀl. ǆdz ǉlj ǌnj ƒf ﬁfi ﬂfl ﬀff ﬃffi ﬄffl əe ẞSS \
        аa бb вv гg дd еe ёyo жzh зz иi йy кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ\" ыy ь' эe юyu яya \
        іi їyi єye ґg ўw ђdj јj љlj њnj ћc џdz ѕdz ѓg ќk \
        αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πpi ρr σs ςs τt υy φf χch ψps ωo άa έe ήi ίi όo ύy ώo ϊi ϋy ΐi ΰy
        """
}
