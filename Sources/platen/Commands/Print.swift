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
              platen print letter.txt --profile diablo-630 --preview letter.png

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

    @Option(help: "Print nothing, and draw the page as it would be struck: a PNG file for the first sheet, with -2 before its ending for the second.")
    var preview: String?

    func run() throws {
        let settings = try settings()
        let text = testPage ? "" : try file.map { path throws(StreamError) in try readTextFile(path) } ?? readStandardInputText()
        var substitutions: Substitutions?
        if let preview {
            let pictures = try Preview.write(settings.paper, to: preview) { try strikes(text, settings.paper, $0, &substitutions) }
            writeToStandardError("drawn: \(pictures.joined(separator: ", "))\n")
        } else {
            let paper = try settings.paper.open { writeToStandardError("platen print: \($0)\n") }
            let printer = try Printer(paper)
            try printer.print(strikes(text, settings.paper, paper.capabilities, &substitutions))
            try printer.drain()
        }
        if let substitutions, !substitutions.isEmpty { writeToStandardError("typed otherwise: \(substitutions)\n") }
    }

    private func strikes(
        _ text: String, _ paper: Settings.PaperSection, _ capabilities: PaperCapabilities, _ substitutions: inout Substitutions?
    ) throws -> [Strike] {
        var pageSettings = paper.page
        if plain || testPage { pageSettings.markdown = false }
        var page = try Page(pageSettings, for: capabilities)
        let strikes = testPage ? TestPage.strikes(&page, capabilities) : page.write(text) + page.flush() + page.startLine()
        substitutions = page.takeSubstitutions()
        return strikes + [.tearOff]
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
}
