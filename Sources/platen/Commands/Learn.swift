import ArgumentParser
import Glibc
import Keyboard
import Typewriter

struct Learn: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find out how a keyboard is wired: asks for one key after another, and writes its profile.",
        discussion: """
            Examples:
              platen keys learn --output my-typewriter.toml
              platen keys learn --chip mcp23017 --lines 0-15 --output my-typewriter.toml

            Connect the keyboard's wires to GPIO lines in any order, and nothing else to these lines: each is driven low in turn, and \
            the others are read. Return skips a key that the keyboard has not, Backspace goes back, Esc ends and writes what was learned.
            """
    )

    @Option(help: "The GPIO chip's label, name or path. Without one, the Raspberry Pi's header.")
    var chip: String?

    @Option(help: "Numbers, ranges or names of the lines that the keyboard is connected to.")
    var lines = "4-13,16-27"

    @Option(help: "The keys to ask for, by their names; those of a typewriter if not given.")
    var keys: String?

    @Option(help: "What to call the keyboard.")
    var name = "a keyboard"

    @Option(help: "The file to write, which must not exist yet. Without one, the profile goes to standard output.")
    var output: String?

    func run() throws {
        if let output, access(output, F_OK) == 0 {
            throw CommandError("\(output) is there already: name another file, or move it away")
        }
        let names = keys.map { $0.split(separator: ",").map(String.init) } ?? KeyLearning.usualKeys
        if let wrong = names.first(where: { !KeyboardProfile.isKey($0) }) { throw CommandError("--keys: \(wrong) is no key") }
        let chips = chip.map { [$0] } ?? GPIOLine.header
        let probe = try GPIOProbe(Self.names(lines).map { GPIOLine($0, chips: chips) })
        if !probe.heldHigh.isEmpty {
            writeToStandardError("These lines are held high by something, and left out: \(probe.heldHigh.joined(separator: ", "))\n")
        }
        let learning = try learn(names, probe)
        guard !learning.learned.isEmpty else { throw CommandError("no key was learned, so there is nothing to write") }
        let matrix: LearnedMatrix
        do {
            matrix = try LearnedMatrix(learning.learned)
        } catch {
            throw CommandError("\(error) (lines are counted from 0 in: \(probe.lines.joined(separator: ", ")))")
        }
        let profile = matrix.profile(name: name, chips: chips, lines: probe.lines)
        if let output {
            try OutputStream(path: output).write(profile)
            writeToStandardError("Wrote \(output). Try it with: platen keys --profile \(output.contains("/" as Character) ? output : "./" + output)\n")
        } else {
            try OutputStream(standard: OutputStream.standardOutput).write(profile)
        }
    }

    /// Asks until all keys are learned, or somebody ends it.
    private func learn(_ names: [String], _ probe: GPIOProbe) throws -> KeyLearning {
        writeToStandardError("Take your hands off the keyboard.\n")
        usleep(500_000)
        var learning = KeyLearning(names, atRest: try probe.look())
        // Without a terminal nobody can skip a key, and all are waited for.
        let terminal: [any Keyboard] = isatty(STDIN_FILENO) == 1 ? [try TerminalKeyboard()] : []
        let waiter = try KeyWaiter(terminal)
        Self.ask(learning)
        while learning.asked != nil {
            let typed = terminal.isEmpty ? [] : try waiter.wait(until: monotonicNanoseconds() + 5_000_000)
            if terminal.isEmpty { usleep(5_000) }
            for event in typed {
                switch event.key {
                case .return: learning.skip()
                case .erase: learning.goBack()
                case .escape: return learning
                case .interrupt: throw CommandError("interrupted; nothing was written")
                default: continue
                }
                Self.ask(learning)
            }
            guard let event = learning.look(try probe.look()) else { continue }
            switch event {
            case .learned(_, let contact): writeToStandardError("  \(Self.shown(contact, probe.lines))\n")
            case .known(let key): writeToStandardError("  that is \(key)\n")
            case .several(let count): writeToStandardError("  \(count) contacts at once; press one key alone, or Return to skip it\n")
            }
            Self.ask(learning)
        }
        return learning
    }

    private static func ask(_ learning: KeyLearning) {
        if let asked = learning.asked { writeToStandardError("Press \(asked)\n") }
    }

    private static func shown(_ contact: WiringLook.Contact, _ lines: [String]) -> String {
        switch contact {
        case .pair(let a, let b): "joins lines \(lines[a]) and \(lines[b])"
        case .diode(let driven, let read): "joins lines \(lines[driven]) and \(lines[read]) by a diode"
        case .direct(let line): "joins line \(lines[line]) with ground"
        }
    }

    /// `4-6,9,RESET` is 4, 5, 6, 9 and RESET.
    static func names(_ list: String) throws -> [String] {
        try list.split(separator: ",").flatMap { item -> [String] in
            let ends = item.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
            guard ends.count == 2, let first = ends[0], let last = ends[1] else { return [String(item)] }
            guard first <= last, last - first < 64 else { throw CommandError("\(item) is no range of lines") }
            return (first...last).map { "\($0)" }
        }
    }
}
