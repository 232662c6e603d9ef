import Keyboard
import Logging
import Synchronization
import Testing
@testable import Typewriter

/// A chip that can be taken away, and what its lines are.
private final class Chip: Sendable {
    private struct State {
        var isThere = true
        var isOn: [String: Bool] = [:]
        var attempts = 0
    }

    private let state = Mutex(State())
    var isOn: [String: Bool] { state.withLock(\.isOn) }
    var attempts: Int { state.withLock(\.attempts) }

    func plug(_ isThere: Bool) { state.withLock { ($0.isThere, $0.isOn) = (isThere, [:]) } }

    func open(_ line: GPIOLine) throws(KeyboardError) -> (Bool) throws(KeyboardError) -> Void {
        state.withLock { $0.attempts += 1 }
        try set(line.line, false)
        return { (isOn) throws(KeyboardError) in try self.set(line.line, isOn) }
    }

    private func set(_ line: String, _ isOn: Bool) throws(KeyboardError) {
        let isThere = state.withLock { state in
            if state.isThere { state.isOn[line] = isOn }
            return state.isThere
        }
        if !isThere { throw KeyboardError("there is no such chip") }
    }
}

@Suite("Lamps on chips that come and go")
struct OutputLineTests {
    private let chip = Chip()
    private let lines = LogLines()
    private let time = Clock()

    private final class Clock: Sendable { let now = Atomic<UInt64>(1_000_000_000) }

    private func panel() -> SignalPanel {
        let lamps: [(KeyboardProfile.Output, GPIOLine)] = [(.status, GPIOLine("1", chips: [])), (.bell, GPIOLine("2", chips: []))]
        let outputs = OutputLines(lamps, lines.logger, open: chip.open)
        return SignalPanel(outputs.uses, now: { [time] in time.now.load(ordering: .relaxed) }, set: outputs.set)
    }

    private func wait(_ panel: SignalPanel, milliseconds: UInt64) {
        var events: [KeyEvent] = []
        for _ in 0..<milliseconds {
            let now = time.now.add(1_000_000, ordering: .relaxed).newValue
            if let due = panel.deadline, now >= due { panel.read(at: now, into: &events) }
        }
    }

    @Test("A lamp whose chip comes later shows then what the machine does, and nobody waits for it")
    func comesLater() {
        chip.plug(false)
        let panel = panel()
        panel.show(.ready)
        wait(panel, milliseconds: 5000)
        #expect(chip.attempts <= 8, "two lamps, every two seconds")
        #expect(panel.deadline != nil)
        chip.plug(true)
        wait(panel, milliseconds: 2100)
        #expect(chip.isOn == ["1": true, "2": false])
        #expect(panel.deadline == nil, "nothing is left to be done")
        #expect(lines.all == [
            "error: the keyboard's output status: there is no such chip", "error: the keyboard's output bell: there is no such chip",
            "notice: the keyboard's output status is there", "notice: the keyboard's output bell is there",
        ])
    }

    @Test("A lamp that blinks on a chip that goes and comes back goes on blinking, with two lines in the log")
    func comesBack() {
        let panel = panel()
        panel.show(.needsSheet)
        wait(panel, milliseconds: 1000)
        chip.plug(false)
        wait(panel, milliseconds: 5000)
        #expect(chip.isOn.isEmpty)
        chip.plug(true)
        var seen: Set<Bool> = []
        for _ in 0..<30 {
            wait(panel, milliseconds: 100)
            if let isOn = chip.isOn["1"] { seen.insert(isOn) }
        }
        #expect(seen == [true, false])
        #expect(lines.all == ["error: the keyboard's output status: there is no such chip", "notice: the keyboard's output status is there"])
    }
}
