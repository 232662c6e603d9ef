import ArgumentParser
import Inference
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
        subcommands: [Chat.self, Complete.self, Inspect.self, Tokenize.self, Logits.self, Bench.self, Quantize.self, Perplexity.self, Keys.self,
            Print.self, PaperCommand.self, History.self, DoctorCommand.self, Status.self]
    )

    /// Parses and runs. What one of the commands throws becomes a line that names it; what the parser says stays as it is.
    static func main() {
        do {
            var command = try parseAsRoot()
            let kind = type(of: command)
            let commands = configuration.subcommands.flatMap { [$0] + $0.configuration.subcommands }
            guard commands.contains(where: { $0 == kind }) else { return try command.run() }
            do {
                try command.run()
            } catch let code as ExitCode {
                throw code
            } catch {
                writeToStandardError("platen \(kind.configuration.commandName ?? String(describing: kind).lowercased()): \(error)\n")
                throw ExitCode(status(of: error))
            }
        } catch {
            exit(withError: error)
        }
    }

    private static func status(of error: any Error) -> Int32 {
        switch error {
        case let error as TypewriterError: error.status.rawValue
        case let error as InferenceError where error.isShortage: TypewriterError.ExitStatus.shortage.rawValue
        default: 1
        }
    }
}
