/// How output lines close the contacts of a keyboard. Bit i of a state is the i-th line's active level.
///
/// Pure: says which states the lines go through, one after another, so that no other contact closes on the way.
public enum ContactWiring: Sendable, Equatable {
    /// Each contact has a line: a solenoid, a relay, a transistor across a key.
    case lines([Contact: Int])
    /// Two analog multiplexers with their common pins joined: one is on a row, the other on a column. Lines beside them may do
    /// what must be held meanwhile, such as Shift.
    case multiplexers(Multiplexers)
    /// A crosspoint switch, which remembers what is closed.
    case crosspoint(Crosspoint)

    public struct Multiplexers: Sendable, Equatable {
        /// Address lines, the lowest bit first.
        public var row: [Int]
        public var column: [Int]
        /// Both are off while this is inactive.
        public var enable: Int
        public var lines: [Contact: Int]

        public init(row: [Int], column: [Int], enable: Int, lines: [Contact: Int] = [:]) {
            self.row = row
            self.column = column
            self.enable = enable
            self.lines = lines
        }
    }

    /// As the MT8816 has it: an address, a datum, and a strobe whose falling edge takes them over (Zarlink's data sheet of 2011).
    public struct Crosspoint: Sendable, Equatable {
        /// Address lines of rows and columns, the lowest bit first.
        public var row: [Int]
        public var column: [Int]
        public var data: Int
        public var strobe: Int
        /// Opens everything.
        public var reset: Int
        /// The address of each row and of each column, as the chip numbers its pins.
        public var rowAddresses: [Int]
        public var columnAddresses: [Int]

        public init(row: [Int], column: [Int], data: Int, strobe: Int, reset: Int, rowAddresses: [Int], columnAddresses: [Int]) {
            self.row = row
            self.column = column
            self.data = data
            self.strobe = strobe
            self.reset = reset
            self.rowAddresses = rowAddresses
            self.columnAddresses = columnAddresses
        }
    }

    /// The states that open every contact, whatever the lines and the hardware behind them did before.
    public var opening: [UInt64] {
        switch self {
        case .lines, .multiplexers: [0]
        case .crosspoint(let chip): [bit(chip.reset), 0]
        }
    }

    /// The states that open `before` but for `after`, and then close the rest of it.
    /// - Throws: when this wiring has no such contact, or cannot close so many together.
    public func states(from before: Set<Contact>, to after: Set<Contact>) throws(PaperError) -> [UInt64] {
        switch self {
        case .lines(let lines):
            return [try held(after, lines)]
        case .multiplexers(let chips):
            return try states(after, chips)
        case .crosspoint(let chip):
            var states: [UInt64] = []
            for contact in before.subtracting(after).sorted() { states += try strobe(contact, 0, chip) }
            for contact in after.subtracting(before).sorted() { states += try strobe(contact, bit(chip.data), chip) }
            return states
        }
    }

    private func states(_ contacts: Set<Contact>, _ chips: Multiplexers) throws(PaperError) -> [UInt64] {
        let crossings = contacts.filter { $0.isCrossing && chips.lines[$0] == nil }
        let lines = try held(contacts.subtracting(crossings), chips.lines)
        guard let crossing = crossings.first, case .crossing(let row, let column) = crossing else { return [lines] }
        guard crossings.count == 1 else {
            throw PaperError("two multiplexers close one key at a time; give what is held meanwhile, such as Shift, a line of its own")
        }
        let address = lines | (try self.address(row, chips.row, "row")) | (try self.address(column, chips.column, "column"))
        return [address, address | bit(chips.enable)]
    }

    private func strobe(_ contact: Contact, _ data: UInt64, _ chip: Crosspoint) throws(PaperError) -> [UInt64] {
        guard case .crossing(let row, let column) = contact else { throw noSuch(contact) }
        guard chip.rowAddresses.indices.contains(row), chip.columnAddresses.indices.contains(column) else { throw noSuch(contact) }
        let address = try address(chip.rowAddresses[row], chip.row, "row") | address(chip.columnAddresses[column], chip.column, "column")
        return [address | data, address | data | bit(chip.strobe), address | data]
    }

    private func held(_ contacts: Set<Contact>, _ lines: [Contact: Int]) throws(PaperError) -> UInt64 {
        var state: UInt64 = 0
        for contact in contacts {
            guard let line = lines[contact] else { throw noSuch(contact) }
            state |= bit(line)
        }
        return state
    }

    private func address(_ number: Int, _ lines: [Int], _ what: String) throws(PaperError) -> UInt64 {
        guard number >= 0, number < 1 << lines.count else {
            throw PaperError("\(what) \(number) is beyond what \(lines.count) address lines can say")
        }
        return lines.enumerated().reduce(0) { $0 | (number >> $1.offset & 1 == 1 ? bit($1.element) : 0) }
    }

    private func bit(_ line: Int) -> UInt64 { 0..<64 ~= line ? 1 << UInt64(line) : 0 }

    private func noSuch(_ contact: Contact) -> PaperError { PaperError("nothing is wired to \(contact)") }
}

extension Contact: Comparable, CustomStringConvertible {
    public static func < (a: Contact, b: Contact) -> Bool { a.order < b.order }

    private var order: (Int, Int, Int) {
        switch self {
        case .crossing(let row, let column): (0, row, column)
        case .line(let line): (1, line, 0)
        }
    }

    var isCrossing: Bool { if case .crossing = self { true } else { false } }

    public var description: String {
        switch self {
        case .crossing(let row, let column): "row \(row), column \(column)"
        case .line(let line): "key line \(line)"
        }
    }
}
