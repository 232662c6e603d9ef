import Keyboard
import TestSupport
import Testing

/// A keyboard whose wires go to lines in an order that nobody knows.
private struct UnknownKeyboard {
    struct Wire: Hashable {
        let row, column: Int
    }

    let lineCount: Int
    let hasDiodes: Bool
    /// [row], [column] and [direct key]: the line.
    let rows, columns, direct: [Int]

    init(rows: Int, columns: Int, direct: Int, hasDiodes: Bool, seed: Int) {
        var random = SeededGenerator(seed: seed)
        lineCount = rows + columns + direct + 3
        let lines = (0..<lineCount).shuffled(using: &random)
        self.rows = Array(lines[..<rows])
        self.columns = Array(lines[rows..<rows + columns])
        self.direct = Array(lines[(rows + columns)..<(rows + columns + direct)])
        self.hasDiodes = hasDiodes
    }

    /// How it looks while these keys are down.
    func look(_ keys: [Wire] = [], direct pressed: [Int] = []) -> WiringLook {
        var look = WiringLook(whileDriven: [])
        for key in pressed { look.undriven |= 1 << UInt64(direct[key]) }
        for line in 0..<lineCount {
            var low: Set<Int> = Set([line] + pressed.map { direct[$0] })
            var isGrowing = true
            while isGrowing {
                let before = low.count
                for key in keys {
                    let (row, column) = (rows[key.row], columns[key.column])
                    if low.contains(row) { low.insert(column) }
                    if !hasDiodes, low.contains(column) { low.insert(row) }
                }
                isGrowing = low.count > before
            }
            low.remove(line)
            look.whileDriven.append(low.reduce(0) { $0 | 1 << UInt64($1) })
        }
        return look
    }
}

@Suite struct KeyLearningTests {
    private func hold(_ look: WiringLook, _ learning: inout KeyLearning) -> [KeyLearning.Event] {
        (0..<5).compactMap { _ in learning.look(look) }
    }

    /// Presses one key after another on a keyboard that is wired at random, and finds rows and columns again.
    @Test(arguments: [true, false], 1...8)
    func findsRowsAndColumns(hasDiodes: Bool, seed: Int) throws {
        let keyboard = UnknownKeyboard(rows: 4, columns: 6, direct: 2, hasDiodes: hasDiodes, seed: seed)
        var random = SeededGenerator(seed: seed + 100)
        // Some places have no key, but all rows and columns have one.
        var wires = (0..<24).map { UnknownKeyboard.Wire(row: $0 / 6, column: $0 % 6) }
        wires.removeAll { $0.row != $0.column % 4 && $0.row != 0 && Bool.random(using: &random) }
        wires.shuffle(using: &random)
        let names = wires.indices.map { "KEY_F\($0 + 1)" } + ["stop", "page"]

        var learning = KeyLearning(names, atRest: keyboard.look())
        for index in names.indices {
            #expect(learning.asked == names[index])
            let isDirect = index >= wires.count
            let look = isDirect ? keyboard.look(direct: [index - wires.count]) : keyboard.look([wires[index]])
            let events = hold(look, &learning)
            #expect(events.count == 1)
            guard case .learned(let name, _)? = events.first else {
                Issue.record("\(events)")
                return
            }
            #expect(name == names[index])
            #expect(hold(keyboard.look(), &learning).isEmpty)
        }
        #expect(learning.asked == nil)

        let matrix = try LearnedMatrix(learning.learned)
        #expect(matrix.hasDiodes == hasDiodes)
        #expect(matrix.rows == keyboard.rows.sorted())
        #expect(matrix.columns == keyboard.columns.sorted())
        for (index, wire) in wires.enumerated() {
            let row = try #require(matrix.rows.firstIndex(of: keyboard.rows[wire.row]))
            let column = try #require(matrix.columns.firstIndex(of: keyboard.columns[wire.column]))
            #expect(matrix.keys[row][column] == names[index])
        }
        #expect(matrix.keys.joined().count { !$0.isEmpty } == wires.count)
        #expect(matrix.direct.map(\.line) == keyboard.direct)
        #expect(matrix.direct.map(\.key) == ["stop", "page"])
    }

