import Foundation
import Glibc
import Keyboard
import Testing

/// With a keyboard that the kernel makes for us.
@Suite(.enabled(if: UserInputDevice.isUsable, "needs /dev/uinput, and the permission to use it"), .serialized)
struct InputDeviceTests {
    private let second: UInt64 = 1_000_000_000

    @Test func aNamedKeyboardIsReadThroughItsLayout() throws {
        let device = UserInputDevice("Platen test \(getpid())")
        let keyboard = try connected(.name(device.name), layout: XKBLayout(XKBNames(layout: "de")))
        // AltGr and Q, then Y where Z is elsewhere.
        device.send([(100, 1), (16, 1), (16, 0), (100, 0), (44, 1), (44, 0)])
        let events = try keys(of: keyboard, count: 4)
        #expect(events.map(\.key) == [.text("@"), .text("@"), .text("y"), .text("y")])
        #expect(events.map(\.action) == [.press, .release, .press, .release])
        let now = monotonicNanoseconds()
        #expect(events.allSatisfy { $0.time <= now && now - $0.time < 60 * second })
    }

    @Test func aGrabbedKeyboardIsNobodyElses() throws {
        let device = UserInputDevice("Platen test \(getpid())")
        let keyboard = try connected(.name(device.name), layout: Codes())
        let message = "cannot have the keyboard \"\(device.name)\" alone: Device or resource busy; end the other program, or set keyboard.grab = false"
        #expect(throws: KeyboardError(message)) { try EvdevKeyboard(.name(device.name), layout: Codes()) }
        let other = try connected(.name(device.name), layout: Codes(), grabs: false)
        device.send([(30, 1), (30, 0)])
        #expect(try keys(of: keyboard, count: 2).map(\.key) == [.code(30), .code(30)])
        var events: [KeyEvent] = []
        try other.read(at: monotonicNanoseconds(), into: &events)
        #expect(events.isEmpty)
    }

    /// Whoever saw the key go down is to see it go up.
    @Test func aKeyboardIsNotGrabbedWhileAKeyIsHeld() throws {
        let device = UserInputDevice("Platen test \(getpid())")
        let other = try connected(.name(device.name), layout: Codes(), grabs: false)
        device.send([(28, 1)])
        #expect(try keys(of: other, count: 1).map(\.key) == [.code(28)])
        let keyboard = try connected(.name(device.name), layout: Codes())
        device.send([(28, 0)])
        var isReleased = false
        try wait(for: other) { isReleased } events: { isReleased = $0.action == .release }
        var events: [KeyEvent] = []
        try keyboard.read(at: monotonicNanoseconds(), into: &events)
        #expect(events.isEmpty)
        device.send([(30, 1)])
        #expect(try keys(of: keyboard, count: 1).map(\.key) == [.code(30)])
        try other.read(at: monotonicNanoseconds(), into: &events)
        #expect(events.isEmpty)
    }

    @Test func keysRepeatWhileTheyAreHeld() throws {
        let device = UserInputDevice("Platen test \(getpid())")
        let keyboard = try connected(.name(device.name), layout: Codes())
        device.send([(30, 1)])
        let events = try keys(of: keyboard, count: 4)
        #expect(events.map(\.action) == [.press, .repetition, .repetition, .repetition])
        device.send([(30, 0)])
        #expect(try keys(of: keyboard, count: 1).last.map { $0.action != .press } == true)
    }

    @Test func pluggingIsNoticed() throws {
        let name = "Platen test \(getpid())"
        let keyboard = try EvdevKeyboard(.name(name), layout: Codes())
        #expect(!keyboard.isConnected)
        for _ in 0..<3 {
            let device = UserInputDevice(name)
            try wait(for: keyboard) { keyboard.isConnected }
            device.send([(42, 1), (30, 1), (30, 0)])
            #expect(try keys(of: keyboard, count: 3).map(\.key) == [.code(42), .code(30), .code(30)])
            device.unplug()
            let events = try keys(of: keyboard, count: 1)
            #expect(events.map(\.key) == [.code(42)] && events.map(\.action) == [.release])
            #expect(!keyboard.isConnected)
        }
    }

