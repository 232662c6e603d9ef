import Paper
import Testing

/// A device that can do everything, and one that can do nothing but type.
let terminal = PaperCapabilities(canErase: true, bold: true, underline: true)
let plain = PaperCapabilities()

@Suite struct LayoutTests {
    @Test(arguments: Case.load("layout.txt") + Case.load("markdown.txt"))
    func layOut(_ example: Case) throws {
        var page = try Page(example.settings, for: example.options["device"] == "plain" ? plain : terminal)
        var sheet = Sheet()
        sheet.apply(page.write(example.input))
        sheet.apply(page.flush())
        #expect(withoutEmptyEnd(sheet.styledText) == example.expected)
        #expect(sheet.widest <= example.settings.columns)
    }

    @Test func caseFilesAreThere() {
        #expect(Case.load("layout.txt").count > 30)
        #expect(Case.load("markdown.txt").count > 30)
    }
}
