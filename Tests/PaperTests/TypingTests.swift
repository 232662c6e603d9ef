import Paper
import Testing

@Suite struct TypingTests {
    @Test(arguments: Case.load("typing.txt"))
    func type(_ example: Case) throws {
        var page = try Page(example.settings, for: example.options["device"] == "plain" ? plain : terminal)
        var sheet = Sheet()
        var typed = ""
        var rest = example.input[...]
        while let character = rest.popFirst() {
            switch character {
            case "<":
                var count = 1
                let digits = rest.prefix { $0.isNumber }
                if let number = Int(digits), rest.dropFirst(digits.count).first == ">" {
                    count = number
                    rest = rest.dropFirst(digits.count + 1)
                }
                let erased = String(typed.suffix(count))
                typed.removeLast(erased.count)
                sheet.apply(page.erase(erased))
            case "~":
                typed = ""
                sheet.apply(page.newLine())
            default:
                for scalar in character.unicodeScalars {
                    typed.unicodeScalars.append(scalar)
                    sheet.apply(page.type(String(scalar)))
                }
            }
        }
        #expect(withoutEmptyEnd(sheet.text) == example.expected)
        #expect(sheet.widest <= example.settings.columns - example.settings.rightMargin)
        #expect(sheet.bells == Int(example.options["bells"] ?? "0"))
        #expect(sheet.column == page.column + example.settings.leftMargin || sheet.column == 0 && page.column == 0)
    }

    @Test func caseFileIsThere() {
        #expect(Case.load("typing.txt").count > 15)
    }

    /// Letters are on paper when they are typed, not when the word ends.
    @Test func typedLettersAreNotHeldBack() throws {
        var page = try Page(for: terminal)
        #expect(page.type("a") == [.text("a", [])])
        #expect(page.type("b") == [.text("b", [])])
    }

    @Test func typingGoesOnBehindAPrompt() throws {
        var page = try Page(PageSettings(markdown: false), for: terminal)
        #expect(joined(page.write("> ") + page.flush()) == [.text("> ", [])])
        #expect(page.type("a") == [.text("a", [])])
    }
}
