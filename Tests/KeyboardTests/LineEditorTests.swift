import Keyboard
import Testing

@Suite struct LineEditorTests {
    @Test(arguments: Case.load("editing.txt"))
    func edit(_ example: Case) {
        var editor = LineEditor(limit: example.options["limit"].flatMap { Int($0) } ?? 4096, endsByKey: example.options["endsByKey"] != "false")
        let edits = words(example.input).flatMap(events).flatMap { editor.edit($0) }
        #expect(edits.map(name).joined(separator: "\n") == example.expected)
    }

    @Test func caseFileIsThere() {
        #expect(Case.load("editing.txt").count > 15)
    }

    /// Whatever is typed, the edits rebuild the line, and the limit holds.
    @Test func editsRebuildTheLine() {
        var random = SystemRandomNumberGenerator()
        let pieces = [
            "a", "é", "e\u{301}", "\u{301}", "打", "👩\u{200D}", "💻", "\u{1F1E9}", "\u{1F1EA}", " ", "\t", "\n", "\r", "\u{1B}",
            "word", "\u{200D}",
        ]
        for _ in 0..<500 {
            var editor = LineEditor(limit: 12)
            var line = ""
            for _ in 0..<60 {
                let key: Key =
                    switch Int.random(in: 0..<10, using: &random) {
                    case 0...6: .text(pieces.randomElement(using: &random)!)
                    case 7: .erase
                    case 8: .eraseWord
                    default: .tab
                    }
                for edit in editor.edit(KeyEvent(time: 0, key: key)) {
                    switch edit {
                    case .inserted(let text): line.unicodeScalars.append(contentsOf: text.unicodeScalars)
                    case .erased(let text):
                        #expect(line.unicodeScalars.suffix(text.unicodeScalars.count).elementsEqual(text.unicodeScalars))
                        line.unicodeScalars.removeLast(text.unicodeScalars.count)
                    case .bell: break
                    default: Issue.record("\(edit)")
                    }
                }
                #expect(line.unicodeScalars.elementsEqual(editor.text.unicodeScalars))
                #expect(editor.text.count <= 12)
            }
        }
    }

    @Test func absurdLimitsHoldOneCharacter() {
        var editor = LineEditor(limit: -5)
        #expect(editor.edit(KeyEvent(time: 0, key: .text("ab"))) == [.inserted("a"), .bell])
    }

    /// Split at spaces, but for those in quotation marks.
    private func words(_ input: String) -> [String] {
        input.split(separator: "\"", omittingEmptySubsequences: false).enumerated().flatMap { index, part in
            index % 2 == 1 ? ["\"" + part + "\""] : part.split(separator: " ").map(String.init)
        }
    }

    private func events(_ word: String) -> [KeyEvent] {
        if word.hasPrefix("\"") { return word.dropFirst().dropLast().map { KeyEvent(time: 0, key: .text(String($0))) } }
        let parts = word.split(separator: ":", maxSplits: 1)
        let key: Key =
            switch parts[0] {
            case "text": .text(read(parts[1]))
            case "release", "repeat": .text(String(parts[1]))
            case "function": .function(1)
            case "code": .code(30)
            default: named[word]!
            }
        let actions: [Substring: KeyEvent.Action] = ["release": .release, "repeat": .repetition]
        return [KeyEvent(time: 0, key: key, action: actions[parts[0]] ?? .press)]
    }

    private let named: [String: Key] = Dictionary(
        uniqueKeysWithValues: [
            Key.return, .tab, .erase, .eraseWord, .eraseLine, .delete, .escape, .up, .down, .left, .right, .home, .end,
            .pageUp, .pageDown, .insert, .page, .newConversation, .endOfText, .interrupt, .endOfInput,
        ].map { ("\($0)", $0) })

    private func name(_ edit: LineEdit) -> String {
        switch edit {
        case .inserted(let text): "inserted " + shown(text)
        case .erased(let text): "erased " + shown(text)
        case .submitted(let text): "submitted " + shown(text)
        default: "\(edit)"
        }
    }
}
