import Foundation
import Paper
import Testing
@testable import Typewriter

private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
private let ax25 = root.appending(path: "hardware/typewriters/brother-ax-25.toml").path

private func profile(_ text: String) throws -> TypewriterProfile {
    let brother = try String(contentsOfFile: ax25, encoding: .utf8)
    return try TypewriterProfile(ProfileFile.table(text, "mine.toml") { name throws(TypewriterError) in
        guard name == "brother-ax-25" else { throw TypewriterError("no \(name)", status: .configuration) }
        return ("brother-ax-25.toml", brother)
    })
}

/// What hardware/typewriters/README.md gives as an example, from `begin` on to the end of the block.
private func example(_ begin: String) throws -> String {
    let lines = try String(contentsOf: root.appending(path: "hardware/typewriters/README.md"), encoding: .utf8).components(separatedBy: "\n")
    let start = try #require(lines.firstIndex { $0.contains(begin) })
    let from = lines[..<start].lastIndex { !$0.hasPrefix("    ") && !$0.isEmpty }.map { $0 + 1 } ?? 0
    let block = lines[from...].prefix { $0.hasPrefix("    ") || $0.isEmpty }
    return block.map { String($0.dropFirst(4)) }.joined(separator: "\n")
}

private let keys = "[keys]\nlines = [\"aA\", \"bB\", \"space\", \"return\"]\n"

private let errors = [
    ProfileError(
        toml: keys,
        message: "mine.toml:1: [wiring] is missing: it says how your circuit closes the keys; see hardware/typewriters/README.md"),
    ProfileError(
        toml: "[wiring]\nkind = \"lines\"\nlines = [1]\n",
        message: "mine.toml:1: [keys] is missing"),
    ProfileError(
        toml: "[keys]\nmatrix = [[\"a\", \"spacee\"]]\n",
        message: "mine.toml:2: matrix: unknown key spacee; did you mean space? (what a key types is one or two characters)"),
    ProfileError(
        toml: "[keys]\nmatrix = [[\"a\", \"return\"]]\n",
        message: "mine.toml:1: no key is called space"),
    ProfileError(
        toml: "[keys]\nmatrix = [[\"space\", \"return\", \"space\"]]\n",
        message: "mine.toml:2: matrix: two keys are called space"),
    ProfileError(
        toml: keys + "bold = [\"code\"]\n",
        message: "mine.toml:3: bold: no key is called \"code\""),
    ProfileError(
        toml: keys + "[wiring]\nkind = \"relays\"\n",
        message: "mine.toml:4: kind: \"relays\" is none of \"multiplexers\", \"crosspoint\", \"lines\""),
    ProfileError(
        toml: keys + "[wiring]\nkind = \"lines\"\nlines = [1, 2, 1]\n",
        message: "mine.toml:5: lines: line 1 has another use already"),
    ProfileError(
        toml: keys + "[wiring]\nkind = \"lines\"\nlines = [1, 2, 3, 4]\nactive_low = [5]\n",
        message: "mine.toml:6: active_low: no line here is \"5\""),
    ProfileError(
        toml: keys + "[wiring]\nkind = \"lines\"\nlines = [1, 2, 3, 4]\nlnies = 3\n",
        message: "mine.toml:6: unknown key lnies; did you mean lines?"),
    ProfileError(
        toml: keys + "[timing]\npress_ms = -1\n[wiring]\nkind = \"lines\"\nlines = [1, 2, 3, 4]\n",
        message: "mine.toml:4: press_ms: -1 is not between 0.0 and 60000.0"),
    ProfileError(
        toml: "inherits = \"brother-ax-25\"\n[wiring]\nkind = \"multiplexers\"\nrow_address = [1, 2]\ncolumn_address = [3, 4, 5, 6]\nenable = 7\n",
        message: "mine.toml:4: row_address: 8 rows and 11 columns are more than these address lines can say"),
    ProfileError(
        toml: "inherits = \"brother-ax-25\"\n[wiring]\nkind = \"multiplexers\"\nrow_address = [1, 2, 8]\ncolumn_address = [3, 4, 5, 6]\nenable = 7\n",
        message: "mine.toml:2: shift: two multiplexers close one key at a time: give Shift a line of its own, such as shift = 12"),
    ProfileError(
        toml: "inherits = \"brother-ax-25\"\n[wiring]\nkind = \"crosspoint\"\nrow_address = [1, 2, 8]\ncolumn_address = [3, 4, 5, 6]\ndata = 7\nstrobe = 9\nreset = 10\ncolumn_addresses = [1, 1]\n",
        message: "mine.toml:9: column_addresses: 1 different addresses for 11 wires of the keyboard"),
]

