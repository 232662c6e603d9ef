import Foundation
import Keyboard
import TestSupport
import Testing

private let hasData = FileManager.default.fileExists(atPath: "/usr/share/X11/xkb/rules/evdev.lst")
    && FileManager.default.fileExists(atPath: "/usr/share/X11/locale/en_US.UTF-8/Compose")

@Suite(.enabled(if: hasData, "needs the packages xkb-data and libx11-data")) struct XKBLayoutTests {
    @Test(arguments: Case.load("layouts.txt"))
    func type(_ example: Case) throws {
        let layout = try XKBLayout(
            XKBNames(
                layout: example.options["layout"] ?? "us", variant: example.options["variant"] ?? "",
                options: example.options["options"] ?? ""),
            shiftLock: example.options["lock"] == "typewriter" ? .typewriter : .layout)
        var lines: [String] = []
        for word in example.input.split(separator: " ") {
            for (code, action) in changes(word) {
                let keys = layout.keys(for: code, action)
                if action != .release { lines += keys.map { (action == .repetition ? "repeat " : "") + name($0) } }
            }
        }
        #expect(lines.joined(separator: "\n") == example.expected)
    }

    @Test func caseFileIsThere() {
        #expect(Case.load("layouts.txt").count > 25)
    }

    @Test func aReleaseGivesWhatThePressGave() throws {
        let layout = try XKBLayout(XKBNames(layout: "de"))
        #expect(layout.keys(for: 13, .press) == [])  // the dead acute
        #expect(layout.keys(for: 18, .press) == [.text("é")])
        #expect(layout.keys(for: 13, .release) == [])
        #expect(layout.keys(for: 18, .release) == [.text("é")])
        #expect(layout.keys(for: 18, .release) == [])
    }

    @Test func lampsShowTheLocks() throws {
        let layout = try XKBLayout(XKBNames(), shiftLock: .typewriter)
        #expect(layout.locks == .numbers)
        _ = layout.keys(for: 58, .press)
        #expect(layout.locks == [.numbers, .capitals])
        _ = layout.keys(for: 58, .release)
        _ = layout.keys(for: 42, .press)
        #expect(layout.locks == .numbers)
        let caps = try XKBLayout(XKBNames())
        for action in [KeyEvent.Action.press, .release] { _ = caps.keys(for: 58, action) }
        #expect(caps.locks == [.numbers, .capitals])
    }

    @Test(arguments: [
        (XKBNames(layout: "xx"), "keyboard.layout \"xx\" is unknown; the known ones are listed in /usr/share/X11/xkb/rules/evdev.lst"),
        (XKBNames(layout: "de", variant: "x"), "keyboard.variant \"x\" of layout \"de\" is unknown; the known ones are listed in /usr/share/X11/xkb/rules/evdev.lst"),
        (XKBNames(options: "ctrl:nocaps,caps:x"), "keyboard.options \"caps:x\" is unknown; the known ones are listed in /usr/share/X11/xkb/rules/evdev.lst"),
    ])
    func unknownNamesAreOneLine(_ names: XKBNames, _ message: String) {
        #expect(throws: KeyboardError(message)) { try XKBLayout(names) }
    }

    @Test(arguments: ["", ",", ",,,,,,,,", "de(", "%", "../../../../etc/passwd", "us\u{0}de", "\"", "a\nb", String(repeating: "us,", count: 200)])
    func hostileNamesAreALayoutOrOneLine(_ name: String) {
        for names in [XKBNames(layout: name), XKBNames(variant: name), XKBNames(options: name)] {
            do throws(KeyboardError) {
                _ = try XKBLayout(names).keys(for: 30, .press)
            } catch {
                #expect(error.description.hasPrefix("keyboard.") && !error.description.contains("\n"))
            }
        }
    }

    /// Any keys in any order: no trap, and all of them let go of, a key means what it meant.
    @Test(arguments: ["us", "de", "gr", "ir", "fr"]) func anyKeys(_ name: String) throws {
        var random = SeededGenerator(seed: 7)
        let layout = try XKBLayout(XKBNames(layout: name, options: "compose:menu"), shiftLock: .typewriter)
        for _ in 0..<20_000 {
            // Codes up to KEY_MAX and beyond.
            let code = Bool.random(using: &random) ? UInt16.random(in: 0...127, using: &random) : UInt16.random(in: 0...UInt16.max, using: &random)
            _ = layout.keys(for: code, [.press, .release, .repetition].randomElement(using: &random) ?? .press)
        }
        for code in 0...UInt16(800) { for _ in 0..<200 where !layout.keys(for: code, .release).isEmpty {} }
        #expect(layout.keys(for: 28, .press) == [.return])
    }

    private func changes(_ word: Substring) -> [(UInt16, KeyEvent.Action)] {
        if let code = codes[String(word)] { return [(code, .press), (code, .release)] }
        let actions: [Character: KeyEvent.Action] = ["+": .press, "-": .release, "*": .repetition]
        return [(codes[String(word.dropFirst())]!, actions[word.first!]!)]
    }

    /// `linux/input-event-codes.h`
    private let codes: [String: UInt16] = {
        var codes: [String: UInt16] = [
            "esc": 1, "backspace": 14, "tab": 15, "enter": 28, "ctrl": 29, "shift": 42, "rshift": 54, "alt": 56, "space": 57, "capslock": 58,
            "f1": 59, "numlock": 69, "kp7": 71, "kp+": 78, "kp.": 83, "f12": 88, "kpenter": 96, "altgr": 100, "home": 102, "up": 103,
            "pageup": 104, "left": 105, "right": 106, "end": 107, "down": 108, "pagedown": 109, "insert": 110, "delete": 111, "mute": 113,
            "logo": 125,
        ]
        for (first, row) in [(2, "1234567890-="), (16, "qwertyuiop[]"), (30, "asdfghjkl;'`"), (43, "\\zxcvbnm,./")] {
            for (index, character) in row.enumerated() { codes[String(character)] = UInt16(first + index) }
        }
        return codes
    }()
}
