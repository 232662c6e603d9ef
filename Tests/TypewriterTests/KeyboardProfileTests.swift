@testable import Typewriter
import Conversation
import Foundation
import Keyboard
import TestSupport
import Testing

private let matrix = """
    [matrix]
    rows = [1, 2]
    columns = ["GPIO3", 4]
    keys = [["KEY_A", "KEY_B"], ["", "stop"]]

    """

private let errors = [
    ProfileError(toml: "name = \"x\"", message: "p.toml:1: no key is described: add [matrix], or [[direct]] for keys on lines of their own"),
    ProfileError(toml: "[matrix]\ncolumns = [1]\nkeys = [[\"KEY_A\"]]", message: "p.toml:1: rows is missing"),
    ProfileError(toml: "[matrix]\nrows = []\ncolumns = [1]", message: "p.toml:2: rows: 0 lines; a matrix has 1 to 64"),
    ProfileError(toml: "[matrix]\nrows = [true]\ncolumns = [1]", message: "p.toml:2: rows: true is not a name in quotation marks, a whole number, or a list of them"),
    ProfileError(toml: "[matrix]\nrows = [1, 2]\ncolumns = [3]\nkeys = [[\"KEY_A\"]]", message: "p.toml:4: keys: 1 lists of keys for 2 rows"),
    ProfileError(
        toml: "[matrix]\nrows = [1]\ncolumns = [3]\nkeys = [[\"KEY_A\", \"\"]]",
        message: "p.toml:4: keys: list 1 has 2 keys for 1 columns; write \"\" where there is no key"),
    ProfileError(
        toml: "[matrix]\nrows = [1]\ncolumns = [3]\nkeys = [[\"KEY_ENTR\"]]", message: "p.toml:4: keys: unknown key KEY_ENTR; did you mean KEY_ENTER?"),
    ProfileError(toml: matrix + "settle = 3", message: "p.toml:5: unknown key settle; did you mean settle_us?"),
    ProfileError(toml: matrix + "settle_us = nan", message: "p.toml:5: settle_us: nan is not between 0.0 and 1000.0"),
    ProfileError(toml: matrix + "pull = \"left\"", message: "p.toml:5: pull: \"left\" is none of \"as-is\", \"none\", \"up\", \"down\""),
    ProfileError(
        toml: matrix + "[debounce]\nmethod = \"sym_eager_pk\"",
        message: "p.toml:6: method: sym_eager_pk would take ghosts for keys; it needs a matrix with diodes = true"),
    ProfileError(toml: matrix + "[debounce]\npress_ms = 1e9", message: "p.toml:6: press_ms: 1000000000.0 is not between 0.0 and 1000.0"),
    ProfileError(toml: matrix + "[[direct]]\nkey = \"stop\"", message: "p.toml:5: line is missing"),
    ProfileError(toml: matrix + "[[direct]]\nline = [5, 6]\nkey = \"stop\"", message: "p.toml:6: line: this is one line, not 2"),
    ProfileError(toml: matrix + "[[chord]]\nkeys = [\"KEY_A\"]\ngives = \"page\"", message: "p.toml:6: keys: a chord has 2 to 8 different keys"),
    ProfileError(
        toml: matrix + "[[chord]]\nkeys = [\"KEY_A\", \"KEY_C\"]\ngives = \"page\"", message: "p.toml:6: keys: no key of this keyboard is KEY_C"),
    ProfileError(toml: matrix + "[[output]]\nline = 5\nuse = \"laser\"", message: "p.toml:7: use: \"laser\" is none of \"status\", \"ready\", \"thinking\", \"page\", \"missing\", \"bell\""),
    ProfileError(toml: matrix + "[[knob]]\nfrom = 0", message: "p.toml:5: sets is missing"),
    ProfileError(toml: matrix + "[[knob]]\nsets = \"temperature\"\nfrom = -1", message: "p.toml:7: from: -1 is not between 0.0 and 100.0"),
    ProfileError(
        toml: matrix + "[[knob]]\nsets = \"max_tokens\"\nfrom = 1\nto = 9",
        message: "p.toml:5: device or adc is missing: the encoder's input device, or the file of an analogue value"),
    ProfileError(
        toml: matrix + "[[knob]]\nsets = \"max_tokens\"\nfrom = 1\nto = 9\nadc = \"/a\"\nhigh = 0",
        message: "p.toml:10: high: is the same as low"),
    ProfileError(toml: matrix + "[printer]\n", message: "p.toml:5: unknown key printer"),
]