@Suite("Profiles of typewriters")
struct TypewriterProfileTests {
    @Test("The AX-25 with two multiplexers, as the README wires it")
    func multiplexers() throws {
        let profile = try profile(example("kind = \"multiplexers\""))
        #expect(profile.name == "Brother AX-25" && !profile.isVerified)
        #expect(profile.wires.map(\.name) == ["17", "27", "22", "5", "6", "13", "19", "26", "12"])
        #expect(profile.wires.filter(\.isActiveLow).map(\.name) == ["26"])
        #expect(profile.timing == TypewriterTiming(
            press: 38_000_000, gap: 45_000_000, sameKey: 24_000_000, shift: 38_000_000, carriageReturn: 300_000_000, returnPerColumn: 15_000_000))
        let glyphs = profile.keys.repertoire.glyphs
        #expect(glyphs.isSuperset(of: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,-'\"?!"))
        #expect(profile.keys.strokes["A"] == .init(.crossing(row: 3, column: 4), isShifted: true))
        #expect(profile.keys.strokes["]"]?.isShifted == false)
        #expect(profile.keys.carriageReturn == .crossing(row: 5, column: 5))
        // E low closes row 3, column 4, while Shift's line is held.
        let shift = Contact.crossing(row: 7, column: 8)
        let states = try profile.wiring.states(from: [shift], to: [shift, .crossing(row: 3, column: 4)])
        #expect(states == [0b1_0_0100_011, 0b1_1_0100_011])
    }

    @Test("The AX-25 with a crosspoint switch, as the README wires it")
    func crosspoint() throws {
        let profile = try profile("inherits = \"brother-ax-25\"\n" + example("kind = \"crosspoint\""))
        let states = try profile.wiring.states(from: [], to: [.crossing(row: 1, column: 6)])
        // Column 6 has address 8.
        #expect(states == [0b1_1000_001, 0b11_1000_001, 0b1_1000_001])
        #expect(profile.wiring.opening == [1 << 9, 0])
    }

    @Test("Solenoids, one for a key")
    func solenoids() throws {
        let profile = try profile(keys + "[wiring]\nkind = \"lines\"\nlines = [2, 3, 4, \"GPIO5\"]\nactive_low = [3]\n")
        #expect(profile.wires == [GPIOWire("2"), GPIOWire("3", isActiveLow: true), GPIOWire("4"), GPIOWire("GPIO5")])
        #expect(try profile.wiring.states(from: [], to: [.line(1)]) == [2])
        #expect(profile.keys.repertoire.glyphs == ["a", "b", " "])
    }

    @Test("What is wrong is one line with file, line and remedy", arguments: errors)
    func wrong(_ example: ProfileError) {
        #expect(throws: TypewriterError(example.message, status: .configuration)) { try profile(example.toml) }
    }

    @Test("A chip that is not there is said, and how to see those that are")
    func noChip() throws {
        let profile = try profile(keys + "[wiring]\nkind = \"lines\"\nchip = \"no-such-chip\"\nlines = [1, 2, 3, 4]\n")
        let error = try #require(throws: TypewriterError.self) { try profile.open() }
        #expect(error.description == "GPIO chip no-such-chip: No such file or directory; `gpiodetect` lists the chips that are there")
    }
}
