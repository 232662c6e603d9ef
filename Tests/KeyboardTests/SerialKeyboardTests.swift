import Foundation
import Glibc
@testable import Keyboard
import TestSupport
import Testing

@Suite(.enabled(if: TerminalSupport.hasAnyRate, "needs serial lines of any rate, which this system does not have"))
struct SerialKeyboardTests {
    private let second: UInt64 = 1_000_000_000

    @Test func keysArriveAsBytesAndAreNotEchoed() throws {
        let socket = Socket()
        let terminal = socket.plug()
        let waiter = try KeyWaiter([socket.keyboard()])
        terminal.type("aé\r\n\u{3}\u{1B}[A\u{11}")
        var keys: [Key] = []
        while keys.count < 5 {
            let events = try waiter.wait(until: monotonicNanoseconds() + 5 * second)
            guard !events.isEmpty else { break }
            keys += events.map(\.key)
        }
        #expect(keys == [.text("a"), .text("é"), .return, .interrupt, .up])
        #expect(terminal.shown() == "")
    }

    @Test(arguments: [
        (SerialEncoding.ascii, [0xC1, 0x42, 0x8D], [Key.text("A"), .text("B"), .return]),
        (.utf8, [0xC3, 0xA9], [.text("é")]), (.ita2, [0x1B, 0x05], [.text("'")]), (.ustty, [0x1B, 0x0B], [.text("'")]),
    ] as [(SerialEncoding, [UInt8], [Key])])
    func encodings(_ encoding: SerialEncoding, _ bytes: [UInt8], _ keys: [Key]) throws {
        let socket = Socket()
        let terminal = socket.plug()
        let keyboard = try socket.keyboard(encoding)
        #expect(try terminal.send(bytes[...], to: keyboard, at: 0) == keys)
    }

    /// A sequence whose bytes come as slowly as the line is one key; what comes later than that are keys.
    @Test func escapeSequencesOfASlowLine() throws {
        let socket = Socket()
        let terminal = socket.plug()
        var settings = Socket.settings
        (settings.baud, settings.data_bits, settings.parity, settings.stop_bits) = (110, 7, UInt8(ascii: "E"), 2)
        let keyboard = try SerialKeyboard(path: socket.path, settings: settings, encoding: .ascii)
        var keys: [Key] = []
        let characterTime = second * 11 / 110
        for (index, byte) in "\u{1B}[A".utf8.enumerated() {
            keys += try terminal.send([byte], to: keyboard, at: UInt64(index) * characterTime)
        }
        #expect(keys == [.up])
        #expect(try terminal.send([0x1B], to: keyboard, at: 10 * second) == [])
        let deadline = try #require(keyboard.deadline)
        #expect(deadline > 10 * second + characterTime && deadline < 11 * second)
        var events: [KeyEvent] = []
        try keyboard.read(at: deadline, into: &events)
        #expect(events == [KeyEvent(time: deadline, key: .escape)])
    }

    // MARK: Unplugged

    @Test func aLineThatIsNotThereIsWaitedForWithoutHurry() throws {
        let socket = Socket()
        let keyboard = try socket.keyboard()
        var events: [KeyEvent] = []
        var now: UInt64 = 1
        for _ in 0..<10 {
            try keyboard.read(at: now, into: &events)
            #expect(!keyboard.isConnected && keyboard.descriptor == nil)
            // Asking sooner is never wanted.
            let deadline = try #require(keyboard.deadline)
            #expect(deadline >= now + 100_000_000)
            now = deadline
        }
        let terminal = socket.plug()
        try keyboard.read(at: now, into: &events)
        #expect(keyboard.isConnected)
        #expect(try terminal.send(Array("x".utf8)[...], to: keyboard, at: now) == [.text("x")])
    }

    @Test func aKeyWaiterOutlivesAnUnpluggedLine() throws {
        let socket = Socket()
        let waiter = try KeyWaiter([socket.keyboard()])
        socket.plug().type("a")
        #expect(try waiter.wait(until: monotonicNanoseconds() + 10 * second).map(\.key) == [.text("a")])
        socket.unplug()
        #expect(try waiter.wait(until: monotonicNanoseconds() + 50_000_000) == [])
        #expect(!waiter.isEnded)
        socket.plug().type("b")
        #expect(try waiter.wait(until: monotonicNanoseconds() + 10 * second).map(\.key) == [.text("b")])
    }

