import Keyboard
import Testing

@Suite struct BaudotTests {
    @Test(arguments: Case.load("baudot.txt"))
    func decode(_ example: Case) {
        var decoder = BaudotDecoder(
            example.options["alphabet"] == "ustty" ? .ustty : .ita2, unshiftsOnSpace: example.options["unshift"] == "yes")
        var keys: [Key] = []
        let names: [Substring: UInt8] = ["LTRS": 0x1F, "FIGS": 0x1B, "CR": 0x08, "LF": 0x02, "SP": 0x04, "NUL": 0]
        for word in example.input.split(separator: " ") { decoder.feed(names[word] ?? UInt8(word, radix: 16)!, into: &keys) }
        #expect(keys.map(name).joined(separator: "\n") == example.expected)
    }

    @Test func caseFileIsThere() {
        #expect(Case.load("baudot.txt").count > 10)
    }

    /// Any bytes at all: nothing but text of one character and the three named keys, and a shift puts all in order again.
    @Test func anyBytes() {
        var random = SystemRandomNumberGenerator()
        for alphabet in [BaudotDecoder.Alphabet.ita2, .ustty] {
            var decoder = BaudotDecoder(alphabet, unshiftsOnSpace: .random(using: &random))
            var keys: [Key] = []
            for _ in 0..<20_000 { decoder.feed(.random(in: 0...255, using: &random), into: &keys) }
            for key in keys {
                switch key {
                case .text(let text): #expect(text.utf8.count == 1)
                case .return, .escape, .newConversation: break
                default: Issue.record("\(key)")
                }
            }
            keys = []
            for byte: UInt8 in [0x1F, 0x17] { decoder.feed(byte, into: &keys) }
            #expect(keys == [.text("q")])
        }
    }
}
