import Keyboard
import Paper

/// The output lines that close a typewriter's keys, from `[wiring]` of its profile.
struct TypewriterWiring {
    let chips: [String]
    let wires: [GPIOWire]
    let wiring: ContactWiring

    init(_ section: ProfileTable, _ keys: TypewriterKeyTable) throws(TypewriterError) {
        var section = section
        chips = try section.names("chip") ?? GPIOLine.header
        var wires: [GPIOWire] = []
        let inverted = Set(try section.names("active_low") ?? [])

        /// The bits of these lines, which become the next ones.
        func bits(_ names: [String], _ key: String) throws(TypewriterError) -> [Int] {
            for name in names {
                guard !wires.contains(where: { $0.name == name }) else { throw section.problem(key, "line \(name) has another use already") }
                wires.append(GPIOWire(name, isActiveLow: inverted.contains(name)))
            }
            guard wires.count <= 64 else { throw section.problem(key, "more than 64 lines") }
            return Array(wires.count - names.count..<wires.count)
        }
        func required(_ key: String, _ count: ClosedRange<Int>) throws(TypewriterError) -> [Int] {
            guard let names = try section.names(key) else { throw section.missing(key) }
            guard count.contains(names.count) else {
                throw section.problem(key, "\(names.count) lines; there are \(count.lowerBound)\(count.count > 1 ? " to \(count.upperBound)" : "")")
            }
            return try bits(names, key)
        }
        func addresses(_ key: String, _ count: Int, _ lines: Int) throws(TypewriterError) -> [Int] {
            let list = try section.integers(key, 0...(1 << lines) - 1) ?? Array(0..<min(count, 1 << lines))
            guard list.count >= count, Set(list).count == list.count else {
                throw section.problem(key, "\(Set(list).count) different addresses for \(count) wires of the keyboard")
            }
            return list
        }

        guard let kind = try section.choice("kind", ["multiplexers", "crosspoint", "lines"]) else { throw section.missing("kind") }
        switch kind {
        case "multiplexers":
            let row = try required("row_address", 1...6), column = try required("column_address", 1...6), enable = try required("enable", 1...1)
            guard keys.rows <= 1 << row.count, keys.columns <= 1 << column.count else {
                throw section.problem("row_address", "\(keys.rows) rows and \(keys.columns) columns are more than these address lines can say")
            }
            var lines: [Contact: Int] = [:]
            if let names = try section.names("shift") {
                guard names.count == 1, let shift = keys.named["shift"] else { throw section.problem("shift", "one line, for a key called shift") }
                lines[shift] = try bits(names, "shift")[0]
            }
            wiring = .multiplexers(.init(row: row, column: column, enable: enable[0], lines: lines))
        case "crosspoint":
            let row = try required("row_address", 1...6), column = try required("column_address", 1...6)
            wiring = .crosspoint(.init(
                row: row, column: column, data: try required("data", 1...1)[0], strobe: try required("strobe", 1...1)[0],
                reset: try required("reset", 1...1)[0], rowAddresses: try addresses("row_addresses", keys.rows, row.count),
                columnAddresses: try addresses("column_addresses", keys.columns, column.count)))
        default:
            let lines = try required("lines", 1...64)
            wiring = .lines(Dictionary(uniqueKeysWithValues: lines.enumerated().map { (Contact.line($0.offset), $0.element) }))
        }
        try section.refuseUnknown()
        if let stray = inverted.first(where: { name in !wires.contains { $0.name == name } }) {
            throw section.problem("active_low", "no line here is \(ProfileText.quoted(stray))")
        }
        self.wires = wires
    }
}
