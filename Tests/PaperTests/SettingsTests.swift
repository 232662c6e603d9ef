import Paper
import Testing

@Suite struct SettingsTests {
    @Test(arguments: [
        (PageSettings(columns: 0), "paper.columns: 0 is not between 4 and 1000"),
        (PageSettings(columns: 1), "paper.columns: 1 is not between 4 and 1000"),
        (PageSettings(columns: -7), "paper.columns: -7 is not between 4 and 1000"),
        (PageSettings(columns: .max), "paper.columns: 9223372036854775807 is not between 4 and 1000"),
        (PageSettings(leftMargin: -1), "paper.left_margin: -1 is not between 0 and 1000"),
        (PageSettings(rightMargin: .max), "paper.right_margin: 9223372036854775807 is not between 0 and 1000"),
        (PageSettings(tabWidth: 0), "paper.tab_width: 0 is not between 1 and 1000"),
        (PageSettings(hotZone: .min), "paper.hot_zone: -9223372036854775808 is not between 0 and 1000"),
        (
            PageSettings(columns: 20, leftMargin: 10, rightMargin: 7),
            "paper: margins of 10 and 7 leave 3 of 20 columns; make them smaller, so that 4 remain"
        ),
    ])
    func absurdSettingsAreErrors(settings: PageSettings, message: String) {
        #expect(throws: PaperError(message)) { try Page(settings, for: PaperCapabilities()) }
    }

    @Test func aNarrowDeviceWins() throws {
        #expect(try Page(PageSettings(columns: 72), for: PaperCapabilities(columns: 16)).width == 16)
        #expect(try Page(PageSettings(columns: 72), for: PaperCapabilities(columns: 200)).width == 72)
        #expect(throws: PaperError("the device has 1 columns; 4 are needed")) {
            try Page(PageSettings(columns: 72), for: PaperCapabilities(columns: 1))
        }
    }

    @Test func theNarrowestPageHoldsEverything() throws {
        var page = try Page(PageSettings(columns: 4, tabWidth: 1000, hotZone: 1000), for: terminal)
        var sheet = Sheet()
        sheet.apply(page.write("- typewriter 打字机\n> \tx\n# 打字机") + page.newLine() + page.type("a b\tc 打字机"))
        #expect(sheet.widest <= 4)
    }
}
