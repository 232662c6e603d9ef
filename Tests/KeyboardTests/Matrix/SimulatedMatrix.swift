import Keyboard

/// Contacts between rows and columns that close and open by a script, and the wires to them. Time passes only here.
final class SimulatedMatrix: MatrixLines {
    struct Step {
        var time: UInt64
        /// The row behind the last is the direct lines.
        let position: MatrixPosition
        let isClosed: Bool
    }

    let rowCount, columnCount, directCount: Int
    let hasDiodes: Bool
    private(set) var now: UInt64 = 0
    private(set) var scans = 0
    let descriptor: Int32 = -1
    private let script: [Step]
    private var next = 0
    private var closed: MatrixState
    private var reading: MatrixState
    private var driven: UInt64 = 0
    private var isWatched = false
    private var hasEdge = false
    private var level: (columns: UInt64, direct: UInt64) = (0, 0)

    init(rows: Int, columns: Int, direct: Int = 0, hasDiodes: Bool, script: [Step]) {
        (rowCount, columnCount, directCount, self.hasDiodes) = (rows, columns, direct, hasDiodes)
        self.script = script.sorted { $0.time < $1.time }
        closed = MatrixState(rowCount: rows + 1)
        reading = MatrixState(rowCount: rows)
    }

    var nextStep: UInt64? { next < script.count ? script[next].time : nil }

    func advance(to time: UInt64) {
        while next < script.count, script[next].time <= time {
            closed[script[next].position] = script[next].isClosed
            next += 1
            var matrix = closed
            matrix.rows.removeLast()
            reading = hasDiodes ? matrix : Self.joined(matrix)
            let level = (columns, closed.rows[rowCount])
            if isWatched, level != self.level { hasEdge = true }
            self.level = level
        }
        now = max(now, time)
    }

    /// What is read of a matrix without diodes: every row is joined with all columns that current can reach.
    static func joined(_ closed: MatrixState) -> MatrixState {
        var reading = closed
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            for row in closed.rows.indices {
                for other in closed.rows where reading.rows[row] & other != 0 && other & ~reading.rows[row] != 0 {
                    reading.rows[row] |= other
                    isGrowing = true
                }
            }
        }
        return reading
    }

    private var columns: UInt64 {
        var (columns, rows): (UInt64, UInt64) = (0, driven)
        while rows != 0 {
            columns |= reading.rows[rows.trailingZeroBitCount]
            rows &= rows - 1
        }
        return columns
    }

    func drive(_ rows: UInt64) {
        advance(to: now + 2_000)
        if rows == 1 { scans += 1 }
        driven = rows
    }

    func settle() { advance(to: now + 20_000) }

    func readColumns() -> UInt64 {
        advance(to: now + 2_000)
        return columns
    }

    func readDirect() -> UInt64 {
        advance(to: now + 2_000)
        return closed.rows[rowCount]
    }

    func watch(_ isOn: Bool) {
        advance(to: now + 5_000)
        (isWatched, hasEdge) = (isOn, false)
        level = (columns, closed.rows[rowCount])
    }

    func takeEdges() -> Bool {
        defer { hasEdge = false }
        return hasEdge
    }
}

extension SimulatedMatrix {
    /// Lets the script run out: reads the keyboard when it wants to be, a little late as a machine is, or when there is an edge.
    func run(_ keyboard: MatrixKeyboard, lateness: () -> UInt64 = { 0 }) throws -> [KeyEvent] {
        var events: [KeyEvent] = []
        while true {
            if hasEdge {
                advance(to: now + lateness())
            } else if let deadline = keyboard.deadline {
                // An edge may come before.
                if isWatched, let time = nextStep, time < deadline {
                    advance(to: time)
                    continue
                }
                advance(to: max(now, deadline) + lateness())
            } else if let time = nextStep {
                advance(to: time)
                continue
            } else {
                return events
            }
            try keyboard.read(at: now, into: &events)
        }
    }
}
