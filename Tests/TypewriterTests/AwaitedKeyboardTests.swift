import Foundation
import Glibc
import Keyboard
import Logging
import Testing
@testable import Typewriter

@Suite("Keyboards that are waited for")
struct AwaitedKeyboardTests {
    private final class Plug: Keyboard {
        var isConnected = true
        var failure: KeyboardError?
        let descriptor: Int32? = nil
        let deadline: UInt64? = 7
        func read(at now: UInt64, into events: inout [KeyEvent]) throws(KeyboardError) {
            if let failure { throw failure }
            if isConnected { events.append(KeyEvent(time: now, key: .tab)) }
        }
    }

    private let lines = LogLines()
    private static let second: UInt64 = 1_000_000_000

    @Test("The log tells when it comes and goes, once each time")
    func reporting() throws {
        let plug = Plug()
        plug.isConnected = false
        var told: [String?] = []
        let keyboard = try AwaitedKeyboard("keyboard /dev/x", logger: lines.logger, onChange: { told.append($0) }) { plug }
        var events: [KeyEvent] = []
        for isConnected in [false, true, true, false, false, true] {
            plug.isConnected = isConnected
            try keyboard.read(at: 1, into: &events)
        }
        #expect(events.count == 3 && keyboard.isConnected && keyboard.deadline == 7)
        let (gone, there) = ("notice: keyboard /dev/x is not there; it is waited for", "notice: keyboard /dev/x is there")
        #expect(lines.all == [gone, there, gone, there])
        #expect(told == ["keyboard /dev/x is not there", nil, "keyboard /dev/x is not there", nil])
    }

    @Test("What keeps it from being opened is told, and tried again every two seconds")
    func opening() throws {
        let plug = Plug()
        var reasons = ["no chip", "no chip", "not permitted"]
        var attempts = 0
        let keyboard = try AwaitedKeyboard("a matrix", logger: lines.logger) { () throws(TypewriterError) in
            attempts += 1
            guard reasons.isEmpty else { throw TypewriterError(reasons.removeFirst(), status: .ioError) }
            return plug
        }
        #expect(!keyboard.isConnected && keyboard.descriptor == nil && keyboard.givesKeys)
        var events: [KeyEvent] = []
        var times: [UInt64] = []
        for time in stride(from: 10 * Self.second, to: 20 * Self.second, by: 1_000_000) where time >= keyboard.deadline ?? .max {
            let before = attempts
            try keyboard.read(at: time, into: &events)
            if attempts > before { times.append(time / Self.second) }
        }
        #expect(times == [10, 12, 14])
        #expect(keyboard.isConnected && !events.isEmpty)
        #expect(lines.all == ["error: no chip; it is waited for", "error: not permitted; it is waited for", "notice: a matrix is there"])
    }

    @Test("One that fails is opened again; the impatient get the error")
    func failing() throws {
        var plugs: [Plug] = []
        func open() -> Plug {
            plugs.append(Plug())
            return plugs[plugs.count - 1]
        }
        let keyboard = try AwaitedKeyboard("a matrix", logger: lines.logger) { open() }
        var events: [KeyEvent] = []
        plugs[0].failure = KeyboardError("burnt")
        try keyboard.read(at: Self.second, into: &events)
        #expect(!keyboard.isConnected && keyboard.deadline == 3 * Self.second)
        try keyboard.read(at: 3 * Self.second, into: &events)
        #expect(keyboard.isConnected && plugs.count == 2 && events.count == 1)
        let impatient = try AwaitedKeyboard("a matrix", isPatient: false, logger: lines.logger) { open() }
        plugs[2].failure = KeyboardError("burnt")
        #expect(throws: KeyboardError("burnt")) { try impatient.read(at: Self.second, into: &events) }
    }

    @Test("Wrong settings end the waiting before it begins, and so does all that is wrong for the impatient")
    func refused() {
        func open(_ isPatient: Bool, _ status: TypewriterError.ExitStatus) throws(TypewriterError) -> AwaitedKeyboard {
            try AwaitedKeyboard("a matrix", isPatient: isPatient, logger: lines.logger) { () throws(TypewriterError) in
                throw TypewriterError("wrong", status: status)
            }
        }
        #expect(throws: TypewriterError.self) { try open(true, .configuration) }
        #expect(throws: TypewriterError.self) { try open(false, .ioError) }
        #expect(throws: Never.self) { try open(true, .ioError) }
    }

    @Test("Knobs that come later adjust from then on")
    func knobs() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "platen-knobs-\(UUID())").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let (encoder, adc) = (directory + "/encoder", directory + "/adc")
        let profile = directory + "/knobs.toml"
        try """
            [[knob]]
            sets = "temperature"
            from = 0
            to = 2
            adc = "\(adc)"
            high = 100
            [[knob]]
            sets = "max_tokens"
            from = 1
            to = 100
            device = "\(encoder)"
            """.write(toFile: profile, atomically: true, encoding: .utf8)
        let panel = try KnobPanel(KeyboardProfile(profile, needsKeys: false).knobs, lines.logger)
        #expect(panel.adjustments.temperature == nil)
        #expect(lines.all.count == 2 && lines.all.allSatisfy { $0.hasPrefix("error: ") })
        try "50\n".write(toFile: adc, atomically: true, encoding: .utf8)
        #expect(panel.adjustments.temperature == 1)
        let knob = try #require(panel.keyboards.first)
        #expect(panel.keyboards.count == 1 && !knob.isConnected)
        try #require(mkfifo(encoder, 0o600) == 0)
        var events: [KeyEvent] = []
        try knob.read(at: Self.second, into: &events)
        #expect(knob.isConnected && lines.all.last == "notice: knob \(encoder) is there")
    }
}
