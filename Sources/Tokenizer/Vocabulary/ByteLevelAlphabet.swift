/// The alphabet in which byte-level vocabularies write their tokens: one printable character for each byte.
///
/// Printable Latin-1 bytes stand for themselves; the 68 others, in order, are U+0100 and up, so a space is `Ġ`.
/// Source: `bytes_to_unicode` of github.com/openai/gpt-2, src/encoder.py.
struct ByteLevelAlphabet {
    /// The byte that each of the characters U+0000...U+0143 stands for, or -1.
    private let values: [Int16] = {
        var values = [Int16](repeating: -1, count: 256 + 68)
        var next = 256
        for byte in 0..<256 {
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF:
                values[byte] = Int16(byte)
            default:
                values[next] = Int16(byte)
                next += 1
            }
        }
        return values
    }()

    /// Appends the bytes that a token's text stands for, or leaves `bytes` as it is and returns false where the text
    /// has other characters.
    func decode(_ text: UnsafeRawBufferPointer, into bytes: inout [UInt8]) -> Bool {
        let start = bytes.count
        var position = 0
        while position < text.count {
            var character = Int(text[position])
            position += 1
            if 0x21...0x7E ~= character {
                bytes.append(UInt8(truncatingIfNeeded: character))
                continue
            }
            // U+0080...U+0143 take two bytes of UTF-8, the first of which is C2...C5; no other is in the alphabet.
            guard 0xC2...0xC5 ~= character, position < text.count, text[position] & 0xC0 == 0x80 else {
                bytes.removeSubrange(start...)
                return false
            }
            character = (character & 0x1F) << 6 | Int(text[position] & 0x3F)
            position += 1
            guard character < values.count, values[character] >= 0 else {
                bytes.removeSubrange(start...)
                return false
            }
            bytes.append(UInt8(truncatingIfNeeded: values[character]))
        }
        return true
    }

    /// True for texts that are the same in this alphabet and outside it.
    static func isPlain(_ text: UnsafeRawBufferPointer) -> Bool {
        text.allSatisfy { 0x21...0x7E ~= $0 }
    }
}
