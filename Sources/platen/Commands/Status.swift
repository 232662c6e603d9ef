import ArgumentParser
import Typewriter

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask the typewriter's daemon what it is doing.",
        discussion: """
            Examples:
              platen status
              platen status --json

            The daemon answers members of the group platen.

            Exit status: 69 when no daemon answers.
            """
    )

    @Flag(help: "One line of JSON.")
    var json = false

    @Option(help: "The daemon's socket. Without one, status.sock in RUNTIME_DIRECTORY or in /run/platen.")
    var socket: String?

    func run() throws {
        let answer = try StatusClient.ask(socket ?? StatusClient.standardPath)
        print(json ? answer.json + "\n" : answer.text, terminator: "")
    }
}
