import Glibc
import Keyboard
import Logging
import Synchronization
import Testing
@testable import Typewriter

/// With signals that nothing else here uses.
@Suite("Waiting for paper, and for signals", .serialized)
struct SurroundingsTests {
    private let machine = Machine()
    private let lines = LogLines()

    private func surroundings(_ ending: SignalListener?) -> Surroundings {
        Surroundings(machine: machine, manager: nil, ending: ending, reload: nil, logger: lines.logger)
    }

    private final class Lamp: Sendable {
        let switched = Mutex<[Bool]>([])
        func panel(_ machine: Machine) -> SignalPanel {
            let panel = SignalPanel([.status]) { _, isOn, _ in
                self.switched.withLock { $0.append(isOn) }
                return nil
            }
            machine.observe(panel.show)
            return panel
        }
    }

    @Test("Until the paper is there, lamps blink for it, and the log says once why")
    func blinks() throws {
        let lamp = Lamp()
        var attempts = 0
        let paper = try surroundings(SignalListener([SIGUSR1])).waitForPaper(lamp.panel(machine)) { () throws(TypewriterError) in
            attempts += 1
            if attempts < 3 { throw TypewriterError("no chip", status: .ioError) }
            return "paper"
        }
        #expect(paper == "paper" && attempts == 3)
        // Two flashes and a pause take 2.2 seconds, the waiting four.
        #expect(lamp.switched.withLock { $0.count { !$0 } } >= 3)
        #expect(lines.all == ["error: the printer is waited for: no chip", "notice: the printer is there"])
        #expect(machine.state == .starting)
    }

    @Test("A signal ends the waiting at once")
    func signal() throws {
        let ending = try SignalListener([SIGUSR1, SIGUSR2])
        let start = monotonicNanoseconds()
        let paper = try surroundings(ending).waitForPaper(Lamp().panel(machine)) { () throws(TypewriterError) -> String in
            kill(getpid(), SIGUSR2)
            throw TypewriterError("no chip", status: .ioError)
        }
        #expect(paper == nil && machine.state == .ending)
        #expect(monotonicNanoseconds() - start < 1_500_000_000)
    }

    @Test("Wrong settings are not waited for, and at a terminal nothing is")
    func refused() throws {
        func wait(_ ending: SignalListener?, _ status: TypewriterError.ExitStatus) throws {
            _ = try surroundings(ending).waitForPaper(Lamp().panel(machine)) { () throws(TypewriterError) -> String in
                throw TypewriterError("wrong", status: status)
            }
        }
        #expect(throws: TypewriterError.self) { try wait(SignalListener([SIGUSR1]), .configuration) }
        #expect(throws: TypewriterError.self) { try wait(nil, .ioError) }
    }

    @Test("Each listener hears its own signals, several at once as one")
    func listeners() throws {
        let (first, second) = (try SignalListener([SIGUSR1]), try SignalListener([SIGUSR2]))
        var heard: [String] = []
        first.onSignal = { heard.append("first") }
        second.onSignal = { heard.append("second") }
        var events: [KeyEvent] = []
        func read() { for listener in [first, second] { listener.read(at: 0, into: &events) } }
        read()
        #expect(heard.isEmpty)
        for _ in 0..<3 { kill(getpid(), SIGUSR1) }
        // Another thread may be the one that is interrupted.
        for _ in 0..<10_000 where heard.isEmpty {
            usleep(1000)
            read()
        }
        #expect(Set(heard) == ["first"])
        heard = []
        kill(getpid(), SIGUSR2)
        for _ in 0..<10_000 where heard.isEmpty {
            usleep(1000)
            read()
        }
        #expect(heard == ["second"] && events.isEmpty)
    }
}
