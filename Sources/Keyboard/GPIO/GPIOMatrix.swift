import CHardware
import Glibc

/// The wires of a keyboard on GPIO lines.
public final class GPIOMatrix: MatrixLines {
    /// What is connected where.
    public struct Wiring: Sendable, Hashable {
        public var rows: [GPIOLine] = []
        public var columns: [GPIOLine] = []
        public var direct: [GPIOLine] = []
        /// Nanoseconds that a column takes to follow its row.
        public var settle: UInt64 = 20_000

        public init() {}
    }

    public let rowCount, columnCount, directCount: Int
    public let descriptor: Int32
    private let settleTime: UInt64
    private let rows, columns, direct: GPIOLines?
    private var driven: UInt64?

    /// Takes the lines. Rows begin as what nobody drives.
    public init(_ wiring: Wiring) throws(KeyboardError) {
        (rowCount, columnCount, directCount) = (wiring.rows.count, wiring.columns.count, wiring.direct.count)
        settleTime = wiring.settle
        rows = wiring.rows.isEmpty ? nil : try GPIOLines(wiring.rows, isOutput: true)
        columns = wiring.columns.isEmpty ? nil : try GPIOLines(wiring.columns, isOutput: false)
        direct = wiring.direct.isEmpty ? nil : try GPIOLines(wiring.direct, isOutput: false)
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        for source in (columns?.descriptors ?? []) + (direct?.descriptors ?? []) {
            var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(fd: source))
            guard epoll_ctl(descriptor, EPOLL_CTL_ADD, source, &event) == 0 else {
                throw KeyboardError("cannot wait for GPIO lines: \(String(cString: strerror(errno)))")
            }
        }
    }

    deinit { close(descriptor) }

    public func drive(_ rows: UInt64) throws(KeyboardError) {
        if driven != rows { try self.rows?.set(rows) }
        driven = rows
    }

    public func settle() {
        if settleTime > 0 { pl_sleep(settleTime) }
    }

    public func readColumns() throws(KeyboardError) -> UInt64 { try columns?.values() ?? 0 }
    public func readDirect() throws(KeyboardError) -> UInt64 { try direct?.values() ?? 0 }

    public func watch(_ isOn: Bool) throws(KeyboardError) {
        try columns?.watch(isOn)
        try direct?.watch(isOn)
    }

    public func takeEdges() throws(KeyboardError) -> Bool {
        let hasColumnEdges = try columns?.takeEdges() ?? false
        let hasDirectEdges = try direct?.takeEdges() ?? false
        return hasColumnEdges || hasDirectEdges
    }
}
