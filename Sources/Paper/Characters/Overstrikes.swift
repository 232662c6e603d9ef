/// Characters that come of typing others on one place, as everybody did who had a typewriter.
///
/// ASCII's grave, acute, circumflex, tilde, quotation mark and comma were made to be typed over letters (ECMA-6, 6th edition,
/// 6.4 "Diacritical marks"). What has no such sign (caron, breve, macron, dot) gets the one that stands where it stood.
enum Overstrikes {
    /// Glyphs for one place, the best first.
    static func of(_ character: Character) -> [String] {
        if let signs = signs[character] { return signs }
        guard let parts = parts[character] else { return [] }
        var texts = [String(parts.letter)]
        for mark in parts.marks {
            let glyphs = marks[mark] ?? []
            texts = texts.flatMap { text in glyphs.map { text + String($0) } }
        }
        return texts
    }

    /// The letter below the accents.
    static func letter(of character: Character) -> Character? { parts[character]?.letter }

    private static let signs: [Character: [String]] = [
        "¢": ["c/"], "£": ["L-"], "¥": ["Y="], "€": ["C="], "¤": ["ox"], "₽": ["P-"], "₦": ["N="], "₩": ["W="],
        "±": ["+_"], "÷": [":-"], "≠": ["=/"], "≤": ["<_"], "≥": [">_"], "≡": ["=_"], "∅": ["0/"], "†": ["|-"], "‡": ["|="], "⊕": ["O+"], "⊗": ["Ox"],
        "Ø": ["O/"], "ø": ["o/"], "Đ": ["D-"], "đ": ["d-"], "Ð": ["D-"], "ð": ["d-"], "Ħ": ["H-"], "ħ": ["h-"], "Ł": ["L/"], "ł": ["l/"],
        "Ŧ": ["T-"], "ŧ": ["t-"], "Ƶ": ["Z-"], "ƶ": ["z-"],
        // Polish writes z with a dot also with a stroke, and has the acute besides.
        "Ż": ["Z-"], "ż": ["z-"],
    ]

    /// Combining marks, and what is typed for them.
    private static let marks: [Unicode.Scalar: [Character]] = [
        "\u{300}": ["`"], "\u{301}": ["´", "'"], "\u{302}": ["^"], "\u{303}": ["~"], "\u{304}": ["¯", "^"], "\u{306}": ["˘", "^"],
        "\u{307}": ["˙", "'"], "\u{308}": ["¨", "\""], "\u{30A}": ["°"], "\u{30B}": ["\""], "\u{30C}": ["ˇ", "^"], "\u{31B}": ["'"],
        "\u{323}": ["."], "\u{326}": [","], "\u{327}": ["¸", ","], "\u{328}": ["˛", ","],
    ]

    /// Letters with one mark, and vowels with two, as Vietnamese has them.
    private static let parts: [Character: (letter: Character, marks: [Unicode.Scalar])] = {
        var parts: [Character: (letter: Character, marks: [Unicode.Scalar])] = [:]
        func add(_ letter: Character, _ marks: [Unicode.Scalar]) {
            var text = String(letter)
            for mark in marks { text.unicodeScalars.append(mark) }
            if text.count == 1, let character = text.first { parts[character] = (letter, marks) }
        }
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" {
            for mark in marks.keys { add(letter, [mark]) }
            guard "AEIOUYaeiouy".contains(letter) else { continue }
            for first in ["\u{302}", "\u{306}", "\u{31B}", "\u{308}"] as [Unicode.Scalar] {
                for second in ["\u{300}", "\u{301}", "\u{303}", "\u{323}"] as [Unicode.Scalar] { add(letter, [first, second]) }
            }
        }
        for letter in "AEIOUYaeiouy" { add(letter, ["\u{309}"]) }  // Vietnamese's hook: no sign is like it.
        return parts
    }()
}
