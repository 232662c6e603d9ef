/// A keyboard of contacts between rows and columns, and of single keys on lines of their own.
public final class MatrixKeyboard: Keyboard {
    public struct Settings: Sendable {
        /// Nanoseconds from scan to scan while keys are down.
        public var interval: UInt64 = 1_000_000
        public var debounce = Debouncer.Method.integrator
        /// Nanoseconds, see `Debouncer`.
        public var press: UInt64 = 5_000_000
        public var release: UInt64 = 5_000_000
        /// Each key has a diode, so that any keys can be told.
        public var hasDiodes = false
        /// Nil where no key repeats.
        public var repeats: KeyRepeat?

        public init() {}
    }

    /// What goes on beneath the keys, for somebody who looks for what is wrong.
    public enum Trace: Sendable, Hashable {
        /// A contact reads otherwise than in the scan before; ghosts included.
        case contact(MatrixPosition, isClosed: Bool)
        /// A key changed after debouncing.
        case key(MatrixPosition, KeyBinding?, isPressed: Bool)
    }

    /// Called within `read`.
    public var trace: ((Trace) -> Void)?
    private let lines: any MatrixLines
    private var scanner: MatrixScanner
    private let ghosts: GhostFilter?
    private var debouncer: Debouncer
    private let keymap: MatrixKeymap
    private var chords: ChordDecoder
    private var repeater: KeyRepeater?
    private var layout: any KeyLayout
    private var reading: MatrixState
    private let matrixRows: Range<Int>

    public init(_ lines: any MatrixLines, _ keymap: MatrixKeymap, layout: any KeyLayout, settings: Settings = Settings()) {
        self.lines = lines
        self.keymap = keymap
        self.layout = layout
        chords = ChordDecoder(keymap.chords)
        repeater = settings.repeats.map(KeyRepeater.init)
        scanner = MatrixScanner(lines, interval: settings.interval)
        reading = MatrixState(rowCount: scanner.rowCount)
        debouncer = Debouncer(rowCount: scanner.rowCount, method: settings.debounce, press: settings.press, release: settings.release)
        matrixRows = 0..<lines.rowCount
        var keys = MatrixState(rowCount: lines.rowCount)
        for position in keymap.bindings.keys where matrixRows ~= position.row { keys[position] = true }
        ghosts = settings.hasDiodes ? nil : GhostFilter(keys: keys)
    }

    public var givesKeys = true
    public var descriptor: Int32? { lines.descriptor }
    public var deadline: UInt64? { [scanner.deadline, repeater?.due].compactMap(\.self).min() }

    public func read(at now: UInt64, into events: inout [KeyEvent]) throws(KeyboardError) {
        if let scan = try scanner.scan(at: now) { try take(scan, now, &events) }
        // What the scan has told counts first: a key that is up repeats no more.
        if let position = repeater?.take(at: now), let binding = keymap.bindings[position] { append(binding, .repetition, now, to: &events) }
    }

    private func take(_ scan: MatrixScanner.Scan, _ now: UInt64, _ events: inout [KeyEvent]) throws(KeyboardError) {
        if let trace { report(scan.reading, to: trace) }
        reading = scan.reading
        let contacts = ghosts?.contacts(reading, known: debouncer.state) ?? reading
        for change in debouncer.update(contacts, elapsed: scan.elapsed) {
            trace?(.key(change.position, keymap.bindings[change.position], isPressed: change.isPressed))
            for output in chords.outputs(for: change) { append(output, now, to: &events) }
        }
        let isUp = matrixRows.allSatisfy { reading.rows[$0] == 0 && debouncer.state.rows[$0] == 0 }
        if isUp, debouncer.isSettled { try scanner.rest(after: reading) }
    }

    private func append(_ output: ChordDecoder.Output, _ now: UInt64, to events: inout [KeyEvent]) {
        switch output {
        case .change(let change):
            repeater?.change(change, keymap.bindings[change.position], at: now)
            guard let binding = keymap.bindings[change.position] else { return }
            append(binding, change.isPressed ? .press : .release, now, to: &events)
        case .chord(let binding):
            append(binding, .press, now, to: &events)
            append(binding, .release, now, to: &events)
        }
    }

    private func append(_ binding: KeyBinding, _ action: KeyEvent.Action, _ now: UInt64, to events: inout [KeyEvent]) {
        switch binding {
        case .code(let code): events += layout.keys(for: code, action).map { KeyEvent(time: now, key: $0, action: action) }
        case .key(let key): events.append(KeyEvent(time: now, key: key, action: action))
        case .toggle(let on, let off): events.append(KeyEvent(time: now, key: action == .press ? on : off))
        }
    }

    private func report(_ new: MatrixState, to trace: (Trace) -> Void) {
        for row in new.rows.indices {
            var changed = new.rows[row] ^ reading.rows[row]
            while changed != 0 {
                let position = MatrixPosition(row: row, column: changed.trailingZeroBitCount)
                changed &= changed - 1
                trace(.contact(position, isClosed: new[position]))
            }
        }
    }
}
