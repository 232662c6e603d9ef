import Paper
import Testing

@Suite struct PageChangeTests {
    @Test func newMarginsHoldFromTheNextLineOn() throws {
        var page = try Page(PageSettings(columns: 40), for: PaperCapabilities())
        var sheet = Sheet()
        sheet.apply(page.write("one two three"))
        #expect(try !page.change(PageSettings(columns: 12, leftMargin: 4)))
        sheet.apply(page.flush() + page.newLine())
        #expect(try page.change(PageSettings(columns: 12, leftMargin: 4)))
        #expect(page.width == 8 && page.line == 1)
        sheet.apply(page.write("one two three") + page.flush())
        #expect(sheet.text == "one two three\n    one two\n    three")
    }

    @Test func marginsThatLeaveNothingAreRefusedAndTheOldOnesStay() throws {
        var page = try Page(PageSettings(columns: 40), for: PaperCapabilities())
        #expect(throws: PaperError.self) { try page.change(PageSettings(columns: 12, leftMargin: 10)) }
        #expect(page.width == 40)
    }
}
