import ArgumentParser
import Paper
import Typewriter

/// `platen print`: a text on the paper that the settings name.
struct Print: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a text, or a test page with everything that a printer can type.",
        discussion: """
            Examples:
              platen print letter.txt --config platen.toml
              echo "Hello" | platen print --profile esc-pos --device /dev/usb/lp0
              platen print --test-page --profile diablo-630 --device /dev/ttyUSB0
              platen print letter.txt --profile plain --device lp:office

            A printer that has no paper, or is unplugged, is waited for. `platen paper` shows printers and profiles.
            """
    )

    @Argument(help: "A text file; standard input without one.")
    var file: String?

    @Option(help: "A settings file; options go before it.")
    var config: String?

    @Option(help: "A printer's profile: a name, or a path with a slash in it.")
    var profile: String?

    @Option(help: "Where the printer is: a path, tcp:PORT, or lp:NAME.")
    var device: String?

    @Option(help: "Width of the page in characters.")
    var columns: Int?

    @Flag(help: "Print the text as it is, not as markdown.")
    var plain = false

    @Flag(help: "Print a page with the printer's whole character set.")
    var testPage = false

    func run() throws {
        let settings = try settings()
        let text = testPage ? "" : try file.map { path throws(StreamError) in try readTextFile(path) } ?? readStandardInputText()
        let paper = try settings.paper.open { writeToStandardError("platen print: \($0)\n") }
        var pageSettings = settings.paper.page
        if plain || testPage { pageSettings.markdown = false }
        var page = try Page(pageSettings, for: paper.capabilities)
        let content = testPage ? Self.testText(paper.capabilities, columns: page.width) : text
        var strikes = page.write(content) + page.flush() + page.startLine()
        if testPage { strikes += Self.styles + page.newLine() }
        let printer = try Printer(paper)
        try printer.print(strikes + [.tearOff])
        try printer.drain()
        let substitutions = page.takeSubstitutions()
        if !substitutions.isEmpty { writeToStandardError("typed as something else: \(substitutions)\n") }
    }

    private func settings() throws(TypewriterError) -> Settings {
        var settings = Settings()
        if let config { settings = try Settings(file: config) }
        if profile != nil || device != nil { try settings.set("paper.kind", to: .text("printer")) }
        if let profile { try settings.set("paper.profile", to: .text(profile)) }
        if let device { try settings.set("paper.device", to: .text(device)) }
        if let columns { try settings.set("paper.columns", to: .integer(columns)) }
        return settings
    }

    private static let styles: [Strike] = [
        .text("plain ", []), .text("bold", .bold), .text(" ", []), .text("underlined", .underline), .text(" ", []), .text("both", [.bold, .underline]),
    ]

    /// A ruler, what the printer has of its own, and what it types for what it lacks.
    private static func testText(_ paper: PaperCapabilities, columns: Int) -> String {
        let ruler = (1...columns).map { $0 % 10 == 0 ? String($0 / 10 % 10) : "." }.joined()
        let glyphs = (paper.repertoire?.glyphs ?? Set(Repertoire.ascii)).filter { $0 != " " }.sorted()
        let own = stride(from: 0, to: glyphs.count, by: columns).map { String(glyphs[$0..<min($0 + columns, glyphs.count)]) }
        return """
            \(ruler)
            \(own.joined(separator: "\n"))

            The quick brown fox jumps over the lazy dog. 0123456789
            “Quotes” ‘single’ «guillemets» – — … • → ← ½ ¼ ¾ ± × ÷ ° € £ § © ™
            ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞß àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ
            ĀāĂăĄąĆćČčĎďĐđĒēĖėĘęĚěĞğĢģĪīĮįİıĶķĹĺĻļĽľŁłŃńŅņŇňŌōŐőŒœŔŕŘřŚśŞşŠšŢţŤťŪūŮůŰűŲųŹźŻżŽž

            """
    }
}
