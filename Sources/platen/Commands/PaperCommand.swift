import ArgumentParser
import Paper
import Typewriter

/// `platen paper`: what could print here.
struct PaperCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "paper",
        abstract: "List devices that could be printers, and the profiles of printers and displays.",
        discussion: """
            Examples:
              platen paper
              platen paper --profile diablo-630 --preview wheel.png

            A USB printer that a profile knows, by its numbers or its language, is named with it: it is taken where the settings name none. For a printer of CUPS, `lpstat -p` shows the names.
            """
    )

    @Option(help: "Draw the test page of --profile's printer as it would be struck: a PNG file.")
    var preview: String?

    @Option(help: "A printer's profile: a name, or a path with a slash in it.")
    var profile: String?

    func validate() throws {
        if (preview == nil) != (profile == nil) { throw ValidationError("--preview and --profile go together: which printer's page, and where to") }
    }

    func run() throws {
        guard let preview, let profile else { return try list() }
        var settings = Settings()
        try settings.set("paper.kind", to: .text("printer"))
        try settings.set("paper.profile", to: .text(profile))
        settings.paper.page.markdown = false
        let pictures = try Preview.write(settings.paper, to: preview) { capabilities in
            var page = try Page(settings.paper.page, for: capabilities)
            return TestPage.strikes(&page, capabilities)
        }
        writeToStandardError("drawn: \(pictures.joined(separator: ", "))\n")
    }

    private func list() throws {
        let profiles = PrinterDescription.all()
        let output = OutputStream(standard: OutputStream.standardOutput)
        let candidates = PrinterCandidate.all()
        if candidates.isEmpty { try output.write("no device here could be a printer: no USB printer, parallel port, or serial converter\n") }
        for candidate in candidates {
            let numbers = candidate.vendor.flatMap { vendor in candidate.product.map { (vendor, $0) } }
            let known = PrinterChoice.names(for: candidate, among: profiles)
            let usb = numbers.map { "\(hexadecimal($0.0)):\(hexadecimal($0.1)) " } ?? ""
            let state = candidate.obstacle.map { ", \($0)" } ?? ""
            let profile = known.isEmpty ? "" : ", profile \(known.joined(separator: " or "))"
            try output.write("\(candidate.path.extended(to: 16)) \(usb)\(candidate.name)\(state)\(profile)\n")
        }
        try output.write("\nprofiles:\n")
        for (name, printer) in profiles {
            let columns = printer.profile.columns.map { "\($0) columns" } ?? "any width"
            try output.write("\(name.extended(to: 22)) \(printer.profile.name), \(columns)\(printer.isVerified ? "" : ", not tried on the metal")\n")
        }
        try output.write("\ndisplays:\n")
        for name in HardwareDirectory.names(.displays) {
            let display = try DisplayDescription(name)
            try output.write("\(name.extended(to: 22)) \(display.profile.name)\(display.isVerified ? "" : ", not tried on the metal")\n")
        }
    }

    private func hexadecimal(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
