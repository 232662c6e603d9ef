import Foundation
import Keyboard
import Synchronization
import Testing
@testable import Typewriter

@Suite("Lamps")
struct LampTests {
    private static let states: [(name: String, state: MachineState)] = [
        ("starts", .starting), ("is ready", .ready), ("is a plain typewriter: the model is off", .plainTypewriter), ("thinks", .thinking),
        ("prints an answer", .printing), ("needs a new sheet, and the page key", .needsSheet),
        ("waits for the printer", .waiting(for: .printer, why: "")), ("waits for the model", .waiting(for: .model, why: "")),
        ("waits for the keyboard", .waiting(for: .keyboard, why: "")), ("has ended", .ending),
    ]

    /// Four seconds of a lamp, a sign for a tenth.
    private static func drawing(_ pattern: LampPattern) -> String {
        (0..<40).map { pattern.phase(after: $0 * 100_000_000).isOn ? "█" : "·" }.joined()
    }

    @Test("docs/lamps.md shows what each lamp does")
    func document() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/lamps.md")
        let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n").map(String.init)
        for (name, state) in Self.states {
            #expect(lines.contains("| \(name) | `\(Self.drawing(state.pattern(of: .status)))` |"))
        }
        let others: [(KeyboardProfile.Output, String)] = [(.ready, "ready"), (.thinking, "thinking"), (.page, "page"), (.missing, "missing")]
        for (lamp, name) in others {
            let row = try #require(lines.first { $0.hasPrefix("| `\(name)` |") })
            for (_, state) in Self.states where state.pattern(of: lamp) != .off {
                #expect(row.contains(state.pattern(of: lamp) == .on ? "on while" : Self.drawing(state.pattern(of: lamp)) == Self.drawing(.fast) ? "fast" : "flashes"))
            }
        }
    }

    @Test("States that somebody must tell apart look different on one lamp")
    func distinct() {
        let drawings = Self.states.filter { $0.state != .printing }.map { Self.drawing($0.state.pattern(of: .status)) }
        #expect(Set(drawings).count == drawings.count)
    }

    @Test("A pattern says when it changes, and begins anew after its end")
    func phases() {
        let pattern = LampPattern.flashes(2)
        var (time, phases): (UInt64, [String]) = (0, [])
        for _ in 0..<6 {
            let phase = pattern.phase(after: time)
            phases.append("\(phase.isOn ? "on" : "off") \((phase.lasts ?? 0) / 1_000_000)")
            time += phase.lasts ?? 0
        }
        #expect(phases == ["on 200", "off 300", "on 200", "off 1500", "on 200", "off 300"])
        #expect(pattern.phase(after: 250_000_000).lasts == 250_000_000)
        #expect(LampPattern.on.phase(after: .max).lasts == nil && LampPattern.off.phase(after: 0).lasts == nil)
        #expect(pattern.phase(after: .max).lasts != nil)
    }

    /// A panel at a time of its own, and what it switched.
    private final class Bench: Sendable {
        let time = Atomic<UInt64>(1_000_000_000)
        let switched = Mutex<[String]>([])

        func panel(_ outputs: [KeyboardProfile.Output]) -> SignalPanel {
            SignalPanel(outputs, now: { self.time.load(ordering: .relaxed) }) { use, isOn, _ in
                self.switched.withLock { $0.append("\(use) \(isOn ? "on" : "off")") }
                return nil
            }
        }

        func take() -> [String] {
            switched.withLock { switched in
                defer { switched = [] }
                return switched
            }
        }

        /// Goes on to what the panel waits for; returns the milliseconds until then.
        func advance(_ panel: SignalPanel) throws -> UInt64 {
            let due = try #require(panel.deadline)
            let before = time.exchange(due, ordering: .relaxed)
            var events: [KeyEvent] = []
            panel.read(at: due, into: &events)
            return (due - before) / 1_000_000
        }
    }

    @Test("A lamp that does not blink is never asked about, nor is one that is not there")
    func quiet() {
        let bench = Bench()
        let panel = bench.panel([.status])
        panel.show(.ready)
        #expect(panel.deadline == nil && bench.take() == ["status on"])
        let bare = bench.panel([])
        bare.show(.needsSheet)
        #expect(bare.deadline == nil && bench.take() == [])
        #expect(!panel.givesKeys)
    }

    @Test("A lamp blinks in time, and another state begins its own pattern at once")
    func blinking() throws {
        let bench = Bench()
        let panel = bench.panel([.status])
        panel.show(.thinking)
        #expect(bench.take() == ["status on"])
        #expect(try bench.advance(panel) == 1000)
        #expect(bench.take() == ["status off"])
        bench.time.add(300_000_000, ordering: .relaxed)
        panel.show(.waiting(for: .printer, why: "no paper"))
        #expect(bench.take() == ["status on"])
        // Another reason is not another pattern: it goes on.
        bench.time.add(100_000_000, ordering: .relaxed)
        panel.show(.waiting(for: .printer, why: "cover open"))
        #expect(try (0..<4).map { _ in try bench.advance(panel) } == [100, 300, 200, 1500])
        #expect(bench.take() == ["status off", "status on", "status off", "status on"])
        panel.show(.ending)
        #expect(bench.take() == ["status off"] && panel.deadline == nil)
    }

    @Test("The bell rings once when a sheet is wanted, beside the blinking lamp")
    func bell() throws {
        let bench = Bench()
        let panel = bench.panel([.page, .bell])
        #expect(bench.take() == ["page off", "bell off"], "whatever they were before")
        panel.show(.printing)
        #expect(bench.take() == [])
        panel.show(.needsSheet)
        #expect(bench.take() == ["page on", "bell on"])
        #expect(try bench.advance(panel) == 150 && bench.take() == ["bell off"])
        #expect(try bench.advance(panel) == 50 && bench.take() == ["page off"])
        panel.show(.printing)
        #expect(bench.take() == [] && panel.deadline == nil)
        panel.ring()
        #expect(bench.take() == ["bell on"])
        #expect(try bench.advance(panel) == 150 && bench.take() == ["bell off"] && panel.deadline == nil)
    }
}
