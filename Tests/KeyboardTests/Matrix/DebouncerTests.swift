import Keyboard
import TestSupport
import Testing

@Suite struct DebouncerTests {
    @Test(arguments: Case.load("debounce.txt"))
    func debounce(_ example: Case) throws {
        let method = try #require(Debouncer.Method(rawValue: example.options["method"] ?? "integrator"))
        func time(_ name: String) -> UInt64 { UInt64(example.options[name] ?? "")! * 1_000_000 }
        var debouncer = Debouncer(rowCount: 1, method: method, press: time("press"), release: time("release"))
        let contacts = example.input.split(separator: "\n").map(Array.init)
        var keys = contacts.map { _ in "" }
        for sample in contacts[0].indices {
            var reading = MatrixState(rowCount: 1)
            for column in contacts.indices where contacts[column][sample] == "#" { reading[MatrixPosition(row: 0, column: column)] = true }
            let before = debouncer.state
            let changes = debouncer.update(reading, elapsed: sample == 0 ? 0 : 1_000_000)
            var replayed = before
            for change in changes { replayed[change.position] = change.isPressed }
            #expect(replayed == debouncer.state)
            #expect(changes.count == (before.rows[0] ^ debouncer.state.rows[0]).nonzeroBitCount)
            for column in contacts.indices { keys[column] += debouncer.state[MatrixPosition(row: 0, column: column)] ? "#" : "." }
        }
        #expect(keys.joined(separator: "\n") == example.expected)
    }

    @Test func caseFileIsThere() {
        #expect(Case.load("debounce.txt").count == 12)
    }

    /// Whoever lets the scanner rest when the debouncer is settled loses nothing.
    @Test(arguments: Debouncer.Method.allCases)
    func whatIsSettledStaysAsItIs(_ method: Debouncer.Method) {
        var random = SeededGenerator(seed: 7)
        var debouncer = Debouncer(rowCount: 2, method: method, press: 3_000_000, release: 5_000_000)
        var reading = MatrixState(rowCount: 2)
        for _ in 0..<5_000 {
            if Int.random(in: 0..<6, using: &random) == 0 {
                let place = MatrixPosition(row: .random(in: 0..<2, using: &random), column: .random(in: 0..<3, using: &random))
                reading[place].toggle()
            }
            _ = debouncer.update(reading, elapsed: 1_000_000)
            guard debouncer.isSettled else { continue }
            var later = debouncer
            #expect(later.state == reading)
            for _ in 0..<20 { #expect(later.update(reading, elapsed: 1_000_000).isEmpty) }
        }
    }
}
