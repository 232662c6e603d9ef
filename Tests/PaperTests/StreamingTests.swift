import Paper
import TestSupport
import Testing

@Suite struct StreamingTests {
    @Test func aWordIsTypedWhenItEnds() throws {
        var page = try Page(PageSettings(columns: 20), for: terminal)
        #expect(page.write("The pla") == [.text("The", [])])
        #expect(page.write("ten") == [])
        #expect(page.write(" ") == [.text(" platen", [])])
        #expect(page.write("is") == [])
        #expect(page.flush() == [.text(" is", [])])
    }

    @Test func farFromTheMarginLettersAppearAsTheyCome() throws {
        var page = try Page(PageSettings(columns: 40), for: terminal)
        #expect(page.write("T") == [])
        #expect(page.write("he pla") == [.text("The pl", [])])
        #expect(page.write("te") == [.text("at", [])])
        // The accent belongs to the letter before it.
        #expect(page.write("\u{301}") == [])
        #expect(page.write("n is ") == [.text("e\u{301}n is", [])])
        // 24 columns are left, then 23.
        #expect(page.write("abcd") == [.text(" abc", [])])
        #expect(page.write(" ef") == [.text("d", [])])
        #expect(page.flush() == [.text(" ef", [])])
    }

    @Test func aBegunWordThatIsTooLongIsBrokenNearTheMargin() throws {
        var page = try Page(PageSettings(columns: 30), for: terminal)
        var sheet = Sheet()
        for letter in "an unbelievableunbelievableunbelievable word" { sheet.apply(page.write(String(letter))) }
        sheet.apply(page.flush())
        #expect(sheet.text == "an unbelievableunbelievableun-\nbelievable word")
    }

    @Test func anAddressGoesToTheNextLineAsAWhole() throws {
        var page = try Page(PageSettings(columns: 40), for: terminal)
        let strikes = page.write("see now https://example.org/a/very/long/path ")
        #expect(strikes == [.text("see now", []), .newLine, .text("https://example.org/a/very/long/path", [])])
    }

    @Test func aWordThatDoesNotFitReturnsTheCarriage() throws {
        var page = try Page(PageSettings(columns: 10), for: terminal)
        #expect(page.write("abcdef ghijk ") == [.text("abcdef", []), .newLine, .text("ghijk", [])])
    }

    @Test func anOverlongWordIsTypedBeforeItEnds() throws {
        var page = try Page(PageSettings(columns: 10), for: terminal)
        let strikes = page.write(String(repeating: "na", count: 200))
        let typed = strikes.reduce(0) { if case .text(let text, _) = $1 { $0 + text.count } else { $0 } }
        #expect(typed > 380)
    }

    @Test func theColumnIsKnownAfterAFlush() throws {
        var page = try Page(PageSettings(columns: 10), for: terminal)
        _ = page.write("abc de")
        _ = page.flush()
        #expect(page.column == 6)
        #expect(page.line == 0)
        #expect(page.newLine() == [.newLine])
        #expect(page.startLine() == [])
        #expect(page.line == 1)
        #expect(page.column == 0)
    }

    @Test func afterAStopTheLineIsNew() throws {
        var page = try Page(PageSettings(columns: 10), for: terminal)
        _ = page.write("abc **de")
        #expect(page.stopped() == [.newLine])
        #expect(page.write("x ") == [.text("x", [])])
    }

    @Test func whatWasHeldBackCanBeForgotten() throws {
        var page = try Page(PageSettings(columns: 10), for: terminal)
        #expect(page.write("abc **de") == [.text("abc", [])])
        page.discard()
        #expect(page.flush() == [])
        #expect(page.startLine() == [.newLine])
    }

