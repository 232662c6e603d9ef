import ArgumentParser
import Typewriter

@main
struct Platen: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "platen",
        abstract: "A language model in a typewriter: the command line tool.",
        discussion: """
            Examples:
              platen chat
              platen complete model.gguf --prompt "Once upon a time" --tokens 100
              platen inspect model.gguf
              platen bench model.gguf --threads 2
            """,
        version: platenVersion,
        subcommands: [Chat.self, Complete.self, Inspect.self, Tokenize.self, Logits.self, Bench.self, Quantize.self, Perplexity.self]
    )

    /// Parses and runs. What one of the commands throws becomes a line that names it; what the parser says stays as it is.
    static func main() {
        do {
            var command = try parseAsRoot()
            let kind = type(of: command)
            guard configuration.subcommands.contains(where: { $0 == kind }) else { return try command.run() }
            do {
                try command.run()
            } catch {
                writeToStandardError("platen \(String(describing: kind).lowercased()): \(error)\n")
                throw ExitCode((error as? TypewriterError)?.status.rawValue ?? 1)
            }
        } catch {
            exit(withError: error)
        }
    }
}