    /// More than the kernel keeps: what is down at the end is known nevertheless.
    @Test func droppedEventsAreMadeUpFor() throws {
        let device = UserInputDevice("Platen test \(getpid())")
        let keyboard = try connected(.name(device.name), layout: Codes())
        for _ in 0..<2_000 { device.send([(31, 1), (31, 0)]) }
        device.send([(42, 1)])
        var down: Set<Key> = []
        try wait(for: keyboard) { down == [.code(42)] } events: { event in
            switch event.action {
            case .press: #expect(down.insert(event.key).inserted)
            case .release: #expect(down.remove(event.key) != nil)
            case .repetition: break
            }
        }
        #expect(down == [.code(42)])
    }

    @Test func everyKeyboardIsFound() throws {
        let device = UserInputDevice("Platen test \(getpid())")
        let keyboard = try connected(.all, layout: Codes())
        device.send([(30, 1)])
        #expect(try keys(of: keyboard, count: 1).map(\.key) == [.code(30)])
    }

    // MARK: Waiting

    /// A new device takes a moment to get its node.
    private func connected(_ selection: EvdevKeyboard.Selection, layout: any KeyLayout, grabs: Bool = true) throws -> EvdevKeyboard {
        let keyboard = try EvdevKeyboard(selection, layout: layout, grabs: grabs)
        try wait(for: keyboard) { keyboard.isConnected }
        return keyboard
    }

    private func keys(of keyboard: EvdevKeyboard, count: Int) throws -> [KeyEvent] {
        var events: [KeyEvent] = []
        try wait(for: keyboard) { events.count >= count } events: { events.append($0) }
        return events
    }

    private func wait(
        for keyboard: EvdevKeyboard, until isDone: () -> Bool, events use: (KeyEvent) -> Void = { _ in }
    ) throws {
        let waiter = try KeyWaiter([keyboard])
        let end = monotonicNanoseconds() + 20 * second
        while !isDone(), monotonicNanoseconds() < end {
            for event in try waiter.wait(until: monotonicNanoseconds() + second / 50) { use(event) }
        }
        #expect(isDone())
    }
}

/// Keys as numbers.
private struct Codes: KeyLayout {
    mutating func keys(for code: UInt16, _ action: KeyEvent.Action) -> [Key] { [.code(code)] }
}

/// A keyboard made by `uinput` (`Documentation/input/uinput.rst`; numbers from `linux/uinput.h`).
private final class UserInputDevice {
    let name: String
    private var descriptor: Int32

    static let isUsable: Bool = {
        let descriptor = open("/dev/uinput", O_WRONLY)
        if descriptor >= 0 { close(descriptor) }
        return descriptor >= 0
    }()

    init(_ name: String) {
        self.name = name
        descriptor = open("/dev/uinput", O_WRONLY | O_CLOEXEC)
        let setEventBit: UInt = 0x4004_5564, setKeyBit: UInt = 0x4004_5565, setup: UInt = 0x405C_5503, create: UInt = 0x5501
        for type: Int32 in [0x01, 0x14] { precondition(ioctl(descriptor, setEventBit, type) == 0) }  // EV_KEY, EV_REP
        for code: Int32 in 1...127 { precondition(ioctl(descriptor, setKeyBit, code) == 0) }
        // struct uinput_setup: bus, vendor, product and version, the name in 80 bytes, ff_effects_max.
        var description: [UInt8] = [0x03, 0, 0x34, 0x12, 0x78, 0x56, 1, 0] + name.utf8.prefix(79)
        description += [UInt8](repeating: 0, count: 92 - description.count)
        precondition(ioctl(descriptor, setup, &description) == 0)
        precondition(ioctl(descriptor, create) == 0)
    }

    deinit { unplug() }

    func unplug() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    /// Each change with a report of its own.
    func send(_ changes: [(code: UInt16, value: Int32)]) {
        for change in changes {
            let bytes = event(0x01, change.code, change.value) + event(0, 0, 0)  // EV_KEY, EV_SYN
            precondition(write(descriptor, bytes, bytes.count) == bytes.count)
        }
    }

    /// struct input_event: the time, which the kernel fills in, type, code and value.
    private func event(_ type: UInt16, _ code: UInt16, _ value: Int32) -> [UInt8] {
        [UInt8](repeating: 0, count: 2 * MemoryLayout<Int>.size) + [type, code].flatMap { withUnsafeBytes(of: $0, Array.init) }
            + withUnsafeBytes(of: value, Array.init)
    }
}
