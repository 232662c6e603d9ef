import ArgumentParser
import Keyboard
import Typewriter

struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what a keyboard gives.",
        discussion: """
            Examples:
              platen keys
              platen keys --config platen.toml
              platen keys --profile brother-ax-25

            Each line begins with the time in seconds of CLOCK_MONOTONIC. Of a matrix it shows the contacts as they are read, bouncing and \
            ghosts included, the keys after debouncing, and what they mean. Ctrl-C ends.
            """,
        subcommands: [Learn.self]
    )

    @Option(help: "A settings file, whose keyboard is shown. Without one, it is the terminal.")
    var config: String?

    @Option(help: "A matrix's profile: a name in hardware/keyboards, or a path.")
    var profile: String?

    func run() throws {
        var settings = Settings()
        if let config { settings = try Settings(file: config) }
        if let profile {
            try settings.set("keyboard.kind", to: .text("matrix"))
            try settings.set("keyboard.profile", to: .text(profile))
        }
        var failure: StreamError?
        func show(_ line: String) {
            let time = monotonicNanoseconds()
            let micros = "\(time / 1_000 % 1_000_000)"
            let stamp = "\(time / 1_000_000_000)." + String(repeating: "0", count: 6 - micros.count) + micros
            do throws(StreamError) {
                try OutputStream(standard: OutputStream.standardOutput).write("\(stamp)  \(line)\n")
            } catch {
                failure = error
            }
        }
        let keyboard = try settings.keyboard.open { show(Self.line($0)) }
        if !keyboard.isConnected { show("\(settings.keyboard.description) is not there; it is waited for") }
        let waiter = try KeyWaiter([keyboard])
        while !waiter.isEnded {
            for event in try waiter.wait() {
                show("\("\(event.action)".extended(to: 10)) \(Self.name(event.key))")
                if event.key == .interrupt { return }
            }
            if let failure { throw failure }
        }
    }

    private static func line(_ trace: MatrixKeyboard.Trace) -> String {
        switch trace {
        case .contact(let position, let isClosed):
            "contact    \(place(position)) \(isClosed ? "closed" : "open")"
        case .key(let position, let binding, let isPressed):
            "key        \(place(position)) \(isPressed ? "down" : "up") \(binding.map(name) ?? "nothing")"
        }
    }

    private static func place(_ position: MatrixPosition) -> String {
        "row \(position.row) column \(position.column)"
    }

    private static func name(_ binding: KeyBinding) -> String {
        switch binding {
        case .code(let code): KeyCode.name(code)
        case .key(let key): name(key)
        case .toggle(let on, let off): "\(name(on)), \(name(off)) when it goes up"
        }
    }

    private static func name(_ key: Key) -> String {
        switch key {
        case .text(let text): "text \(String(reflecting: text))"
        case .code(let code): KeyCode.name(code)
        case .function(let number): "F\(number)"
        default: "\(key)"
        }
    }
}
