import Keyboard
import TestSupport
import Testing

@Suite struct GhostFilterTests {
    @Test(arguments: Case.load("ghosts.txt"))
    func filter(_ example: Case) {
        let picture = example.input.split(separator: "\n").map(Array.init)
        func places(_ characters: String) -> MatrixState {
            var state = MatrixState(rowCount: picture.count)
            for row in picture.indices {
                for column in picture[row].indices where characters.contains(picture[row][column]) {
                    state[MatrixPosition(row: row, column: column)] = true
                }
            }
            return state
        }
        let contacts = GhostFilter(keys: places(".xXo")).contacts(places("xX="), known: places("Xo"))
        let shown = picture.indices.map { row in
            String(picture[row].indices.map { contacts[MatrixPosition(row: row, column: $0)] ? "#" : "." })
        }
        #expect(shown.joined(separator: "\n") == example.expected)
    }

    @Test func caseFileIsThere() {
        #expect(Case.load("ghosts.txt").count == 12)
    }

    @Test func rowsBeyondTheMatrixAreLeftAlone() {
        var keys = MatrixState(rowCount: 1), reading = MatrixState(rowCount: 2)
        keys.rows = [0b11]
        reading.rows = [0b11, 0b111]
        #expect(GhostFilter(keys: keys).contacts(reading, known: MatrixState(rowCount: 2)) == reading)
    }

    /// Whatever is pressed: what counts is pressed, and keys that lie on no circle of keys count.
    @Test func inventsNothing() {
        var random = SeededGenerator(seed: 1)
        var dropped = 0, counted = 0
        for _ in 0..<5_000 {
            var keys = MatrixState(rowCount: 4), pressed = MatrixState(rowCount: 4)
            for row in 0..<4 {
                keys.rows[row] = UInt64.random(in: 0..<32, using: &random) | UInt64.random(in: 0..<32, using: &random)
                pressed.rows[row] = keys.rows[row] & .random(in: 0..<32, using: &random) & .random(in: 0..<32, using: &random)
            }
            let contacts = GhostFilter(keys: keys).contacts(SimulatedMatrix.joined(pressed), known: MatrixState(rowCount: 4))
            for row in 0..<4 {
                #expect(contacts.rows[row] & ~pressed.rows[row] == 0)
                counted += contacts.rows[row].nonzeroBitCount
                dropped += (pressed.rows[row] & ~contacts.rows[row]).nonzeroBitCount
            }
        }
        #expect(counted > 5_000 && dropped > 500)
    }
}