@Suite struct KeyboardProfileTests {
    private func read(_ toml: String) throws(TypewriterError) -> KeyboardProfile {
        try KeyboardProfile(ProfileFile.table(toml, "p.toml") { name throws(TypewriterError) in
            throw TypewriterError("there is no \(name)", status: .configuration)
        })
    }

    private func at(_ row: Int, _ column: Int) -> MatrixPosition { MatrixPosition(row: row, column: column) }

    @Test(arguments: errors)
    func whatIsWrong(_ example: ProfileError) throws {
        let error = #expect(throws: TypewriterError.self) { try read(example.toml) }
        #expect(error?.description == example.message)
    }

    @Test func whatIsLeftOutHasItsDefault() throws {
        let profile = try read(matrix)
        #expect(!profile.isVerified)
        #expect(profile.wiring.rows == ["1", "2"].map { GPIOLine($0, chips: GPIOLine.header, isActiveLow: true, pull: .asIs) })
        #expect(profile.wiring.columns == ["GPIO3", "4"].map { GPIOLine($0, chips: GPIOLine.header, isActiveLow: true, pull: .up) })
        #expect(profile.wiring.settle == 20_000)
        #expect(profile.settings.interval == 1_000_000 && !profile.settings.hasDiodes)
        #expect(profile.keymap.bindings == [at(0, 0): .code(30), at(0, 1): .code(48), at(1, 1): .key(.escape)])
    }

