@testable import Conversation
import Testing

struct StopCase: Sendable, CustomTestStringConvertible {
    let stops: [String]
    let pieces: [String]
    let shown: String
    let stopped: Bool

    var testDescription: String { "\(pieces) until \(stops)" }
}

private let cases = [
    StopCase(stops: [], pieces: ["all ", "of it"], shown: "all of it", stopped: false),
    StopCase(stops: [""], pieces: ["all of it"], shown: "all of it", stopped: false),
    StopCase(stops: ["STOP"], pieces: ["go STOP more"], shown: "go ", stopped: true),
    StopCase(stops: ["STOP"], pieces: ["go S", "T", "O", "P", "more"], shown: "go ", stopped: true),
    StopCase(stops: ["STOP"], pieces: ["go ST", "AR"], shown: "go STAR", stopped: false),
    StopCase(stops: ["STOP"], pieces: ["go ST"], shown: "go ST", stopped: false),
    StopCase(stops: ["STOP"], pieces: ["SSTSTOSTOP"], shown: "SSTSTO", stopped: true),
    StopCase(stops: ["aab"], pieces: ["a", "a", "a", "b"], shown: "a", stopped: true),
    StopCase(stops: ["abcX", "bc"], pieces: ["ab", "c", "d"], shown: "a", stopped: true),
    StopCase(stops: ["abcX", "bc"], pieces: ["abc", "X"], shown: "", stopped: true),
    StopCase(stops: ["### Instruction:", "</s>"], pieces: ["Yes.\n", "\n#", "##", " Ins", "truction", ":", "\nNext"], shown: "Yes.\n\n", stopped: true),
    StopCase(stops: ["### Instruction:"], pieces: ["# One\n", "## Two\n### Three"], shown: "# One\n## Two\n### Three", stopped: false),
    StopCase(stops: ["é!"], pieces: ["caf", "é", "?"], shown: "café?", stopped: false),
    StopCase(stops: ["é!"], pieces: ["caf", "é", "!"], shown: "caf", stopped: true),
    StopCase(stops: ["ü"], pieces: ["é", "ö", "ü"], shown: "éö", stopped: true),
]

@Suite("Stop sequences")
struct StopSequencesTests {
    @Test("end the text before them, across pieces", arguments: cases)
    func shown(_ example: StopCase) {
        var stops = StopSequences(example.stops)
        var shown = ""
        for piece in example.pieces { shown += stops.append(piece) }
        shown += stops.finish()
        #expect(shown == example.shown)
        #expect(stops.isStopped == example.stopped)
        #expect(stops.released == shown.utf8.count)
    }

    @Test("however the text is cut, the same comes out", arguments: cases)
    func anyCut(_ example: StopCase) {
        let scalars = Array(example.pieces.joined().unicodeScalars)
        for size in 1...max(1, scalars.count) {
            var stops = StopSequences(example.stops)
            var shown = ""
            for start in stride(from: 0, to: scalars.count, by: size) {
                var piece = ""
                piece.unicodeScalars += scalars[start..<min(start + size, scalars.count)]
                shown += stops.append(piece)
            }
            shown += stops.finish()
            #expect(shown == example.shown, "pieces of \(size)")
        }
    }

    @Test("what cannot be the beginning of one is shown at once")
    func prompt() {
        var stops = StopSequences(["###"])
        #expect(stops.append("a # b ##") == "a # b ")
        #expect(stops.append("c") == "##c")
    }
}

@Suite("White space around an answer")
struct WhiteSpaceTrimmerTests {
    @Test("is dropped, and kept inside", arguments: [
        (["  Paris", "."], "Paris."), ([" ", "\n", " Paris"], "Paris"), (["a ", " b", "\n\n"], "a  b"), (["a", "\n", "\n", "b "], "a\n\nb"),
        (["\n \t"], ""), ([""], ""), (["one two", " ", "three"], "one two three"),
    ])
    func trims(_ pieces: [String], _ expected: String) {
        var trimmer = WhiteSpaceTrimmer()
        #expect(pieces.map { trimmer.append($0) }.joined() == expected)
    }
}
