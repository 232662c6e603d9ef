import ArgumentParser
import Glibc
import Typewriter

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at the computer and the settings, and say what to do about what is not in order.",
        discussion: """
            A line for everything that was looked at: ok, warn (it works, but not well), or fail (it does not work), and what to do. Nothing is \
            changed, no device is opened, and nothing is printed.

            Exit status: 1 if something fails.
            """
    )

    @Option(help: "The settings file. Without one, \(SettingsFiles.standardPath); if that is missing, everything has its default.")
    var config: String?

    @Option(help: "Who is to run the typewriter. Without one, platen if there is such a user, or else you.")
    var user: String?

    func run() throws {
        let files = SettingsFiles(config)
        for problem in files.problems { print("fail  settings: \(problem)") }
        if files.problems.isEmpty {
            print("ok    settings: \(files.files.isEmpty ? "no file; everything has its default" : files.files.joined(separator: ", "))")
        }
        let computer = try Computer(user: user)
        var fails = !files.problems.isEmpty
        for finding in Doctor(computer, files.settings).findings() {
            print(finding)
            if finding.verdict == .fail { fails = true }
        }
        if fails { throw ExitCode(1) }
    }
}