    /// However a text is cut, the strikes are the same.
    @Test(arguments: 0..<200)
    func piecesGiveTheSamePage(seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        let text = randomText(&random, length: 300)
        let settings = randomSettings(&random)
        var whole = try Page(settings, for: terminal)
        let expected = joined(whole.write(text) + whole.flush())
        var page = try Page(settings, for: terminal)
        var strikes: [Strike] = []
        var rest = text.unicodeScalars[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...12, using: &random)
            strikes += page.write(String(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        strikes += page.flush()
        #expect(joined(strikes) == expected)
        #expect(page.column == whole.column && page.line == whole.line)
    }

    /// No letter is lost or invented, in order, and no line is too long: plain text.
    @Test(arguments: 0..<200)
    func nothingIsLostOrInvented(seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        let text = randomText(&random, length: 400)
        var settings = randomSettings(&random)
        settings.markdown = false
        settings.hyphenates = false
        var page = try Page(settings, for: terminal)
        let strikes = page.write(text) + page.flush()
        var sheet = Sheet()
        sheet.apply(strikes)
        #expect(sheet.widest <= settings.columns - settings.rightMargin)
        #expect(ink(typedText(strikes)) == ink(text))
    }

    /// With hyphens: what is added is hyphens at the ends of lines only.
    @Test(arguments: 0..<200)
    func hyphensAreAllThatIsAdded(seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        let text = randomText(&random, length: 300).filter { !"-\u{2010}".contains($0) }
        var settings = randomSettings(&random)
        settings.markdown = false
        var page = try Page(settings, for: terminal)
        let strikes = page.write(text) + page.flush()
        var sheet = Sheet()
        sheet.apply(strikes)
        #expect(sheet.widest <= settings.columns - settings.rightMargin)
        let unhyphenated = typedText(strikes).split(separator: "\n").map { $0.hasSuffix("-") ? $0.dropLast() : $0 }.joined()
        #expect(ink(unhyphenated) == ink(text.filter { $0 != "-" }))
    }

    /// Markdown takes markers away and adds addresses' brackets, but never a letter or digit.
    @Test(arguments: 0..<200)
    func markdownLosesNoLetters(seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        let text = randomText(&random, length: 300).filter { !"#`~".contains($0) }
        var settings = randomSettings(&random)
        settings.hyphenates = false
        var page = try Page(settings, for: terminal)
        let strikes = page.write(text) + page.flush()
        var sheet = Sheet()
        sheet.apply(strikes)
        #expect(sheet.widest <= settings.columns - settings.rightMargin)
        let typed = typedText(strikes).unicodeScalars.filter(isLetterOrDigit)
        let difference = typed.difference(from: text.unicodeScalars.filter(isLetterOrDigit))
        #expect(difference.isEmpty, "\(difference)")
    }

    /// Typing and erasing at random leaves what is left, as if it had been typed alone.
    @Test(arguments: 0..<200)
    func erasingLeavesWhatIsLeft(seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        let settings = randomSettings(&random)
        var page = try Page(settings, for: terminal)
        var sheet = Sheet()
        var line = ""
        for character in randomText(&random, length: 200) {
            if Int.random(in: 0..<3, using: &random) == 0 {
                let erased = String(line.suffix(Int.random(in: 1...4, using: &random)))
                line.removeLast(erased.count)
                sheet.apply(page.erase(erased))
            } else if (line + String(character)).count == line.count + 1, character != "\r", character != "\r\n" {
                line.append(character)
                sheet.apply(page.type(String(character)))
            }
        }
        var alone = try Page(settings, for: terminal)
        var expected = Sheet()
        expected.apply(alone.type(line))
        // A mark that stood on nothing stays on the blank before: it has no column to erase.
        func seen(_ sheet: Sheet) -> [Unicode.Scalar] {
            sheet.text.unicodeScalars.filter { $0.columnWidth > 0 && $0 != " " }
        }
        #expect(seen(sheet) == seen(expected))
        #expect(page.column == alone.column && page.line == alone.line && sheet.line == expected.line)
        #expect(sheet.widest <= settings.columns - settings.rightMargin)
    }

    private func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }

    /// What leaves a mark: no white space, no control and no invisible format characters but joiners.
    private func ink(_ text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.filter { scalar in
            if scalar == "\u{200D}" || scalar == "\u{200C}" { return true }
            if scalar.properties.isWhitespace { return false }
            let category = scalar.properties.generalCategory
            return category != .control && !(category == .format && scalar.columnWidth == 0)
        }
    }
}
