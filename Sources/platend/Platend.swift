import ArgumentParser
import Typewriter

@main
struct Platend: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "platend",
        abstract: "The typewriter daemon: a language model that answers on paper.",
        discussion: """
            Examples:
              platend --config /etc/platen/platen.toml
              platend --check --config platen.toml

            After FILE come the files FILE.d/*.toml, in the order of their names; what comes later holds.

            Exit status: 0 when somebody ended the session, 78 when the settings are wrong, 66 when there is no model, \
            65 when the model file is damaged, 71 when there is too little memory for it, 74 when keyboard or paper failed.
            """,
        version: platenVersion
    )

    @Option(help: "The settings file. Without one, \(SettingsFiles.standardPath); if that is missing, everything has its default.")
    var config: String?

    @Flag(help: "Only check the settings and what they name, as far as that needs no device, and say everything that is wrong.")
    var check = false

    @Flag(help: "Only print the settings that hold, each with the file and line that it comes from.")
    var printSettings = false

    @Flag(help: """
        Only print the bytes that the daemon's memory may be limited to without changing how it holds the model that the settings name, \
        or "infinity" where it cannot be read.
        """)
    var printMemoryLimit = false

    func run() throws {
        do {
            let settings = try settings()
            if printMemoryLimit { print(MemoryLimit.of(settings).map(String.init) ?? "infinity") }
            guard !check, !printSettings, !printMemoryLimit else { return }
            try Typewriter(settings) { [config] in SettingsFiles(config) }.run()
        } catch let error as TypewriterError {
            writeToStandardError("platend: \(error)\n")
            throw ExitCode(error.status.rawValue)
        }
    }

    /// Everything that is wrong is told at once.
    private func settings() throws -> Settings {
        var files = SettingsFiles(config)
        if check { files.checkOutside() }
        for problem in files.problems { writeToStandardError("\(problem)\n") }
        guard files.problems.isEmpty else { throw ExitCode(TypewriterError.ExitStatus.configuration.rawValue) }
        if printSettings { print(files.listing, terminator: "") }
        return files.settings
    }
}
