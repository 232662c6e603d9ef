import Synchronization
import Testing

@testable import Typewriter

@Suite struct MachineTests {
    @Test func isStartingUntilItListens() {
        let machine = Machine()
        #expect(machine.state == .starting)
        machine.turn(to: .typing)
        #expect(machine.state == .ready)
    }

    @Test func saysFirstWhatSomebodyMustDoSomethingAbout() {
        let machine = Machine()
        machine.turn(to: .printing)
        machine.lack(.model, "no file")
        machine.needSheet(true)
        machine.lack(.printer, "no such device")
        machine.lack(.keyboard, "unplugged")
        #expect(machine.state == .waiting(for: .keyboard, why: "unplugged"))
        machine.lack(.keyboard, nil)
        #expect(machine.state == .waiting(for: .printer, why: "no such device"))
        machine.lack(.printer, nil)
        #expect(machine.state == .needsSheet)
        machine.needSheet(false)
        #expect(machine.state == .printing)
        machine.turn(to: .typing)
        #expect(machine.state == .waiting(for: .model, why: "no file"))
        machine.turnModel(false)
        #expect(machine.state == .plainTypewriter)
        machine.turn(to: .ending)
        #expect(machine.state == .ending)
    }

    @Test func tellsChangesOnceAndInOrder() {
        let machine = Machine()
        let heard = Mutex<[MachineState]>([])
        let seen = { heard.withLock { $0 } }
        machine.observe { state in heard.withLock { $0.append(state) } }
        machine.turn(to: .typing)
        machine.turn(to: .typing)
        machine.lack(.printer, nil)
        machine.turn(to: .thinking)
        machine.turn(to: .printing)
        machine.turn(to: .typing)
        #expect(seen() == [.starting, .ready, .thinking, .printing, .ready])
    }

    @Test func everyStateIsOneLine() {
        let states: [MachineState] = [
            .starting, .waiting(for: .model, why: "gone"), .ready, .thinking, .printing, .needsSheet, .plainTypewriter, .ending,
        ]
        #expect(Set(states.map(\.name)).count == states.count)
        #expect(states.allSatisfy { !$0.description.isEmpty && !$0.description.contains("\n") })
    }
}
