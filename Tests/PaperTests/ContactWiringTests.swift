import Testing
@testable import Paper

/// The hardware behind the lines: what is closed after each state.
private struct Hardware {
    let wiring: ContactWiring
    var latched: Set<Contact> = []
    private var before: UInt64 = 0

    init(_ wiring: ContactWiring) { self.wiring = wiring }

    /// Written from the chips' data sheets: CD74HC4067 (address while enabled), MT8816 (datum taken at the strobe's falling edge).
    mutating func closed(_ state: UInt64) -> Set<Contact> {
        defer { before = state }
        func bit(_ line: Int) -> Int { Int(state >> UInt64(line) & 1) }
        func number(_ lines: [Int], _ state: UInt64) -> Int { lines.enumerated().reduce(0) { $0 + Int(state >> UInt64($1.element) & 1) << $1.offset } }
        switch wiring {
        case .lines(let lines):
            return Set(lines.filter { bit($0.value) == 1 }.keys)
        case .multiplexers(let chips):
            let crossing = Contact.crossing(row: number(chips.row, state), column: number(chips.column, state))
            return Set(chips.lines.filter { bit($0.value) == 1 }.keys).union(bit(chips.enable) == 1 ? [crossing] : [])
        case .crosspoint(let chip):
            if bit(chip.reset) == 1 { latched = [] }
            if before >> UInt64(chip.strobe) & 1 == 1, bit(chip.strobe) == 0,
                let row = chip.rowAddresses.firstIndex(of: number(chip.row, state)),
                let column = chip.columnAddresses.firstIndex(of: number(chip.column, state)) {
                let contact = Contact.crossing(row: row, column: column)
                if bit(chip.data) == 1 { latched.insert(contact) } else { latched.remove(contact) }
            }
            return latched
        }
    }
}

private let shift = Contact.line(0)
private let wirings: [ContactWiring] = [
    .multiplexers(.init(row: [0, 1, 2], column: [3, 4, 5, 6], enable: 7, lines: [shift: 8])),
    .crosspoint(.init(
        row: [0, 1, 2], column: [3, 4, 5, 6], data: 7, strobe: 8, reset: 9, rowAddresses: Array(0..<8),
        columnAddresses: [0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 6, 7, 14, 15])),
    .lines(Dictionary(uniqueKeysWithValues: (0..<5).flatMap { row in (0..<11).map { (Contact.crossing(row: row, column: $0), row * 11 + $0) } } + [(shift, 63)])),
]

@Suite("Wiring of contacts")
struct ContactWiringTests {
    @Test("What is asked for is closed in the end, and nothing else on the way", arguments: wirings)
    func states(_ wiring: ContactWiring) throws {
        var generator = SystemRandomNumberGenerator()
        var hardware = Hardware(wiring)
        var isCrosspoint = false
        if case .crosspoint = wiring { isCrosspoint = true }
        hardware.latched = [.crossing(row: 3, column: 3)]
        for state in wiring.opening { _ = hardware.closed(state) }
        #expect(hardware.closed(0).isEmpty)
        var now: Set<Contact> = []
        for _ in 0..<2000 {
            var next: Set<Contact> = []
            if Bool.random(using: &generator) { next.insert(.crossing(row: .random(in: 0..<5), column: .random(in: 0..<11))) }
            if !isCrosspoint, Bool.random(using: &generator) { next.insert(shift) }
            if isCrosspoint, Bool.random(using: &generator) { next.insert(.crossing(row: 7, column: 8)) }
            var closed = now
            for state in try wiring.states(from: now, to: next) {
                closed = hardware.closed(state)
                #expect(closed.isSubset(of: now.union(next)))
            }
            #expect(closed == next)
            now = next
        }
    }

    @Test("What is not wired, or too much at once, is refused")
    func refused() {
        #expect(throws: PaperError.self) { try wirings[0].states(from: [], to: [.crossing(row: 8, column: 0)]) }
        #expect(throws: PaperError.self) { try wirings[0].states(from: [], to: [.crossing(row: 1, column: 0), .crossing(row: 1, column: 1)]) }
        #expect(throws: PaperError.self) { try wirings[0].states(from: [], to: [.line(3)]) }
        #expect(throws: PaperError.self) { try wirings[1].states(from: [], to: [.crossing(row: 0, column: 16)]) }
        #expect(throws: PaperError.self) { try wirings[2].states(from: [], to: [.crossing(row: 6, column: 0)]) }
    }
}