    @Test func everythingIsRead() throws {
        let profile = try read("""
            chip = "expander"
            [matrix]
            rows = [1]
            row_chip = ["a", "b"]
            columns = [3]
            active_level = "high"
            settle_us = 2.5
            scan_interval_us = 2000
            diodes = true
            keys = [["KEY_Q"]]
            [debounce]
            method = "asym_eager_defer_pk"
            press_ms = 1.5
            release_ms = 20
            [repeat]
            delay_ms = 400
            per_second = 12.5
            keys = "all"
            [[direct]]
            line = "BUTTON"
            key = "page"
            [[direct]]
            line = 9
            chip = "gpiochip3"
            active_level = "high"
            key = "model-off"
            [[direct]]
            line = 10
            key = "paper"
            [[chord]]
            keys = ["page", "KEY_Q"]
            gives = "new"
            [[output]]
            line = 8
            use = "thinking"
            [[knob]]
            sets = "temperature"
            from = 0
            to = 1.5
            adc = "/a"
            high = 1023
            [[knob]]
            sets = "max_tokens"
            from = 500
            to = 20
            device = "/b"
            """)
        #expect(profile.wiring.rows == [GPIOLine("1", chips: ["a", "b"], isActiveLow: false, pull: .asIs)])
        #expect(profile.wiring.columns == [GPIOLine("3", chips: ["expander"], isActiveLow: false, pull: .down)])
        #expect(profile.wiring.direct == [
            GPIOLine("BUTTON", chips: ["expander"], isActiveLow: true, pull: .up), GPIOLine("9", chips: ["gpiochip3"], isActiveLow: false, pull: .down),
            GPIOLine("10", chips: ["expander"], isActiveLow: true, pull: .up),
        ])
        #expect(profile.wiring.settle == 2_500)
        #expect(profile.settings.interval == 2_000_000 && profile.settings.hasDiodes)
        #expect(profile.settings.debounce == .asymmetricEagerDeferPerKey)
        #expect(profile.settings.press == 1_500_000 && profile.settings.release == 20_000_000)
        #expect(profile.settings.repeats == KeyRepeat(delay: 400_000_000, interval: 80_000_000, codes: nil))
        #expect(profile.keymap.bindings[at(1, 1)] == .toggle(.modelOff, .modelOn))
        #expect(profile.keymap.bindings[at(1, 2)] == .toggle(.page, .noPaper))
        #expect(profile.keymap.chords == [Chord([at(1, 0), at(0, 0)], gives: .key(.newConversation))])
        #expect(profile.knobs.map(\.device) == [.adc(path: "/a", low: 0, high: 1023), .encoder(path: "/b", steps: 24)])
        var adjustments = Adjustments()
        for knob in profile.knobs { knob.adjust(&adjustments, 0.25) }
        #expect(adjustments == Adjustments(temperature: 0.375, maximumTokens: 380))
        #expect(profile.outputs.map(\.use) == [.thinking])
        #expect(profile.outputs.map(\.line) == [GPIOLine("8", chips: ["expander"], isActiveLow: false, pull: .down)])
    }

    private static let shipped = SharedFiles.root.appending(path: "hardware/keyboards")

    @Test func shippedProfilesAreInOrder() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.shipped.path).filter { $0.hasSuffix(".toml") }
        #expect(Set(files).isSuperset(of: ["brother-ax-25.toml", "brother-sx-4000.toml", "generic-4x4.toml", "generic-8x8.toml"]))
        for file in files {
            let profile = try KeyboardProfile(Self.shipped.appending(path: file).path)
            #expect(!profile.isVerified)
            #expect(!profile.name.isEmpty)
            let lines = (profile.wiring.rows + profile.wiring.columns + profile.wiring.direct).map(\.line)
            #expect(Set(lines).count == lines.count, "\(file) names a line twice")
            let codes = profile.keymap.bindings.values.filter { $0 != .code(14) }
            #expect(Set(codes).count == codes.count, "\(file) has a key twice")
        }
    }

    @Test func whatWasLearnedIsReadAgain() throws {
        let learned = try LearnedMatrix([
            ("KEY_A", .diode(driven: 0, read: 3)), ("KEY_B", .diode(driven: 0, read: 1)), ("KEY_C", .diode(driven: 4, read: 3)), ("stop", .direct(2)),
        ])
        let lines = ["4", "GPIO\"5\"", "6", "7", "8"]
        let profile = try read(learned.profile(name: "mine\n\\", chips: ["a", "b\u{1}"], lines: lines))
        #expect(profile.name == "mine \\")
        #expect(profile.wiring.rows.map(\.line) == ["4", "8"])
        #expect(profile.wiring.columns.map(\.line) == ["GPIO\"5\"", "7"])
        #expect(profile.wiring.direct == [GPIOLine("6", chips: ["a", "b "], isActiveLow: true, pull: .up)])
        #expect(profile.settings.hasDiodes)
        #expect(profile.keymap.bindings == [
            at(0, 0): .code(48), at(0, 1): .code(30), at(1, 1): .code(46), at(2, 0): .key(.escape),
        ])
    }

    @Test func aMissingChipIsNamedWithThoseThatAreThere() throws {
        var section = Settings.KeyboardSection()
        section.kind = "matrix"
        #expect(throws: TypewriterError.self) { try section.open() }
        let file = FileManager.default.temporaryDirectory.appending(path: "platen-\(UUID()).toml")
        try ("chip = [\"nobody\", \"no one\"]\n" + matrix).write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        section.profile = file.path
        let error = #expect(throws: TypewriterError.self) { try section.open() }
        #expect(error?.description.contains(": no GPIO chip is called nobody or no one: ") == true)
        #expect(error?.status == .ioError)
    }

    @Test("Beside a keyboard of another kind there may be lamps alone, or buttons")
    func besides() throws {
        let path = NSTemporaryDirectory() + "platen-lamps-\(UUID()).toml"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try "chip = \"no such chip\"\n[[output]]\nline = 1\nuse = \"status\"\n".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: TypewriterError.self) { try KeyboardProfile(path) }
        var keyboard = Settings().keyboard
        keyboard.profile = path
        #expect(try keyboard.outputs().isEmpty, "a terminal has none")
        keyboard.kind = "evdev"
        #expect(try keyboard.outputs().map(\.use) == [.status])
        #expect(try keyboard.buttons() == nil)
        try "chip = \"no such chip\"\n[[direct]]\nline = 1\nkey = \"page\"\n".write(toFile: path, atomically: true, encoding: .utf8)
        // That they are opened shows in that there is no such chip.
        let open = try #require(try keyboard.buttons())
        let error = #expect(throws: TypewriterError.self) { try open() }
        #expect(try #require(error).description.contains("no such chip"))
        keyboard.kind = "matrix"
        #expect(try keyboard.buttons() == nil)
    }
}
