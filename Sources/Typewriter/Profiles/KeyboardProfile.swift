import Keyboard

/// A keyboard on GPIO lines as its file under `hardware/keyboards` describes it.
package struct KeyboardProfile: Sendable {
    /// What an output line shows.
    package enum Output: String, Sendable, CaseIterable {
        /// A lamp that shows everything by how it blinks: for those who have one.
        case status
        /// A lamp: what is typed is asked.
        case ready
        /// A lamp: an answer is in the making.
        case thinking
        /// A lamp: the page is full.
        case page
        /// A lamp: something is not there.
        case missing
        case bell
    }

    package let name: String
    /// Somebody has tried it on the metal.
    package let isVerified: Bool
    package private(set) var wiring = GPIOMatrix.Wiring()
    package private(set) var keymap = MatrixKeymap()
    package private(set) var settings = MatrixKeyboard.Settings()
    package private(set) var outputs: [(use: Output, line: GPIOLine)] = []
    package private(set) var knobs: [KnobSetting] = []

    /// Reads a profile by its name, or a file by its path.
    /// - Parameter needsKeys: What is beside another keyboard may be lamps alone.
    /// - Throws: the first thing that is wrong, with file and line.
    package init(_ nameOrPath: String, needsKeys: Bool = true) throws(TypewriterError) {
        try self.init(ProfileFile.read(nameOrPath, .keyboards), needsKeys: needsKeys)
    }

    init(_ table: ProfileTable, needsKeys: Bool = true) throws(TypewriterError) {
        var table = table
        name = try table.text("name") ?? ""
        _ = try table.text("source")
        isVerified = try table.flag("verified") ?? false
        let chips = try table.names("chip") ?? GPIOLine.header
        if let matrix = try table.section("matrix") { try readMatrix(matrix, chips) }
        if let debounce = try table.section("debounce") { try readDebounce(debounce) }
        settings.repeats = try table.section("repeat").map { section throws(TypewriterError) in try Self.keyRepeat(section) } ?? KeyRepeat()
        for direct in try table.sections("direct") { try readDirect(direct, chips) }
        for chord in try table.sections("chord") { try readChord(chord) }
        for output in try table.sections("output") { try readOutput(output, chips) }
        for knob in try table.sections("knob") { knobs.append(try KnobSetting(knob)) }
        try table.refuseUnknown()
        if needsKeys, !hasKeys {
            throw table.origin.problem("no key is described: add [matrix], or [[direct]] for keys on lines of their own")
        }
    }

    var hasKeys: Bool { !wiring.rows.isEmpty || !wiring.direct.isEmpty }

    // MARK: Sections

    private mutating func readMatrix(_ section: ProfileTable, _ chips: [String]) throws(TypewriterError) {
        var section = section
        let isActiveLow = try Self.isActiveLow(&section) ?? true
        // What is not driven must have the inactive level.
        let pull = try Self.pull(&section) ?? (isActiveLow ? .up : .down)
        let rowChips = try section.names("row_chip") ?? chips
        let columnChips = try section.names("column_chip") ?? chips
        func lines(_ name: String, _ chips: [String], _ pull: GPIOLine.Pull) throws(TypewriterError) -> [GPIOLine] {
            guard let names = try section.names(name) else { throw section.missing(name) }
            guard 1...MatrixState.most ~= names.count else {
                throw section.problem(name, "\(names.count) lines; a matrix has 1 to \(MatrixState.most)")
            }
            return names.map { GPIOLine($0, chips: chips, isActiveLow: isActiveLow, pull: pull) }
        }
        wiring.rows = try lines("rows", rowChips, .asIs)
        wiring.columns = try lines("columns", columnChips, pull)
        wiring.settle = try section.time("settle_us", 0...1_000, 1_000) ?? wiring.settle
        settings.interval = try section.time("scan_interval_us", 100...20_000, 1_000) ?? settings.interval
        settings.hasDiodes = try section.flag("diodes") ?? false
        guard let keys = try section.rows("keys") else { throw section.missing("keys") }
        guard keys.count == wiring.rows.count else {
            throw section.problem("keys", "\(keys.count) lists of keys for \(wiring.rows.count) rows")
        }
        for (row, names) in keys.enumerated() {
            guard names.count == wiring.columns.count else {
                throw section.problem("keys", "list \(row + 1) has \(names.count) keys for \(wiring.columns.count) columns; write \"\" where there is no key")
            }
            for (column, name) in names.enumerated() where !name.isEmpty {
                keymap.bindings[MatrixPosition(row: row, column: column)] = try Self.binding(name, "keys", section)
            }
        }
        try section.refuseUnknown()
    }

    private mutating func readDebounce(_ section: ProfileTable) throws(TypewriterError) {
        var section = section
        let method = try section.choice("method", Debouncer.Method.allCases.map(\.rawValue)).flatMap(Debouncer.Method.init(rawValue:))
        settings.debounce = method ?? settings.debounce
        settings.press = try section.time("press_ms", 0...1_000, 1_000_000) ?? settings.press
        settings.release = try section.time("release_ms", 0...1_000, 1_000_000) ?? settings.release
        if settings.debounce.isEager, !settings.hasDiodes, !wiring.rows.isEmpty {
            // A ghost may show for a single scan, while one of the keys that make it has not been read yet.
            throw section.problem("method", "\(settings.debounce.rawValue) would take ghosts for keys; it needs a matrix with diodes = true")
        }
        try section.refuseUnknown()
    }

    /// Nil where nothing repeats.
    private static func keyRepeat(_ section: ProfileTable) throws(TypewriterError) -> KeyRepeat? {
        var (section, settings) = (section, KeyRepeat())
        settings.delay = try section.time("delay_ms", 50...10_000, 1_000_000) ?? settings.delay
        settings.interval = try section.number("per_second", 0.5...100).map { UInt64(1_000_000_000 / $0) } ?? settings.interval
        let which = try section.choice("keys", ["typewriter", "all", "none"])
        if which == "all" { settings.codes = nil }
        try section.refuseUnknown()
        return which == "none" ? nil : settings
    }

    private mutating func readDirect(_ section: ProfileTable, _ chips: [String]) throws(TypewriterError) {
        var section = section
        guard wiring.direct.count < MatrixState.most else { throw section.origin.problem("more than \(MatrixState.most) direct keys") }
        guard let key = try section.text("key") else { throw section.missing("key") }
        let position = MatrixPosition(row: wiring.rows.count, column: wiring.direct.count)
        let line = try Self.line(&section, chips)
        wiring.direct.append(line)
        keymap.bindings[position] = try Self.binding(key, "key", section)
        try section.refuseUnknown()
    }

    private mutating func readChord(_ section: ProfileTable) throws(TypewriterError) {
        var section = section
        guard let names = try section.texts("keys") else { throw section.missing("keys") }
        guard let gives = try section.text("gives") else { throw section.missing("gives") }
        guard 2...8 ~= Set(names).count, Set(names).count == names.count else {
            throw section.problem("keys", "a chord has 2 to 8 different keys")
        }
        var positions: Set<MatrixPosition> = []
        for name in names {
            let binding = try Self.binding(name, "keys", section)
            guard let position = keymap.bindings.first(where: { $0.value == binding })?.key else {
                throw section.problem("keys", "no key of this keyboard is \(name)")
            }
            positions.insert(position)
        }
        guard !keymap.chords.contains(where: { $0.positions == positions }) else { throw section.problem("keys", "this chord is there already") }
        keymap.chords.append(Chord(positions, gives: try Self.binding(gives, "gives", section)))
        try section.refuseUnknown()
    }

    private mutating func readOutput(_ section: ProfileTable, _ chips: [String]) throws(TypewriterError) {
        var section = section
        guard let use = try section.choice("use", Output.allCases.map(\.rawValue)).flatMap(Output.init(rawValue:)) else {
            throw section.missing("use")
        }
        let line = try Self.line(&section, chips, isActiveLow: false)
        outputs.append((use, line))
        try section.refuseUnknown()
    }

    // MARK: Values

    private static func isActiveLow(_ section: inout ProfileTable) throws(TypewriterError) -> Bool? {
        try section.choice("active_level", ["low", "high"]).map { $0 == "low" }
    }

    private static func pull(_ section: inout ProfileTable) throws(TypewriterError) -> GPIOLine.Pull? {
        try section.choice("pull", GPIOLine.Pull.allCases.map(\.rawValue)).flatMap(GPIOLine.Pull.init(rawValue:))
    }

    /// A single line with its own chip, level and pull.
    private static func line(
        _ section: inout ProfileTable, _ chips: [String], isActiveLow: Bool = true
    ) throws(TypewriterError) -> GPIOLine {
        guard let names = try section.names("line") else { throw section.missing("line") }
        guard names.count == 1, let name = names.first else { throw section.problem("line", "this is one line, not \(names.count)") }
        let isActiveLow = try Self.isActiveLow(&section) ?? isActiveLow
        let pull = try Self.pull(&section) ?? (isActiveLow ? .up : .down)
        return GPIOLine(name, chips: try section.names("chip") ?? chips, isActiveLow: isActiveLow, pull: pull)
    }

    /// What can be said of a key beside the names of `linux/input-event-codes.h`.
    private static let functions: [String: KeyBinding] = [
        "stop": .key(.escape), "page": .key(.page), "new": .key(.newConversation), "interrupt": .key(.interrupt),
        "erase-word": .key(.eraseWord), "erase-line": .key(.eraseLine), "model-off": .toggle(.modelOff, .modelOn),
        "paper": .toggle(.page, .noPaper),
    ]

    /// Whether a profile may call a key so.
    package static func isKey(_ name: String) -> Bool { functions[name] != nil || KeyCode.named(name) != nil }

    private static func binding(_ name: String, _ key: String, _ section: ProfileTable) throws(TypewriterError) -> KeyBinding {
        if let function = functions[name] { return function }
        if let code = KeyCode.named(name) { return .code(code) }
        throw section.problem(key, unknown("key", String(name.prefix(60)), among: functions.keys.sorted() + KeyCode.allNames))
    }
}

extension ProfileTable {
    /// A time in units of so many nanoseconds, in nanoseconds.
    fileprivate mutating func time(_ name: String, _ range: ClosedRange<Double>, _ unit: Double) throws(TypewriterError) -> UInt64? {
        try number(name, range).map { UInt64($0 * unit) }
    }
}
