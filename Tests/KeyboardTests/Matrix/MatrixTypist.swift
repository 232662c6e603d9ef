import Keyboard
import TestSupport

/// Types keys on a matrix as quick fingers on worn contacts do: two keys overlap, contacts bounce for up to four milliseconds, and now and
/// then three corners of a rectangle are down together.
struct MatrixTypist {
    private(set) var script: [SimulatedMatrix.Step] = []
    /// The keys in the order in which they were pressed, and when their contact first closed.
    private(set) var presses: [(position: MatrixPosition, time: UInt64)] = []
    private var random: SeededGenerator
    /// When each key is up again.
    private var free: [MatrixPosition: UInt64] = [:]

    private static let millisecond: UInt64 = 1_000_000

    init(rows: Int, columns: Int, keys: Int, perSecond: Int, seed: Int) {
        random = SeededGenerator(seed: seed)
        let period = 1_000_000_000 / UInt64(perSecond)
        var beat = period
        while presses.count < keys {
            if presses.count % 100 == 97 {
                beat += period
                typeTriple(rows, columns, at: beat)
                beat += 5 * period
            } else {
                let time = beat + .random(in: 0..<20 * Self.millisecond, using: &random)
                var key = place(rows, columns)
                while free[key, default: 0] + 20 * Self.millisecond > time { key = place(rows, columns) }
                type(key, at: time, for: .random(in: 40...110, using: &random) * Self.millisecond)
                beat += period
            }
        }
    }

    private mutating func place(_ rows: Int, _ columns: Int) -> MatrixPosition {
        MatrixPosition(row: .random(in: 0..<rows, using: &random), column: .random(in: 0..<columns, using: &random))
    }

    private mutating func typeTriple(_ rows: Int, _ columns: Int, at time: UInt64) {
        let corner = place(rows, columns)
        let other = MatrixPosition(row: (corner.row + 1) % rows, column: (corner.column + 1) % columns)
        type(MatrixPosition(row: corner.row, column: other.column), at: time, for: 100 * Self.millisecond)
        type(corner, at: time + 30 * Self.millisecond, for: 150 * Self.millisecond)
        type(MatrixPosition(row: other.row, column: corner.column), at: time + 60 * Self.millisecond, for: 100 * Self.millisecond)
    }

    private mutating func type(_ key: MatrixPosition, at time: UInt64, for duration: UInt64) {
        presses.append((key, time))
        bounce(key, to: true, at: time)
        free[key] = bounce(key, to: false, at: time + duration)
    }

    /// - Returns: When the contact rests.
    @discardableResult
    private mutating func bounce(_ key: MatrixPosition, to isClosed: Bool, at start: UInt64) -> UInt64 {
        var time = start
        script.append(.init(time: time, position: key, isClosed: isClosed))
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            for state in [!isClosed, isClosed] {
                time += .random(in: 20_000...500_000, using: &random)
                script.append(.init(time: time, position: key, isClosed: state))
            }
        }
        return time
    }
}
