/// Tells presses and releases from the bouncing of contacts. Pure: samples of the matrix and the time between them are handed in.
///
/// The integrator is ZMK's (docs "Debouncing": a variation of Kenneth Kuhn's integrator): while a contact differs from what was
/// reported of it, time is added up; while it agrees, time is taken away; at the threshold the key changes. The others are QMK's
/// (docs/feature_debounce_type.md), by their names there.
public struct Debouncer: Sendable {
    public enum Method: String, Sendable, CaseIterable {
        case integrator
        /// Nothing changed in the whole matrix for the time: all changes count.
        case symmetricDeferGlobal = "sym_defer_g"
        /// The key did not change for the time: its change counts.
        case symmetricDeferPerKey = "sym_defer_pk"
        /// A change counts at once; the key is deaf for the time then. Takes any disturbance for a key.
        case symmetricEagerPerKey = "sym_eager_pk"
        /// A press as in `symmetricEagerPerKey`, a release as in `symmetricDeferPerKey`.
        case asymmetricEagerDeferPerKey = "asym_eager_defer_pk"

        /// One sample is enough for a press.
        public var isEager: Bool { self == .symmetricEagerPerKey || self == .asymmetricEagerDeferPerKey }
    }

    public struct Change: Sendable, Hashable {
        public let position: MatrixPosition
        public let isPressed: Bool
    }

    /// The keys that count as down.
    public private(set) var state: MatrixState
    private let method: Method
    /// Nanoseconds; a method with one time for the whole matrix takes the longer one.
    private let press, release: UInt64
    /// [row][column] of 64: nanoseconds of evidence for a change, or of deafness.
    private var times: [UInt64]
    /// The keys whose time counts, or that may change when it does.
    private var unsettled: MatrixState
    private var isDeaf: MatrixState
    /// The sample before and for how long nothing has changed, for the method that looks at the whole matrix.
    private var last: MatrixState
    private var quiet: UInt64 = 0

    /// - Parameters:
    ///   - press: Nanoseconds that the method takes for a press.
    ///   - release: And for a release.
    public init(rowCount: Int, method: Method = .integrator, press: UInt64 = 5_000_000, release: UInt64 = 5_000_000) {
        state = MatrixState(rowCount: rowCount)
        (unsettled, isDeaf, last) = (state, state, state)
        (self.method, self.press, self.release) = (method, press, release)
        times = [UInt64](repeating: 0, count: rowCount * 64)
    }

    /// No change is on its way: as long as the contacts stay as they are, the state does too.
    public var isSettled: Bool { unsettled.isEmpty }

    /// Takes a sample of the contacts.
    /// - Parameter elapsed: Nanoseconds since the sample before.
    /// - Returns: What changed, row by row.
    public mutating func update(_ contacts: MatrixState, elapsed: UInt64) -> [Change] {
        if method == .symmetricDeferGlobal { return updateAll(contacts, elapsed) }
        var changes: [Change] = []
        for row in state.rows.indices {
            var concerned = (contacts.rows[row] ^ state.rows[row]) | unsettled.rows[row]
            while concerned != 0 {
                let position = MatrixPosition(row: row, column: concerned.trailingZeroBitCount)
                concerned &= concerned - 1
                let before = state[position]
                update(position, contacts[position], elapsed)
                if state[position] != before { changes.append(Change(position: position, isPressed: !before)) }
            }
        }
        return changes
    }

    private mutating func update(_ position: MatrixPosition, _ isClosed: Bool, _ elapsed: UInt64) {
        let index = position.row * 64 + position.column
        let differs = isClosed != state[position]
        if isDeaf[position] {
            times[index] -= min(times[index], elapsed)
            guard times[index] == 0 else { return }
            (isDeaf[position], unsettled[position]) = (false, false)
        }
        if differs, isEager(isClosed) {
            (state[position], times[index]) = (isClosed, threshold(isClosed))
            isDeaf[position] = times[index] > 0
            unsettled[position] = isDeaf[position]
            return
        }
        switch (method, differs) {
        case (.integrator, false): times[index] -= min(times[index], elapsed)
        case (_, false): times[index] = 0
        // The sample that shows a change says nothing about the time before it.
        case (_, true): times[index] += unsettled[position] ? elapsed : 0
        }
        if differs, times[index] >= threshold(isClosed) {
            (state[position], times[index]) = (isClosed, 0)
            unsettled[position] = false
        } else {
            unsettled[position] = differs || times[index] > 0
        }
    }

    private mutating func updateAll(_ contacts: MatrixState, _ elapsed: UInt64) -> [Change] {
        quiet = contacts == last ? quiet + min(elapsed, .max - quiet) : 0
        last = contacts
        for row in state.rows.indices { unsettled.rows[row] = contacts.rows[row] ^ state.rows[row] }
        guard !unsettled.isEmpty, quiet >= max(press, release) else { return [] }
        var changes: [Change] = []
        for row in state.rows.indices {
            var changed = unsettled.rows[row]
            while changed != 0 {
                let position = MatrixPosition(row: row, column: changed.trailingZeroBitCount)
                changed &= changed - 1
                changes.append(Change(position: position, isPressed: contacts[position]))
            }
        }
        (state, unsettled) = (contacts, MatrixState(rowCount: state.rows.count))
        return changes
    }

    private func isEager(_ isPress: Bool) -> Bool {
        method == .symmetricEagerPerKey || method == .asymmetricEagerDeferPerKey && isPress
    }

    private func threshold(_ isPress: Bool) -> UInt64 { isPress ? press : release }
}
