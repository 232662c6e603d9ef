import Keyboard
import Testing

/// A key on a line of a chip that can be taken away.
private final class LooseLine: MatrixLines {
    final class Chip {
        var isThere = true
        var isDown = false
        var takers = 0
    }

    let chip: Chip
    let (rowCount, columnCount, directCount) = (0, 0, 1)
    let descriptor: Int32 = -1

    init(_ chip: Chip) throws(KeyboardError) {
        guard chip.isThere else { throw KeyboardError("there is no such chip") }
        self.chip = chip
        chip.takers += 1
    }

    deinit { chip.takers -= 1 }

    private func check() throws(KeyboardError) {
        if !chip.isThere { throw KeyboardError("No such device") }
    }

    func drive(_ rows: UInt64) throws(KeyboardError) { try check() }
    func settle() {}
    func readColumns() throws(KeyboardError) -> UInt64 { 0 }
    func readDirect() throws(KeyboardError) -> UInt64 {
        try check()
        return chip.isDown ? 1 : 0
    }
    func watch(_ isOn: Bool) throws(KeyboardError) { try check() }
    func takeEdges() throws(KeyboardError) -> Bool {
        try check()
        return true
    }
}

@Suite("A matrix on a chip that goes and comes back")
struct ReopeningMatrixTests {
    private let chip = LooseLine.Chip()

    private func open() throws -> ReopeningMatrix {
        let chip = chip
        return try ReopeningMatrix { () throws(KeyboardError) in
            MatrixKeyboard(try LooseLine(chip), MatrixKeymap([MatrixPosition(row: 0, column: 0): .key(.page)]), layout: USLayout())
        }
    }

    /// Milliseconds on end, one after another.
    private func read(_ matrix: ReopeningMatrix, _ time: inout UInt64, for milliseconds: UInt64) -> [String] {
        var events: [KeyEvent] = []
        for _ in 0..<milliseconds {
            matrix.read(at: time, into: &events)
            time += 1_000_000
        }
        return events.map { "\($0.action) \($0.key)" }
    }

    @Test("gives its keys again, and holds nothing meanwhile")
    func comesBack() throws {
        let matrix = try open()
        var time: UInt64 = 1_000_000_000
        chip.isDown = true
        #expect(read(matrix, &time, for: 20) == ["press page"])
        chip.isThere = false
        #expect(read(matrix, &time, for: 2_000) == [])
        #expect(!matrix.isConnected && matrix.descriptor == nil && chip.takers == 0)
        let due = try #require(matrix.deadline)
        #expect(due > time - 1_000_000 && due <= time + 500_000_000)
        (chip.isThere, chip.isDown) = (true, false)
        #expect(read(matrix, &time, for: 600) == [])
        #expect(matrix.isConnected && chip.takers == 1)
        chip.isDown = true
        #expect(read(matrix, &time, for: 20) == ["press page"])
    }

    @Test("is an error where it never was there")
    func neverThere() {
        chip.isThere = false
        #expect(throws: KeyboardError("there is no such chip")) { try open() }
    }
}
