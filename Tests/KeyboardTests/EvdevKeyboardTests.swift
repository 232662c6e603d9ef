import Foundation
import Glibc
@testable import Keyboard
import Testing

@Suite struct EvdevKeyboardTests {
    private let second: UInt64 = 1_000_000_000

    @Test func keysOfEveryDeviceArriveWithTheKernelsTime() throws {
        let machine = Machine()
        let (first, other) = (machine.plug("event0"), machine.plug("event3"))
        let waiter = try KeyWaiter([machine.keyboard()])
        first.send(.key(code: 30, value: 1, time: 111), .other, .key(code: 30, value: 0, time: 222))
        #expect(try waiter.wait(until: monotonicNanoseconds() + 5 * second) == [
            KeyEvent(time: 111, key: .code(30)), KeyEvent(time: 222, key: .code(30), action: .release),
        ])
        other.send(.key(code: 31, value: 1, time: 333), .key(code: 31, value: 2, time: 444))
        #expect(try waiter.wait(until: monotonicNanoseconds() + 5 * second) == [
            KeyEvent(time: 333, key: .code(31)), KeyEvent(time: 444, key: .code(31), action: .repetition),
        ])
    }

    @Test func devicesComeAndGo() throws {
        let machine = Machine()
        let keyboard = try machine.keyboard()
        let waiter = try KeyWaiter([keyboard])
        #expect(!keyboard.isConnected)
        for round in 0..<3 {
            let device = machine.plug("event\(round % 2)")
            device.send(.key(code: 30, value: 1, time: 1))
            #expect(try waiter.wait(until: monotonicNanoseconds() + 5 * second).map(\.key) == [.code(30)])
            #expect(keyboard.isConnected)
            // Held down while it is pulled out.
            machine.unplug(device)
            let events = try waiter.wait(until: monotonicNanoseconds() + 5 * second)
            #expect(events.map(\.key) == [.code(30)] && events.map(\.action) == [.release])
            #expect(!keyboard.isConnected && !waiter.isEnded)
        }
    }

    @Test func withoutADeviceItWaitsForTheDirectoryToChange() throws {
        let machine = Machine()
        let keyboard = try machine.keyboard()
        #expect(try settles(keyboard) != nil)
        _ = machine.plug("event7")
        var events: [KeyEvent] = []
        try keyboard.read(at: 0, into: &events)
        #expect(keyboard.isConnected)
        // For a while more: links come later.
        #expect(try settles(keyboard) != nil)
    }

    @Test func whatIsNotInTheDirectoryIsLookedForWithoutHurry() throws {
        let machine = Machine()
        let path = machine.directory + "/by-id/keyboard"
        let keyboard = try EvdevKeyboard(layout: Codes(), directory: machine.directory, path: path, open: machine.open)
        #expect(try settles(keyboard) == nil)
        machine.link(machine.plug("event0"), to: path)
        var events: [KeyEvent] = []
        try keyboard.read(at: keyboard.deadline ?? 0, into: &events)
        #expect(keyboard.isConnected)
        #expect(try settles(keyboard) != nil)
    }

    /// After how many calls it wants no more of them; nil after many. Between two there is always some time.
    private func settles(_ keyboard: EvdevKeyboard) throws -> Int? {
        var now: UInt64 = 0
        for count in 0..<100 {
            guard let deadline = keyboard.deadline else { return count }
            now = max(now, deadline)
            var events: [KeyEvent] = []
            try keyboard.read(at: now, into: &events)
            if let next = keyboard.deadline { #expect(next >= now + 100_000_000) }
        }
        return nil
    }

    @Test func aDirectoryThatAppearsLaterIsFound() throws {
        let machine = Machine()
        try FileManager.default.removeItem(atPath: machine.directory)
        let keyboard = try machine.keyboard()
        try FileManager.default.createDirectory(atPath: machine.directory, withIntermediateDirectories: true)
        _ = machine.plug("event0")
        var events: [KeyEvent] = []
        try keyboard.read(at: second, into: &events)
        #expect(keyboard.isConnected)
    }

    @Test func lampsFollowTheLayout() throws {
        struct Layout: KeyLayout {
            var locks: KeyLocks = []
            mutating func keys(for code: UInt16, _ action: KeyEvent.Action) -> [Key] {
                if code == 58, action == .press { locks.formSymmetricDifference(.capitals) }
                return []
            }
        }
        let machine = Machine()
        let device = machine.plug("event0")
        let keyboard = try EvdevKeyboard(layout: Layout(), directory: machine.directory, open: machine.open)
        #expect(device.lamps == [])
        var events: [KeyEvent] = []
        device.send(.key(code: 58, value: 1, time: 1))
        try keyboard.read(at: 1, into: &events)
        #expect(device.lamps == .capitals)
        // One that comes later shows the same.
        let other = machine.plug("event1")
        try keyboard.read(at: 2, into: &events)
        #expect(other.lamps == .capitals)
        device.send(.key(code: 58, value: 0, time: 1), .key(code: 58, value: 1, time: 1))
        try keyboard.read(at: 3, into: &events)
        #expect(device.lamps == [] && other.lamps == [])
    }

    @Test func whatCannotBeOpenedIsAnErrorOnlyWhereNothingElseCan() throws {
        let machine = Machine()
        _ = machine.plug("event0")
        func open(_ path: String) throws(KeyboardError) -> (any InputSource)? {
            if path.hasSuffix("event1") { return machine.open(path) }
            throw KeyboardError("not allowed")
        }
        #expect(throws: KeyboardError("not allowed")) {
            try EvdevKeyboard(layout: Codes(), directory: machine.directory, open: open)
        }
        _ = machine.plug("event1")
        #expect(try EvdevKeyboard(layout: Codes(), directory: machine.directory, open: open).isConnected)
    }

    @Test func whatIsNoInputDeviceIsAnError() throws {
        let message = "/dev/null is no input device; keyboard.device has to name one of /dev/input, or be \"all\""
        #expect(throws: KeyboardError(message)) { try EvdevKeyboard(.path("/dev/null"), layout: Codes()) }
        #expect(throws: KeyboardError.self) { try EvdevKeyboard(.path("/etc/passwd"), layout: Codes()) }
        #expect(try !EvdevKeyboard(.path("/nowhere/event0"), layout: Codes()).isConnected)
        #expect(try !EvdevKeyboard(.name("no such keyboard"), layout: Codes()).isConnected)
    }

    @Test func selections() {
        #expect(EvdevKeyboard.Selection("all") == .all)
        #expect(EvdevKeyboard.Selection("/dev/input/by-id/usb-x-event-kbd") == .path("/dev/input/by-id/usb-x-event-kbd"))
        #expect(EvdevKeyboard.Selection("Acme Keyboard") == .name("Acme Keyboard"))
    }

    /// Whatever is reported: a key is pressed before it is released, and never twice.
    @Test func changesOfAKeyAlternate() {
        var random = SystemRandomNumberGenerator()
        var held = HeldKeys()
        var down: Set<UInt16> = []
        for _ in 0..<10_000 {
            let code = UInt16.random(in: 0...5, using: &random)
            switch held.change(code, Int32.random(in: -1...3, using: &random)) {
            case .press: #expect(down.insert(code).inserted)
            case .release: #expect(down.remove(code) != nil)
            case .repetition: #expect(down.contains(code))
            case nil: break
            }
        }
        #expect(held.releaseAll() == down.sorted())
        #expect(held.releaseAll() == [])
    }
}

