/// Reads a matrix row by row at regular times while keys are down, and else waits for an edge with all rows driven, which costs nothing.
public struct MatrixScanner {
    /// The wires. The scanner is the only one to use them.
    private let lines: any MatrixLines
    /// Nanoseconds from scan to scan.
    private let interval: UInt64
    private var phase = Phase.scanning(due: 0, last: nil)

    private enum Phase {
        case resting
        /// - last: When the scan before was due; nil for the first one.
        case scanning(due: UInt64, last: UInt64?)
    }

    public struct Scan: Sendable {
        /// The direct lines are one more row.
        public let reading: MatrixState
        /// Nanoseconds of evidence: the time since the scan before, at most an interval, for a late scan saw no more than another; 0 for
        /// the first one after a rest.
        public let elapsed: UInt64
    }

    public init(_ lines: any MatrixLines, interval: UInt64) {
        self.lines = lines
        self.interval = interval
    }

    /// Rows of a reading.
    public var rowCount: Int { lines.rowCount + (lines.directCount > 0 ? 1 : 0) }

    /// When the next scan is due; nil where only an edge makes one necessary.
    public var deadline: UInt64? {
        if case .scanning(let due, _) = phase { due } else { nil }
    }

    /// Scans if it is time to, or if something has changed during a rest. Takes a few settle times.
    public mutating func scan(at now: UInt64) throws(KeyboardError) -> Scan? {
        if case .resting = phase, try lines.takeEdges() {
            try lines.watch(false)
            phase = .scanning(due: now, last: nil)
        }
        guard case .scanning(let due, let last) = phase, now >= due else { return nil }
        let elapsed = last.map { min(interval, now - min(now, $0)) } ?? 0
        phase = .scanning(due: now + interval, last: now)
        return Scan(reading: try read(), elapsed: elapsed)
    }

    private func read() throws(KeyboardError) -> MatrixState {
        var reading = MatrixState(rowCount: rowCount)
        for row in 0..<lines.rowCount {
            try lines.drive(1 << UInt64(row))
            lines.settle()
            reading.rows[row] = try lines.readColumns()
        }
        if lines.directCount > 0 { reading.rows[lines.rowCount] = try lines.readDirect() }
        return reading
    }

    /// Ends scanning until something changes. To be called when no key of the matrix is down and nothing bounces; a key on a direct
    /// line may be down, for both of its edges are noticed.
    /// - Parameter reading: The last one.
    public mutating func rest(after reading: MatrixState) throws(KeyboardError) {
        if lines.rowCount > 0 {
            try lines.drive(lines.rowCount == 64 ? .max : 1 << UInt64(lines.rowCount) - 1)
            lines.settle()
        }
        try lines.watch(true)
        // What changed between the last scan and the watch gives no edge any more.
        let closed = lines.rowCount > 0 ? try lines.readColumns() : 0
        let changed = lines.directCount > 0 ? try lines.readDirect() ^ reading.rows[lines.rowCount] : 0
        if closed | changed == 0 {
            phase = .resting
        } else {
            try lines.watch(false)
        }
    }
}
