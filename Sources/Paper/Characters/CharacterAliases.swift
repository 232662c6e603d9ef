/// Characters that look like others, so that a reader hardly sees the difference.
enum CharacterAliases {
    /// What may stand for it, the best first.
    static func of(_ character: Character) -> [String] {
        if let texts = table[character] { return texts }
        // Fullwidth forms repeat ASCII (The Unicode Standard, "Halfwidth and Fullwidth Forms").
        if let scalar = character.unicodeScalars.first, 0xFF01...0xFF5E ~= scalar.value, let ascii = Unicode.Scalar(scalar.value - 0xFEE0) {
            return [String(ascii)]
        }
        return []
    }

    private static let table: [Character: [String]] = {
        var table: [Character: [String]] = [:]
        for (characters, texts) in groups {
            for character in characters { table[character] = texts }
        }
        return table
    }()

    private static let groups: [(characters: String, texts: [String])] = [
        ("‘’‚‛ʹʻʼʽʾʿˈ′´`", ["'"]),
        ("“”„‟ˮ″〃\"", ["\"", "''"]),
        ("‹〈", ["<"]), ("›〉", [">"]),
        ("‐‑‒–−⁃─━┄┈", ["-"]), ("—―", ["--"]), ("═=", ["="]),
        ("•‣▪●◆■∙⁌⁍∗⋆★", ["*", "."]), ("◦○□", ["o"]), ("·⋅", ["."]),
        ("⁄∕", ["/"]), ("¦∣│┃║", ["|", "/"]), ("∼〜～", ["~", "-"]), ("˜", ["~"]), ("ˆ", ["^"]), ("¯ˉ", ["-"]),
        ("┌┐└┘├┤┬┴┼╔╗╚╝╠╣╦╩╬╭╮╯╰", ["+"]), ("█▓▒░▌▐", ["#"]),
        ("×✕✖", ["x"]), ("↑▲△", ["^"]), ("^", ["↑", "'"]), ("↓▼▽", ["v"]), ("▶►▸", [">"]), ("◀◄◂", ["<"]),
        ("¸", [","]), ("˙", ["."]), ("¨", ["\"", "''"]), ("、", [","]), ("。", ["."]), ("「『", ["\"", "''"]), ("」』", ["\"", "''"]), ("・", ["."]),
        ("ı", ["i"]), ("ſ", ["s"]), ("ª", ["a"]), ("º", ["o"]), ("µ", ["u"]),
        // Signs that five-bit and other small alphabets lack.
        ("[{", ["("]), ("]}", [")"]), ("_~", ["-"]), ("\\|", ["/"]), (";", [","]), ("*", ["x"]),
        ("₀", ["0"]), ("₁", ["1"]), ("₂", ["2"]), ("₃", ["3"]), ("₄", ["4"]), ("₅", ["5"]), ("₆", ["6"]), ("₇", ["7"]), ("₈", ["8"]), ("₉", ["9"]),
    ]
}
