import Keyboard
import TestSupport
import Testing

/// Gives each physical key as it is.
private struct Codes: KeyLayout {
    mutating func keys(for code: UInt16, _ action: KeyEvent.Action) -> [Key] { [.code(code)] }
}

@Suite struct MatrixKeyboardTests {
    private func keymap(rows: Int, columns: Int) -> MatrixKeymap {
        var keymap = MatrixKeymap()
        for row in 0..<rows {
            for column in 0..<columns {
                keymap.bindings[MatrixPosition(row: row, column: column)] = .code(UInt16(row * columns + column))
            }
        }
        return keymap
    }

    private func settings(hasDiodes: Bool = true, interval: UInt64 = 1_000_000) -> MatrixKeyboard.Settings {
        var settings = MatrixKeyboard.Settings()
        (settings.hasDiodes, settings.interval) = (hasDiodes, interval)
        return settings
    }

    /// Steps of a script in milliseconds: the contact closes at the first and opens at the second.
    private func press(_ row: Int, _ column: Int, _ from: UInt64, _ to: UInt64) -> [SimulatedMatrix.Step] {
        [(from, true), (to, false)].map {
            .init(time: $0 * 1_000_000, position: MatrixPosition(row: row, column: column), isClosed: $1)
        }
    }

    private func shown(_ events: [KeyEvent]) -> [String] {
        events.map { "\($0.action) \($0.key)" }
    }

    /// None is lost, none is invented, and all come in order: ten thousand keys at fifteen a second, bouncing, overlapping, with ghosts, on
    /// a machine that is late by up to a millisecond, and now and then by ten.
    @Test(arguments: [true, false])
    func tenThousandKeys(hasDiodes: Bool) throws {
        let typist = MatrixTypist(rows: 8, columns: 8, keys: 10_000, perSecond: 15, seed: hasDiodes ? 1 : 2)
        let matrix = SimulatedMatrix(rows: 8, columns: 8, hasDiodes: hasDiodes, script: typist.script)
        let keyboard = MatrixKeyboard(matrix, keymap(rows: 8, columns: 8), layout: Codes(), settings: settings(hasDiodes: hasDiodes))
        var random = SeededGenerator(seed: 3)
        let events = try matrix.run(keyboard) {
            Int.random(in: 0..<1000, using: &random) == 0 ? 10_000_000 : .random(in: 0..<1_000_000, using: &random)
        }
        let pressed = events.filter { $0.action == .press }
        #expect(pressed.map(\.key) == typist.presses.map { .code(UInt16($0.position.row * 8 + $0.position.column)) })
        #expect(events.count == 2 * pressed.count)
        var down: Set<Key> = []
        for event in events {
            let isExpected = event.action == .press ? down.insert(event.key).inserted : down.remove(event.key) != nil
            #expect(isExpected)
        }
        #expect(down.isEmpty)
        // A triple's last key is told when the first goes up.
        let latencies = zip(pressed, typist.presses).map { $0.time - $1.time }.sorted()
        #expect(latencies[0] >= 5_000_000)
        #expect(latencies[latencies.count * 9 / 10] < 20_000_000)
        #expect(latencies[latencies.count - 1] < 100_000_000)
    }

    @Test func scansOnlyWhileKeysAreDown() throws {
        let matrix = SimulatedMatrix(rows: 4, columns: 4, hasDiodes: true, script: press(1, 2, 1_000, 1_100) + press(3, 3, 60_000, 60_050))
        let keyboard = MatrixKeyboard(matrix, keymap(rows: 4, columns: 4), layout: Codes(), settings: settings())
        let events = try matrix.run(keyboard)
        #expect(shown(events) == ["press code(6)", "release code(6)", "press code(15)", "release code(15)"])
        #expect(keyboard.deadline == nil)
        #expect((150...180).contains(matrix.scans))
    }

