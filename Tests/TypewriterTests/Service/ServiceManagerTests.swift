import Foundation
import Keyboard
import TestSupport
import Testing

@testable import Typewriter

@Suite struct ServiceManagerTests {
    private static func path() -> String { FileManager.default.temporaryDirectory.appending(path: "platen-notify-\(UUID())").path }

    @Test(arguments: [path(), "@platen-test-\(UUID())"])
    func hearsReadinessAndSignsOfLife(name: String) throws {
        let receiver = try DatagramReceiver(name)
        defer { unlink(name) }
        let manager = try #require(ServiceManager(socket: name))
        manager.isReady()
        manager.isAlive()
        manager.needsTime(seconds: 10)
        manager.isReloading(at: 5_000_000)
        #expect(receiver.lines() == ["READY=1"])
        #expect(receiver.lines() == ["WATCHDOG=1"])
        #expect(receiver.lines() == ["EXTEND_TIMEOUT_USEC=10000000"])
        #expect(receiver.lines() == ["RELOADING=1", "MONOTONIC_USEC=5000"])
    }

    @Test func followsWhatTheMachineDoesInOneLineEach() throws {
        let name = "@platen-test-\(UUID())"
        let receiver = try DatagramReceiver(name)
        let manager = try #require(ServiceManager(socket: name))
        let machine = Machine()
        manager.follow(machine)
        #expect(receiver.lines() == ["STATUS=starting"])
        machine.turn(to: .typing)
        #expect(receiver.lines() == ["STATUS=ready"])
        machine.lack(.model, "gone\nREADY=1")
        #expect(receiver.lines() == ["STATUS=waits for the model: goneREADY=1"])
        machine.turn(to: .ending)
        #expect(receiver.lines() == ["STOPPING=1", "STATUS=ending"])
        machine.turn(to: .typing)
        #expect(receiver.lines() == nil)
    }

    @Test(arguments: [
        (nil, nil), ("", nil), ("0", nil), ("-5", nil), ("abc", nil), ("99999999999999999999", nil),
        ("2000000", 1_000_000_000), ("18446744073709551615", 1_800_000_000_000),
    ] as [(String?, UInt64?)])
    func wantsSignsOfLifeTwiceAsOftenAsItMust(watchdog: String?, heartbeat: UInt64?) throws {
        #expect(try #require(ServiceManager(socket: "@platen-test", watchdog: watchdog)).heartbeat == heartbeat)
    }

    @Test(arguments: ["", "relative", "@", "/", "vsock:2:1234", "/" + String(repeating: "x", count: 200)])
    func isNobodyWithoutAnAddress(name: String) {
        #expect(ServiceManager(socket: name) == nil)
    }

    @Test func doesNotMindThatNobodyListens() throws {
        let manager = try #require(ServiceManager(socket: Self.path()))
        manager.isReady()
    }

    @Test func beatsWhenItIsTimeAndNeverKeepsASessionAlive() {
        var beats = 0
        let heartbeat = Heartbeat(every: 100) { beats += 1 }
        var events: [KeyEvent] = []
        for (time, expected) in [(1000, 1), (1050, 1), (1100, 2), (5000, 3), (5099, 3)] as [(UInt64, Int)] {
            heartbeat.read(at: time, into: &events)
            #expect(beats == expected)
        }
        #expect(heartbeat.deadline == 5100)
        #expect(!heartbeat.givesKeys)
        #expect(events.isEmpty)
    }
}
