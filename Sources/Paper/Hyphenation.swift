/// Where a word may be broken. Pure rules for scripts with vowels and consonants; no dictionary, no language.
enum Hyphenation {
    struct Cut: Equatable {
        /// Cells that stay on the line.
        let count: Int
        let addsHyphen: Bool
    }

    /// Columns that must be known beyond the end of the line, so that more text cannot change a cut.
    static let lookahead = 8

    /// The last place in the first `room` columns where the word has a joint of its own: behind a hyphen,
    /// a dash or a slash between letters.
    static func joint(in word: ArraySlice<Cell>, room: Int) -> Int? {
        lastCut(in: word, room: room) { cut in
            guard cut >= 3, cut + 2 <= word.count else { return false }
            let (before, joint, after) = (word[at: cut - 2], word[at: cut - 1], word[at: cut])
            guard !joint.isVerbatim, !isJoint(after.base) else { return false }
            switch joint.base {
            case "-", "/", "\u{2010}": return before.base.isLetter && after.base.isLetter
            case "\u{2013}", "\u{2014}", "\u{2026}": return true
            default: return false
            }
        }
    }

    /// Where to break a word that no line can hold, so that its beginning fits `room` columns; nil if not one cell does.
    /// - Parameters:
    ///   - isAddress: a URL or a path, which is broken behind its punctuation.
    ///   - hyphenates: whether a hyphen may be added.
    static func cut(_ word: ArraySlice<Cell>, room: Int, isAddress: Bool, hyphenates: Bool) -> Cut? {
        let plain = cellCount(of: word, within: room)
        guard plain > 0 else { return nil }
        if isAddress {
            let count = lastCut(in: word, room: room) { $0 * 3 > plain && isAddressJoint(word, $0) }
            return Cut(count: count ?? plain, addsHyphen: false)
        }
        if let count = joint(in: word, room: room) { return Cut(count: count, addsHyphen: false) }
        let hyphenated = cellCount(of: word, within: room - 1)
        guard hyphenates else { return Cut(count: plain, addsHyphen: false) }
        let syllable = lastCut(in: word, room: room - 1) { $0 * 2 >= hyphenated && isSyllableEnd(word, $0) }
        let letters = syllable ?? lastCut(in: word, room: room - 1) { $0 * 2 >= hyphenated && isBetweenLetters(word, $0) }
        if let letters { return Cut(count: letters, addsHyphen: true) }
        return Cut(count: plain, addsHyphen: false)
    }

    private static func cellCount(of word: ArraySlice<Cell>, within room: Int) -> Int {
        var (count, width) = (0, 0)
        for cell in word {
            width += cell.width
            if width > room { break }
            count += 1
        }
        return count
    }

    private static func lastCut(in word: ArraySlice<Cell>, room: Int, where isCut: (Int) -> Bool) -> Int? {
        stride(from: min(cellCount(of: word, within: room), word.count - 1), to: 0, by: -1).first(where: isCut)
    }

    private static func isJoint(_ scalar: Unicode.Scalar) -> Bool {
        ["-", "/", "\u{2010}", "\u{2013}", "\u{2014}", "\u{2026}"].contains(scalar)
    }

    private static func isAddressJoint(_ word: ArraySlice<Cell>, _ cut: Int) -> Bool {
        let (before, after) = (word[at: cut - 1].base, word[at: cut].base)
        return "/?&=-_.,#%:".unicodeScalars.contains(before) && !"/?&=-_.,#%:".unicodeScalars.contains(after)
    }

    /// Two letters or more on each side, of a script that knows hyphens (those with capitals: Latin, Greek, Cyrillic, ...).
    private static func isBetweenLetters(_ word: ArraySlice<Cell>, _ cut: Int) -> Bool {
        guard cut >= 2, cut + 2 <= word.count else { return false }
        return (cut - 2...cut + 1).allSatisfy { word[at: $0].base.properties.isCased && !word[at: $0].isVerbatim }
    }

    /// Before a consonant with a vowel behind it and a vowel somewhere before: ty-pe-wri-ter, con-so-nant.
    private static func isSyllableEnd(_ word: ArraySlice<Cell>, _ cut: Int) -> Bool {
        guard isBetweenLetters(word, cut) else { return false }
        let (before, first) = (word[at: cut - 1].base, word[at: cut].base)
        guard !isVowel(first), !isPair(before, first), (0..<cut).contains(where: { isVowel(word[at: $0].base) }) else {
            return false
        }
        // The consonants that open the syllable, as in "sch": each is a pair with the next.
        var index = cut
        while index + 1 < min(word.count, cut + 3), isPair(word[at: index].base, word[at: index + 1].base) { index += 1 }
        return index + 1 < word.count && isVowel(word[at: index + 1].base)
    }

    private static func isVowel(_ scalar: Unicode.Scalar) -> Bool { vowels.contains(scalar) }

    /// Consonants that sound as one, or that begin a syllable together.
    private static func isPair(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Bool {
        let pair = String(first).lowercased() + String(second).lowercased()
        return pairs.contains(pair)
    }

    private static let vowels = Set(
        ("aeiouyàáâãäåæèéêëìíîïòóôõöøœùúûüýÿāăąēĕėęěĩīĭįıōŏőũūŭůűų" + "αεηιουωάέήίόύώϊϋ" + "аеёиоуыэюяіїєў").flatMap {
            (String($0) + String($0).uppercased()).unicodeScalars
        })
    private static let pairs: Set<String> = [
        "ch", "ck", "gh", "gn", "kn", "ph", "qu", "sh", "th", "wh", "wr", "sc", "sk", "sp", "st",
        "bl", "cl", "fl", "gl", "pl", "sl", "br", "cr", "dr", "fr", "gr", "pr", "tr",
    ]
}

extension ArraySlice<Cell> {
    fileprivate subscript(at offset: Int) -> Cell { self[startIndex + offset] }
}

extension Unicode.Scalar {
    var isLetter: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }

    var isLetterOrDigit: Bool {
        isLetter || properties.numericType != nil
    }
}
