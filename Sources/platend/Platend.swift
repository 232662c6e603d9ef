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

            Exit status: 0 when somebody ended the session, 78 when the settings are wrong, 66 when there is no model, \
            65 when the model file is damaged, 71 when there is too little memory for it, 74 when keyboard or paper failed.
            """,
        version: platenVersion
    )

    @Option(help: "The settings file. Without one, everything has its default.")
    var config: String?

    @Flag(help: "Only check the settings, and say what is wrong with them.")
    var check = false

    func run() throws {
        do throws(TypewriterError) {
            var settings = Settings()
            if let config { settings = try Settings(file: config) }
            guard !check else { return }
            try Typewriter(settings).run()
        } catch {
            writeToStandardError("platend: \(error)\n")
            throw ExitCode(error.status.rawValue)
        }
    }
}
