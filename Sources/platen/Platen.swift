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
            guard let name = name(of: type(of: command), in: Self.self), name != "platen" else { return try command.run() }
            do {
                try command.run()
            } catch let code as ExitCode {
                throw code
            } catch {
                writeToStandardError("\(name): \(error)\n")
                throw ExitCode(status(of: error))
            }
        } catch {
            exit(withError: error)
        }
    }

    /// What somebody typed to get at a command: its own name behind those of the commands that it belongs to. Nil for one of the parser's.
    private static func name(of command: any ParsableCommand.Type, in group: any ParsableCommand.Type) -> String? {
        let own = group.configuration.commandName ?? String(describing: group).lowercased()
        if group == command { return own }
        return group.configuration.subcommands.lazy.compactMap { name(of: command, in: $0) }.first.map { "\(own) \($0)" }
    }

    private static func status(of error: any Error) -> Int32 {
        switch error {
        case let error as TypewriterError: error.status.rawValue
        case let error as InferenceError where error.isShortage: TypewriterError.ExitStatus.shortage.rawValue
        default: 1
        }
    }
}
