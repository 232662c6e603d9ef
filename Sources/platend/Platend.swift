import ArgumentParser

@main
struct Platend: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "platend", abstract: "The typewriter daemon."
    )
}