    @Test func aBriefContactIsNoKey() {
        let keyboard = UnknownKeyboard(rows: 2, columns: 2, direct: 0, hasDiodes: false, seed: 1)
        var learning = KeyLearning(["KEY_A"], atRest: keyboard.look())
        for _ in 0..<10 {
            #expect(learning.look(keyboard.look([.init(row: 0, column: 0)])) == nil)
            #expect(learning.look(keyboard.look([.init(row: 0, column: 0)])) == nil)
            #expect(learning.look(keyboard.look()) == nil)
        }
        #expect(learning.asked == "KEY_A")
    }

    @Test func severalKeysAtOnceAreRefused() {
        let keyboard = UnknownKeyboard(rows: 2, columns: 2, direct: 1, hasDiodes: true, seed: 1)
        var learning = KeyLearning(["KEY_A"], atRest: keyboard.look())
        #expect(hold(keyboard.look([.init(row: 0, column: 0), .init(row: 1, column: 1)]), &learning) == [.several(2)])
        #expect(hold(keyboard.look([.init(row: 0, column: 0)]), &learning).isEmpty, "until all are up")
        #expect(hold(keyboard.look(), &learning).isEmpty)
        #expect(hold(keyboard.look([.init(row: 0, column: 0)]), &learning).count == 1)
    }

    @Test func aKeyThatIsKnownIsNotLearnedAgain() {
        let keyboard = UnknownKeyboard(rows: 2, columns: 2, direct: 0, hasDiodes: false, seed: 1)
        var learning = KeyLearning(["KEY_A", "KEY_B", "KEY_C"], atRest: keyboard.look())
        _ = hold(keyboard.look([.init(row: 0, column: 0)]), &learning)
        _ = hold(keyboard.look(), &learning)
        #expect(hold(keyboard.look([.init(row: 0, column: 0)]), &learning) == [.known("KEY_A")])
        #expect(learning.asked == "KEY_B")
        learning.skip()
        #expect(learning.asked == "KEY_C")
        learning.goBack()
        learning.goBack()
        #expect(learning.asked == "KEY_A")
        #expect(learning.learned.isEmpty)
    }

    @Test func whatIsJoinedAtRestIsNoKey() {
        let keyboard = UnknownKeyboard(rows: 2, columns: 2, direct: 1, hasDiodes: false, seed: 1)
        let stuck = keyboard.look([.init(row: 1, column: 1)], direct: [0])
        let learning = KeyLearning(["KEY_A"], atRest: stuck)
        #expect(stuck.contacts(since: stuck).isEmpty)
        #expect(learning.asked == "KEY_A")
        #expect(keyboard.look([.init(row: 1, column: 1), .init(row: 0, column: 0)], direct: [0]).contacts(since: stuck).count == 1)
    }

    @Test func aCircleOfThreeLinesIsNoMatrix() {
        let error = #expect(throws: KeyboardError.self) {
            try LearnedMatrix([("KEY_A", .pair(0, 1)), ("KEY_B", .pair(1, 2)), ("KEY_C", .pair(0, 2))])
        }
        #expect(error?.description.contains("joins lines") == true)
    }

    @Test func aDiodeTheOtherWayRoundFitsNoMatrix() {
        #expect(throws: KeyboardError.self) {
            try LearnedMatrix([("KEY_A", .diode(driven: 0, read: 1)), ("KEY_B", .diode(driven: 1, read: 0))])
        }
        #expect(throws: KeyboardError.self) {
            try LearnedMatrix([("KEY_A", .diode(driven: 0, read: 1)), ("KEY_B", .diode(driven: 1, read: 2))])
        }
    }
}
