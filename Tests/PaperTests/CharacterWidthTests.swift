import Foundation
import Paper
import Testing

@Suite struct CharacterWidthTests {
    @Test(arguments: [
        ("a", 1), ("é", 1), ("e\u{301}", 1), ("\u{301}", 0), ("打", 2), ("ア", 2), ("ｱ", 1), ("Ａ", 2), ("타", 2),
        ("\u{1110}\u{1161}", 2), ("👍", 2), ("👍🏽", 4), ("👩\u{200D}💻", 4), ("☃", 1), ("→", 1), ("…", 1), ("\u{200B}", 0),
        ("\u{3000}", 2), ("", 0), ("\u{10FFFF}", 1), ("𠀀", 2),
    ])
    func columns(text: String, width: Int) {
        #expect(text.columnWidth == width)
    }

    @Test func controlCharactersHaveNoWidth() {
        #expect((UInt32(0)..<0x20).compactMap(Unicode.Scalar.init).allSatisfy { $0.columnWidth == 0 })
        #expect((UInt32(0x7F)..<0xA0).compactMap(Unicode.Scalar.init).allSatisfy { $0.columnWidth == 0 })
    }

    /// The widths of glibc, which knows an older Unicode: where both know a character they agree.
    /// Needs a UTF-8 locale, which minimal systems may lack.
    @Test(.enabled(if: utf8Locale != nil, "there is no UTF-8 locale"))
    func agreesWithTheCLibrary() throws {
        let locale = try #require(utf8Locale)
        defer { freelocale(locale) }
        let old = uselocale(locale)
        defer { uselocale(old) }
        // The header hides it from Swift.
        let symbol = try #require(dlsym(dlopen(nil, RTLD_NOW), "wcwidth"))
        let wcwidth = unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Int32).self)
        var compared = 0
        var different: [String] = []
        for value in UInt32(0x20)...0x3FFFD {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let category = scalar.properties.generalCategory
            // -1: unassigned in the C library's Unicode, or a control character.
            let width = wcwidth(Int32(bitPattern: value))
            guard width >= 0, category != .unassigned, category != .privateUse, !isKnownDifference(scalar) else { continue }
            compared += 1
            if Int(width) != scalar.columnWidth {
                different.append("U+\(String(value, radix: 16)): \(scalar.columnWidth), not \(width)")
            }
        }
        #expect(compared > 140_000)
        #expect(different.isEmpty, "\(different.count): \(different.prefix(20))")
    }

    private func isKnownDifference(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Changed in Unicode 16.0: the symbols of the I Ching and the Tai Xuan Jing and counting rods are wide, and a vowel
        // sign of Ahom has a column.
        case 0x2630...0x2637, 0x268A...0x268F, 0x1D300...0x1D376, 0x1171E: true
        // Changed in glibc between Debian 12 and 14: Hangul fillers lost their columns, interlinear annotations and the
        // format controls of hieroglyphs gained one.
        case 0x3164, 0xFFA0, 0xFFF9...0xFFFB, 0x13430...0x1343F: true
        default: false
        }
    }
}

private var utf8Locale: locale_t? {
    for name in ["C.UTF-8", "C.utf8", "en_US.UTF-8"] {
        if let locale = newlocale(LC_CTYPE_MASK, name, nil) { return locale }
    }
    return nil
}
