import Keyboard
import Paper

/// A typewriter that is typed on through its own keyboard, as its file under `hardware/typewriters` describes it.
package struct TypewriterProfile: Sendable {
    package let name: String
    /// Somebody has tried it on the metal.
    package let isVerified: Bool
    /// Of the carriage.
    package let columns: Int
    package let timing: TypewriterTiming
    package let keys: TypewriterKeys
    package let chips: [String]
    /// In the order of the wiring's bits.
    package let wires: [GPIOWire]
    package let wiring: ContactWiring

    /// Reads a profile by its name, or a file by its path.
    /// - Throws: the first thing that is wrong, with file and line.
    package init(_ nameOrPath: String) throws(TypewriterError) {
        try self.init(ProfileFile.read(nameOrPath, .typewriters))
    }

    init(_ table: ProfileTable) throws(TypewriterError) {
        var table = table
        name = try table.text("name") ?? ""
        _ = try table.text("source")
        isVerified = try table.flag("verified") ?? false
        columns = try table.integer("columns", PageSettings.leastWidth...PageSettings.mostColumns) ?? 72
        timing = try TypewriterTiming(table.section("timing"))
        guard let keyTable = try table.section("keys") else { throw table.missing("[keys]") }
        let keys = try TypewriterKeyTable(keyTable)
        guard let section = try table.section("wiring") else {
            throw table.origin.problem("[wiring] is missing: it says how your circuit closes the keys; see hardware/typewriters/README.md")
        }
        let wiring = try TypewriterWiring(section, keys)
        try table.refuseUnknown()
        self.keys = keys.keys
        (chips, wires, self.wiring) = (wiring.chips, wiring.wires, wiring.wiring)
        if case .multiplexers(let chips) = self.wiring, case .hold(let shift) = self.keys.shift, chips.lines[shift] == nil {
            throw section.problem("shift", "two multiplexers close one key at a time: give Shift a line of its own, such as shift = 12")
        }
    }

    package var capabilities: PaperCapabilities { PaperCapabilities(keys, columns: columns) }

    /// Takes the lines. Nothing is pressed yet.
    package func open() throws(TypewriterError) -> any PaperDevice {
        do {
            return try KeyedTypewriter(keys, timing, columns: columns, presser: GPIOKeyPresser(chips, wires, wiring))
        } catch {
            throw TypewriterError(error)
        }
    }
}

extension TypewriterTiming {
    /// Brother's AX-25, measured by github.com/artillect/serial-typewriter, where a profile says nothing; and a slow carriage.
    fileprivate init(_ table: ProfileTable?) throws(TypewriterError) {
        var section = table
        func milliseconds(_ name: String, _ standard: Double) throws(TypewriterError) -> UInt64 {
            UInt64((try section?.number(name, 0...60_000) ?? standard) * 1e6)
        }
        self.init(
            press: try milliseconds("press_ms", 38), gap: try milliseconds("gap_ms", 45), sameKey: try milliseconds("same_key_ms", 24),
            shift: try milliseconds("shift_ms", 38), carriageReturn: try milliseconds("return_ms", 300),
            returnPerColumn: try milliseconds("return_ms_per_column", 15))
        try section?.refuseUnknown()
    }
}