/// Keys as numbers.
private struct Codes: KeyLayout {
    mutating func keys(for code: UInt16, _ action: KeyEvent.Action) -> [Key] { [.code(code)] }
}

/// A directory of devices, which are files here, and what they report.
private final class Machine {
    let directory = FileManager.default.temporaryDirectory.appending(path: "platen-input-\(UUID())").path
    private var devices: [String: Device] = [:]

    init() { try? FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func plug(_ name: String) -> Device {
        let device = Device(path: "\(directory)/\(name)")
        devices[device.path] = device
        _ = FileManager.default.createFile(atPath: device.path, contents: nil)
        return device
    }

    func unplug(_ device: Device) {
        unlink(device.path)
        devices[device.path] = nil
        device.send(.gone)
    }

    func link(_ device: Device, to path: String) { devices[path] = device }

    func open(_ path: String) -> (any InputSource)? { devices[path] }

    func keyboard() throws -> EvdevKeyboard {
        try EvdevKeyboard(layout: Codes(), directory: directory, open: open)
    }
}

private final class Device: InputSource {
    let path: String
    private let ends: (reading: Int32, writing: Int32)
    private var reports: [InputReport] = []
    private(set) var lamps: KeyLocks = .scrolling

    init(path: String) {
        self.path = path
        var ends: [Int32] = [0, 0]
        precondition(pipe(&ends) == 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0)
        self.ends = (ends[0], ends[1])
    }

    deinit {
        close(ends.reading)
        close(ends.writing)
    }

    var descriptor: Int32 { ends.reading }

    func send(_ new: InputReport...) {
        reports += new
        precondition(write(ends.writing, [UInt8](repeating: 0, count: new.count), new.count) == new.count)
    }

    func next() -> InputReport {
        var byte: UInt8 = 0
        return Glibc.read(ends.reading, &byte, 1) == 1 ? reports.removeFirst() : .nothing
    }

    func show(_ locks: KeyLocks) { lamps = locks }
}
