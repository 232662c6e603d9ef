import ArgumentParser

@main
struct Platen: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "platen",
        abstract: "A language model in a typewriter: the command line tool.",
        subcommands: []
    )
}
