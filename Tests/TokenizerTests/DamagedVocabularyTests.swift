@testable import GGUF
import Testing

@testable import Tokenizer

/// Files with flipped, copied and overwritten bytes: they are refused, or what they hold is used without a trap.
struct DamagedVocabularyTests {
    @Test(arguments: [
        TestVocabulary.sentencePiece(["▁": -3, "t": -9, "h": -9, "th": -4, "▁th": -1]),
        TestVocabulary.byteLevel(
            [(Array("t".utf8), Array("h".utf8)), (Array(" ".utf8), Array("th".utf8))],
            specials: ["<|im_end|>": .control, "  ": .userDefined], preTokenizer: "llama-bpe"),
    ])
    func damageNeverTraps(vocabulary: TestVocabulary) throws {
        var random = SystemRandomNumberGenerator()
        let original = try vocabulary.bytes()
        var usable = 0
        for _ in 0..<600 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) { damage(&bytes, &random) }
            do {
                let tokenizer = try Tokenizer(GGUFFile(copying: bytes, path: "test.gguf"))
                usable += 1
                use(tokenizer)
            } catch let error as TokenizerError {
                #expect(error.description.hasPrefix("test.gguf: ") && !error.description.contains("\n"))
            } catch is GGUFError {
                // The reader of the file's format found it first.
            }
        }
        // Otherwise nothing was tried but the readers.
        #expect(usable > 5)
    }

    private func damage(_ bytes: inout [UInt8], _ random: inout SystemRandomNumberGenerator) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[place] = [0, 0x20, 0x7F, 0x80, 0xC3, 0xFF].randomElement(using: &random) ?? 0
        default:
            let source = Int.random(in: 0..<bytes.count, using: &random)
            for offset in 0..<min(8, bytes.count - max(place, source)) { bytes[place + offset] = bytes[source + offset] }
        }
    }

    private func use(_ tokenizer: Tokenizer) {
        for text in ["the th  th\n<|im_end|></s>é漢👍 123", " \t\0'll"] {
            for special in [true, false] {
                let ids = tokenizer.encode(text, parseSpecial: special)
                #expect(ids.allSatisfy { 0 <= $0 && $0 < tokenizer.count })
                _ = tokenizer.decode(ids, special: special)
                var decoder = StreamingDecoder(tokenizer, startsText: special)
                for id in ids { _ = decoder.append(id) }
                _ = decoder.finish()
            }
        }
    }
}
