import Foundation
import Keyboard
import TestSupport
import Testing
@testable import Typewriter

@Suite("Keyboard settings")
struct KeyboardSettingsTests {
    @Test("What does not go together is said", arguments: [
        (
            "kind = \"serial\"",
            "platen.toml:2: keyboard.device must name the serial line, such as /dev/ttyAMA0 or a link in /dev/serial/by-id"
        ),
        (
            "kind = \"serial\"\ndevice = \"/dev/ttyS0\"\nencoding = \"ita2\"",
            "platen.toml:4: keyboard.encoding \"ita2\" has characters of 5 bits, not 8: set keyboard.data_bits = 5"
        ),
        ("baud = 0", "platen.toml:2: keyboard.baud 0 is not between 1 and 4000000"),
        ("baud = \"fast\"", "platen.toml:2: keyboard.baud \"fast\" is not a whole number"),
        ("data_bits = 9", "platen.toml:2: keyboard.data_bits 9 is not between 5 and 8"),
        ("parity = \"E\"", "platen.toml:2: keyboard.parity \"E\" is none of \"none\", \"even\", \"odd\", \"mark\", \"space\""),
        ("flow = true", "platen.toml:2: keyboard.flow true is not a text in quotation marks: \"none\", \"xon_xoff\", \"rts_cts\""),
        ("encoding = \"latin-1\"", "platen.toml:2: keyboard.encoding \"latin-1\" is none of \"utf-8\", \"ascii\", \"ita2\", \"ustty\""),
        ("shift_lock = \"caps\"", "platen.toml:2: keyboard.shift_lock \"caps\" is none of \"auto\", \"layout\", \"typewriter\""),
    ])
    func message(_ toml: String, _ message: String) {
        #expect(throws: TypewriterError(message, status: .configuration)) {
            try Settings(toml: "[keyboard]\n" + toml, file: "platen.toml")
        }
    }

    @Test("A serial line's settings arrive as the kernel wants them", arguments: [
        ("none", "N"), ("even", "E"), ("odd", "O"), ("mark", "M"), ("space", "S"),
    ])
    func line(_ name: String, _ letter: String) throws {
        let settings = try Settings(toml: """
            [keyboard]
            kind = "serial"
            device = "/dev/ttyUSB0"
            baud = 45
            data_bits = 5
            parity = "\(name)"
            stop_bits = 2
            flow = "rts_cts"
            encoding = "ustty"
            """, file: "x")
        let line = settings.keyboard.line.forKeyboard
        #expect(line.baud == 45 && line.data_bits == 5 && line.stop_bits == 2)
        #expect(line.parity == letter.utf8.first)
        #expect(!line.has_xon_xoff && line.has_rts_cts)
        #expect(settings.keyboard.isInteractive)
    }

    @Test("A line that is not there is waited for")
    func missingLine() throws {
        var settings = Settings()
        settings.keyboard.kind = KeyboardKind.serial.rawValue
        settings.keyboard.device = "/nowhere/ttyUSB0"
        let keyboard = try settings.keyboard.open()
        #expect(!keyboard.isConnected && keyboard.deadline != nil)
    }

    @Test("What is no line is an error", .enabled(if: TerminalSupport.hasAnyRate, "needs serial lines of any rate, which this system does not have"))
    func noLine() throws {
        var settings = Settings()
        settings.keyboard.kind = KeyboardKind.serial.rawValue
        settings.keyboard.device = "/dev/null"
        let error = #expect(throws: TypewriterError.self) { try settings.keyboard.open() }
        #expect(error?.description == "cannot open the line /dev/null: Inappropriate ioctl for device; keyboard.device has to name a serial line")
        #expect(error?.status == .ioError)
    }

    @Test("An unknown layout is an error of the settings")
    func unknownLayout() throws {
        var settings = Settings()
        settings.keyboard.kind = KeyboardKind.evdev.rawValue
        settings.keyboard.layout.layout = "dee"
        let error = #expect(throws: TypewriterError.self) { try settings.keyboard.open() }
        #expect(error?.status == .configuration)
        #expect(error?.description.contains("layout") == true)
    }

    @Test("A typewriter's own layout needs nothing installed, and has a typewriter's shift lock")
    func builtInLayout() throws {
        var keyboard = Settings.KeyboardSection()
        #expect(try keyboard.keyLayout(.typewriter) is USLayout)
        keyboard.layout.layout = "de"
        #expect((try? keyboard.keyLayout(.typewriter)) is USLayout == false)
    }
}
