import ArgumentParser

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
        subcommands: [Chat.self, Complete.self, Inspect.self, Tokenize.self, Logits.self, Bench.self]
    )
}