    /// A thousand times, at any byte: in a word, in a character, in a line's end.
    @Test(arguments: [1, 2, 3]) func unpluggingLosesNothingThatWasReceived(_ seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        let socket = Socket()
        let keyboard = try socket.keyboard()
        let words = ["Grüße ", "a", "打字机", "\r\n", "\r", "👩‍💻 ", "\t", "\u{7F}", "The quick brown fox."]
        let text = (0..<4_000).map { _ in words.randomElement(using: &random) ?? "" }.joined()
        var parser = EscapeParser()
        var expected: [Key] = []
        for byte in text.utf8 { parser.feed(byte, at: 0, into: &expected) }

        var rest = Array(text.utf8)[...]
        let cuts = Set((0..<1_000).map { _ in Int.random(in: 1..<rest.count, using: &random) }).union([rest.count]).sorted()
        var keys: [Key] = []
        var events: [KeyEvent] = []
        var now: UInt64 = 0
        for cut in cuts {
            let terminal = socket.plug()
            now += second
            try keyboard.read(at: now, into: &events)
            #expect(keyboard.isConnected)
            keys += try terminal.send(rest[..<cut], to: keyboard, at: now)
            rest = rest[cut...]
            socket.unplug()
            try keyboard.read(at: now, into: &events)
            #expect(!keyboard.isConnected)
            // Looked for in vain, now and then.
            if Bool.random(using: &random) { try keyboard.read(at: now + second / 2, into: &events) }
        }
        #expect(cuts.count > 950 && rest.isEmpty)
        #expect(events.isEmpty)
        // Not the lists themselves, which would fill a book.
        let isAllThere = keys == expected
        #expect(isAllThere)
    }

    // MARK: What cannot be

    @Test func aDeviceThatIsNoLineIsAnError() {
        #expect(throws: KeyboardError("cannot open the line /dev/null: Inappropriate ioctl for device; keyboard.device has to name a serial line")) {
            try SerialKeyboard(path: "/dev/null", settings: Socket.settings, encoding: .utf8)
        }
        #expect(throws: KeyboardError.self) { try SerialKeyboard(path: "/", settings: Socket.settings, encoding: .utf8) }
    }

    @Test func settingsOutOfRangeAreErrors() {
        let socket = Socket()
        _ = socket.plug()
        for (name, change) in [
            ("baud", { $0.baud = 0 }), ("data_bits", { $0.data_bits = 4 }), ("data_bits", { $0.data_bits = 9 }),
            ("parity", { $0.parity = 0 }), ("stop_bits", { $0.stop_bits = 3 }),
        ] as [(String, (inout SerialKeyboard.LineSettings) -> Void)] {
            var settings = Socket.settings
            change(&settings)
            #expect(throws: KeyboardError("keyboard.\(name): the line \(socket.path) cannot do this; choose another value")) {
                try SerialKeyboard(path: socket.path, settings: settings, encoding: .utf8)
            }
        }
    }

    @Test func anyBytes() throws {
        var random = SystemRandomNumberGenerator()
        for encoding in SerialEncoding.allCases {
            let socket = Socket()
            let terminal = socket.plug()
            let keyboard = try socket.keyboard(encoding)
            for round in 0..<50 {
                let bytes = (0..<Int.random(in: 1...200, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
                _ = try terminal.send(bytes[...], to: keyboard, at: UInt64(round) * second)
            }
            #expect(keyboard.isConnected)
        }
    }
}

/// Where a line is plugged in: a path that leads to a pseudo-terminal, or to nothing.
private final class Socket {
    static let settings = SerialKeyboard.LineSettings(
        baud: 9600, data_bits: 8, parity: UInt8(ascii: "N"), stop_bits: 1, has_xon_xoff: false, has_rts_cts: false)

    let path = FileManager.default.temporaryDirectory.appending(path: "platen-line-\(UUID())").path
    private var terminal: PseudoTerminal?

    deinit { unplug() }

    @discardableResult
    func plug() -> PseudoTerminal {
        let terminal = PseudoTerminal()
        var mode = terminal.mode
        cfmakeraw(&mode)
        tcsetattr(terminal.terminal, TCSANOW, &mode)
        precondition(symlink(terminal.name, path) == 0)
        self.terminal = terminal
        return terminal
    }

    func unplug() {
        unlink(path)
        terminal?.hangUp()
        terminal = nil
    }

    func keyboard(_ encoding: SerialEncoding = .utf8) throws -> SerialKeyboard {
        try SerialKeyboard(path: path, settings: Self.settings, encoding: encoding)
    }
}

extension PseudoTerminal {
    /// Sends bytes, and has the keyboard read them when they have arrived, which the kernel takes a moment for.
    fileprivate func send(_ bytes: ArraySlice<UInt8>, to keyboard: SerialKeyboard, at now: UInt64) throws -> [Key] {
        precondition(bytes.withUnsafeBytes { write(keys, $0.baseAddress, $0.count) } == bytes.count)
        var arrived: Int32 = 0
        for _ in 0..<5_000 where arrived < bytes.count {
            poll(nil, 0, 1)
            _ = ioctl(terminal, UInt(FIONREAD), &arrived)
        }
        #expect(Int(arrived) == bytes.count)
        var events: [KeyEvent] = []
        try keyboard.read(at: now, into: &events)
        return events.map(\.key)
    }
}