    @Test func threeCornersGiveNoFourth() throws {
        let script = press(0, 0, 100, 200) + press(0, 1, 120, 300) + press(1, 0, 140, 400)
        let matrix = SimulatedMatrix(rows: 2, columns: 2, hasDiodes: false, script: script)
        let keyboard = MatrixKeyboard(matrix, keymap(rows: 2, columns: 2), layout: Codes(), settings: settings(hasDiodes: false))
        let events = try matrix.run(keyboard)
        #expect(shown(events) == [
            "press code(0)", "press code(1)", "release code(0)", "press code(2)", "release code(1)", "release code(2)",
        ])
    }

    @Test func diodesGiveFullRollover() throws {
        var script: [SimulatedMatrix.Step] = []
        for key in 0..<16 {
            let time = 20 * UInt64(key)
            script += press(key / 4, key % 4, 100 + time, 1_000 + time)
        }
        let matrix = SimulatedMatrix(rows: 4, columns: 4, hasDiodes: true, script: script)
        let keyboard = MatrixKeyboard(matrix, keymap(rows: 4, columns: 4), layout: Codes(), settings: settings())
        let events = try matrix.run(keyboard)
        let names = (0..<16).map { "code(\($0))" }
        #expect(shown(events) == names.map { "press " + $0 } + names.map { "release " + $0 })
    }

    @Test func switchOnALineOfItsOwnIsNoticedWithoutScanning() throws {
        let matrix = SimulatedMatrix(rows: 2, columns: 2, direct: 2, hasDiodes: true, script: press(2, 1, 100, 90_000) + press(0, 0, 500, 600))
        var map = keymap(rows: 2, columns: 2)
        map.bindings[MatrixPosition(row: 2, column: 1)] = .key(.page)
        let keyboard = MatrixKeyboard(matrix, map, layout: Codes(), settings: settings())
        let events = try matrix.run(keyboard)
        #expect(shown(events) == ["press page", "press code(0)", "release code(0)", "release page"])
        #expect(matrix.scans < 200)
    }

    @Test func directLinesAloneMakeAKeyboard() throws {
        let matrix = SimulatedMatrix(rows: 0, columns: 0, direct: 1, hasDiodes: true, script: press(0, 0, 100, 200))
        let map = MatrixKeymap([MatrixPosition(row: 0, column: 0): .key(.escape)])
        let keyboard = MatrixKeyboard(matrix, map, layout: Codes(), settings: settings())
        #expect(try shown(matrix.run(keyboard)) == ["press escape", "release escape"])
        #expect(keyboard.deadline == nil)
    }

    /// Those that repeat on a typewriter do, the one that went down last, at its pace, until it goes up or another goes down.
    @Test func heldKeysRepeat() throws {
        // Of sixteen keys with the codes 0 to 15, 14 is Backspace and 12 the hyphen. The delay counts from the debounced press.
        let script = press(3, 2, 100, 850) + press(0, 1, 1_000, 2_000) + press(3, 0, 2_100, 2_900) + press(0, 2, 2_650, 2_700)
        func events(_ repeats: KeyRepeat?) throws -> [String] {
            let matrix = SimulatedMatrix(rows: 4, columns: 4, hasDiodes: true, script: script)
            var settings = settings()
            settings.repeats = repeats
            let keyboard = MatrixKeyboard(matrix, keymap(rows: 4, columns: 4), layout: Codes(), settings: settings)
            let events = try shown(matrix.run(keyboard))
            #expect(keyboard.deadline == nil)
            return events
        }
        let repetition = "repetition code(14)"
        #expect(try events(KeyRepeat()) == [
            "press code(14)", repetition, repetition, repetition, "release code(14)", "press code(1)", "release code(1)",
            "press code(12)", "repetition code(12)", "press code(2)", "release code(2)", "release code(12)",
        ])
        #expect(try !events(nil).contains { $0.hasPrefix("repetition") })
        #expect(try events(KeyRepeat(codes: nil)).filter { $0 == "repetition code(1)" }.count == 5)
    }

    @Test func aHeldKeyOnALineOfItsOwnRepeatsWithoutScanning() throws {
        let matrix = SimulatedMatrix(rows: 1, columns: 1, direct: 1, hasDiodes: true, script: press(1, 0, 100, 10_150))
        var settings = settings()
        settings.repeats = KeyRepeat()
        let map = MatrixKeymap([MatrixPosition(row: 1, column: 0): .code(57)])
        let keyboard = MatrixKeyboard(matrix, map, layout: Codes(), settings: settings)
        let events = try matrix.run(keyboard)
        #expect(events.filter { $0.action == .repetition }.count == 96)
        #expect(events.last?.action == .release && matrix.scans < 100)
    }

    @Test func keysHeldAtTheStartAreSeen() throws {
        let matrix = SimulatedMatrix(rows: 2, columns: 2, hasDiodes: true, script: press(1, 1, 0, 50))
        let keyboard = MatrixKeyboard(matrix, keymap(rows: 2, columns: 2), layout: Codes(), settings: settings())
        #expect(try shown(matrix.run(keyboard)) == ["press code(3)", "release code(3)"])
    }

    @Test func chords() throws {
        func place(_ column: Int) -> MatrixPosition { MatrixPosition(row: 0, column: column) }
        let map = MatrixKeymap(
            [place(0): .code(10), place(1): .code(11), place(2): .code(12)], chords: [Chord([place(0), place(1)], gives: .key(.escape))])
        var script = press(0, 0, 100, 200) + press(0, 1, 150, 250)  // the chord
        script += press(0, 0, 400, 500) + press(0, 2, 420, 480)  // a member alone, with a key that is in no chord
        script += press(0, 1, 600, 700)
        let matrix = SimulatedMatrix(rows: 0, columns: 0, direct: 3, hasDiodes: true, script: script)
        let keyboard = MatrixKeyboard(matrix, map, layout: Codes(), settings: settings())
        #expect(try shown(matrix.run(keyboard)) == [
            "press escape", "release escape", "press code(12)", "release code(12)", "press code(10)", "release code(10)",
            "press code(11)", "release code(11)",
        ])
    }

    @Test func traceTellsOfGhosts() throws {
        let script = press(0, 0, 100, 300) + press(0, 1, 120, 300) + press(1, 0, 140, 300)
        let matrix = SimulatedMatrix(rows: 2, columns: 2, hasDiodes: false, script: script)
        let keyboard = MatrixKeyboard(matrix, keymap(rows: 2, columns: 2), layout: Codes(), settings: settings(hasDiodes: false))
        var contacts: Set<MatrixPosition> = [], keys: Set<MatrixPosition> = []
        keyboard.trace = { trace in
            switch trace {
            case .contact(let position, _): contacts.insert(position)
            case .key(let position, _, _): keys.insert(position)
            }
        }
        _ = try matrix.run(keyboard)
        #expect(contacts.count == 4)
        #expect(keys == [MatrixPosition(row: 0, column: 0), MatrixPosition(row: 0, column: 1)])
    }
}
