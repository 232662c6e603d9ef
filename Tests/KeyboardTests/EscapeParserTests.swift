import Keyboard
import Testing

@Suite struct EscapeParserTests {
    @Test(arguments: Case.load("escapes.txt"))
    func parse(_ example: Case) {
        var parser = EscapeParser()
        var keys: [Key] = []
        var now: UInt64 = 1
        for step in script(example.input) {
            switch step {
            case .byte(let byte): parser.feed(byte, at: now, into: &keys)
            case .pause(let nanoseconds):
                now += nanoseconds
                parser.timeOut(at: now, into: &keys)
            }
        }
        if !example.input.hasSuffix("|") { parser.finish(into: &keys) }
        #expect(keys.map(name).joined(separator: "\n") == example.expected)
    }

    @Test func caseFileIsThere() {
        #expect(Case.load("escapes.txt").count > 30)
    }

    @Test func deadlineIsTheTimeAfterTheLastByte() {
        var parser = EscapeParser(escapeTimeout: 50)
        var keys: [Key] = []
        #expect(parser.deadline == nil)
        parser.feed(0x1B, at: 100, into: &keys)
        #expect(parser.deadline == 150)
        parser.feed(UInt8(ascii: "["), at: 120, into: &keys)
        #expect(parser.deadline == 170)
        parser.timeOut(at: 169, into: &keys)
        #expect(keys.isEmpty)
        parser.timeOut(at: 170, into: &keys)
        #expect(keys == [.escape, .text("[")])
        #expect(parser.deadline == nil)
    }

    /// Any bytes at all: no trap, nothing kept, and valid text outside of sequences comes out as it went in.
    @Test func anyBytes() {
        var random = SystemRandomNumberGenerator()
        let likely = Array("\u{1B}\u{1B}[O~;20".utf8) + [0xC3, 0xF0, 0x9F]
        for _ in 0..<2_000 {
            var parser = EscapeParser()
            var keys: [Key] = []
            for time in 0..<UInt64(200) {
                let isLikely = Bool.random(using: &random)
                let byte = isLikely ? likely.randomElement(using: &random)! : UInt8.random(in: 0...255, using: &random)
                parser.feed(byte, at: time * 10_000_000, into: &keys)
                if time % 7 == 0 { parser.timeOut(at: time * 10_000_000 + 60_000_000, into: &keys) }
            }
            parser.finish(into: &keys)
            #expect(parser.deadline == nil)
            for case .text(let text) in keys { #expect(text.unicodeScalars.count == 1) }
            var after: [Key] = []
            parser.feed(UInt8(ascii: "q"), at: 1, into: &after)
            #expect(after == [.text("q")])
        }
    }

    private enum Step {
        case byte(UInt8)
        case pause(UInt64)
    }

    private func script(_ input: String) -> [Step] {
        var steps: [Step] = []
        var rest = Array(input.utf8)[...]
        func ascii(_ character: Character) -> UInt8 { character.asciiValue! }
        while let byte = rest.popFirst() {
            if byte == ascii("|") {
                let digits = rest.prefix { $0 != ascii("|") }
                rest = rest.dropFirst(digits.count + 1)
                steps.append(.pause(UInt64(String(decoding: digits, as: UTF8.self))! * 1_000_000))
            } else if byte == ascii("\\"), let next = rest.popFirst() {
                switch next {
                case ascii("e"): steps.append(.byte(0x1B))
                case ascii("r"): steps.append(.byte(0x0D))
                case ascii("n"): steps.append(.byte(0x0A))
                case ascii("t"): steps.append(.byte(0x09))
                default:
                    steps.append(.byte(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)!))
                    rest = rest.dropFirst(2)
                }
            } else {
                steps.append(.byte(byte))
            }
        }
        return steps
    }
}
