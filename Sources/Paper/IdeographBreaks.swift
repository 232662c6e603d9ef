/// Where a line may break without a space: beside characters of scripts written without spaces.
///
/// The part of UAX #14 that such text needs: break anywhere around an ideograph, but not before what closes, and not
/// after what opens (classes ID, CL, NS, OP; JIS X 4051 names the same characters).
enum IdeographBreaks {
    static func allows(after cell: Cell, before second: Unicode.Scalar) -> Bool {
        guard isIdeographic(cell.base) || isIdeographic(second) else { return false }
        // Emoji that are joined, or have a skin tone.
        if cell.text.unicodeScalars.last == "\u{200D}" || second.properties.isEmojiModifier { return false }
        switch cell.base.properties.generalCategory {
        case .openPunctuation, .initialPunctuation: return false
        default: break
        }
        switch second.properties.generalCategory {
        case .closePunctuation, .finalPunctuation: return false
        // Western punctuation stays with what it stands at.
        case .otherPunctuation, .dashPunctuation: return isIdeographic(second) && !nonStarters.contains(second)
        default: return !nonStarters.contains(second)
        }
    }

    private static func isIdeographic(_ scalar: Unicode.Scalar) -> Bool {
        // Hangul has spaces between its words.
        scalar.columnWidth == 2 && !(0x1100...0x115F ~= scalar.value) && !(0xAC00...0xD7A3 ~= scalar.value)
            || 0xFF61...0xFF9F ~= scalar.value
    }

    /// What else does not begin a line: points, marks of repetition and length, small kana.
    private static let nonStarters = Set("、。，．・：；？！､｡々〻ー～〜%％ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ".unicodeScalars)
}
