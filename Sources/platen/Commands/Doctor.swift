import ArgumentParser
import Glibc
import Typewriter

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at the computer and the settings, and say what to do about what is not in order.",
        discussion: """
            Examples:
              sudo platen doctor
              platen doctor --user $USER --config platen.toml
              sudo platen doctor | grep -v ^ok

            Everything that was looked at is ok, warn (it works, but not well, or not for long), or fail (it does not work), with what to do. Nothing \
            is changed and nothing is printed. Devices are opened where they do not notice it; a serial line is not. Root sees more than others: \
            other programs' devices, and the directory of the transcripts.

            At a terminal it is in columns, elsewhere in lines.

            Exit status: 0 if nothing fails, 1 if something does.
            """
    )

    @Option(help: "The settings file. Without one, \(SettingsFiles.standardPath); if that is missing, everything has its default.")
    var config: String?

    @Option(help: "Who is to run the typewriter. Without one, platen if there is such a user, or else you.")
    var user: String?

    @Flag(help: "A list in JSON.")
    var json = false

    func run() throws {
        let files = SettingsFiles(config)
        var findings = files.problems.map { Finding(.fail, "settings", "\($0)") }
        if findings.isEmpty {
            findings = [Finding(.ok, "settings", files.files.isEmpty ? "no file; everything has its default" : files.files.joined(separator: ", "))]
        }
        findings += Doctor(try Computer(user: user), files.settings).findings()
        let output = OutputStream(standard: OutputStream.standardOutput)
        if json {
            try output.write("[\n" + findings.map { "  " + $0.json }.joined(separator: ",\n") + "\n]\n")
        } else if output.isTerminal {
            let (width, isColored) = (Self.terminalWidth, getenv("NO_COLOR") == nil)
            try output.write(findings.map { $0.layout(width: width, isColored: isColored) }.joined() + "\n\(DoctorSummary(findings))\n")
        } else {
            try output.write(findings.map { "\($0)\n" }.joined())
        }
        if findings.contains(where: { $0.verdict == .fail }) { throw ExitCode(1) }
    }

    private static var terminalWidth: Int {
        var size = winsize()
        return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? min(Int(size.ws_col), 120) : 80
    }
}
