import Paper
import TestSupport

/// Words, markdown, wide characters, marks, addresses, control characters and any Unicode at all.
func randomText(_ random: inout SeededGenerator, length: Int) -> String {
    let pieces = [
        "a", "of", "the", "ink", "platen", "typewriter", "well-known", "and/or", "incomprehensibilities", "Schreibmaschine",
        "https://example.org/a/long/path?with=query&more=1#part", "3.14159265358979", "snake_case", "2*3*4",
        "打字机", "滚筒，", "「黒」", "타자기", "e\u{301}", "\u{301}", "\u{200D}", "👩\u{200D}💻", "👍🏽", "\u{1F1E9}\u{1F1EA}",
        "…", "—", "\u{A0}",
        "*", "**", "_", "`", "```", "[", "](", ")", "!", "\\", "#", "##", "-", "1.", ">", "~~~", "---",
        "\u{1B}[31m", "\u{7}", "\r\n", "\r", "\t", "\u{202E}", "\u{FEFF}", "\u{3000}",
    ]
    var text = ""
    while text.unicodeScalars.count < length {
        switch Int.random(in: 0..<20, using: &random) {
        case 0...6: text += pieces.randomElement(using: &random)!
        case 7...14: text += " "
        case 15: text += "\n"
        case 16: text += "\n\n"
        case 17: text += String(repeating: "x", count: Int.random(in: 1...60, using: &random))
        case 18: text += String(repeating: " ", count: Int.random(in: 1...9, using: &random))
        default:
            let value = UInt32.random(in: 0...0x10FFFF, using: &random)
            let isBasic = Bool.random(using: &random)
            if let scalar = Unicode.Scalar(isBasic ? value & 0xFFFF : value) { text.unicodeScalars.append(scalar) }
        }
    }
    return text
}

func randomSettings(_ random: inout SeededGenerator) -> PageSettings {
    let (left, right) = (Int.random(in: 0...5, using: &random), Int.random(in: 0...5, using: &random))
    return PageSettings(
        columns: left + right + Int.random(in: 4...80, using: &random), leftMargin: left, rightMargin: right,
        tabWidth: Int.random(in: 1...9, using: &random), hotZone: Int.random(in: 0...6, using: &random))
}
