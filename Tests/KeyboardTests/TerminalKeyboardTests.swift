import Glibc
import Keyboard
import Testing

@Suite struct TerminalKeyboardTests {
    private let second: UInt64 = 1_000_000_000

    @Test func keysArriveAtOnceAndAreNotEchoed() throws {
        let terminal = PseudoTerminal()
        let waiter = try KeyWaiter([TerminalKeyboard(descriptor: terminal.terminal)])
        _ = terminal.shown()
        terminal.type("aé\u{3}\u{1B}[A\r\u{13}\u{1A}")
        let events = try waiter.wait(until: monotonicNanoseconds() + 5 * second)
        #expect(events.map(\.key) == [.text("a"), .text("é"), .interrupt, .up, .return])
        #expect(terminal.shown() == "")
    }

    @Test func aLoneEscArrivesAfterItsTime() throws {
        let terminal = PseudoTerminal()
        let waiter = try KeyWaiter([TerminalKeyboard(descriptor: terminal.terminal, escapeTimeout: 30_000_000)])
        terminal.type("\u{1B}")
        let start = monotonicNanoseconds()
        let events = try waiter.wait(until: start + 5 * second)
        #expect(events.map(\.key) == [.escape])
        #expect(events[0].time >= start + 20_000_000)
    }

    @Test func theTerminalIsPutBack() throws {
        let terminal = PseudoTerminal()
        let before = terminal.mode
        do {
            let keyboard = try TerminalKeyboard(descriptor: terminal.terminal)
            #expect(terminal.mode.c_lflag & tcflag_t(ECHO | ICANON) == 0)
            withExtendedLifetime(keyboard) {}
        }
        #expect(terminal.mode.c_lflag == before.c_lflag)
        #expect(terminal.mode.c_iflag == before.c_iflag)
        #expect(terminal.mode.c_oflag == before.c_oflag)
    }

    @Test func aTerminalThatHangsUpEndsTheInput() throws {
        let terminal = PseudoTerminal()
        let waiter = try KeyWaiter([TerminalKeyboard(descriptor: terminal.terminal)])
        terminal.hangUp()
        #expect(try waiter.wait(until: monotonicNanoseconds() + 5 * second).map(\.key) == [.endOfInput])
        #expect(waiter.isEnded)
        #expect(try waiter.wait() == [])
    }

    @Test func aPipeIsReadToItsEnd() throws {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let bytes = Array("hi\nyo".utf8)
        #expect(write(ends[1], bytes, bytes.count) == bytes.count)
        close(ends[1])
        defer { close(ends[0]) }
        let waiter = try KeyWaiter([TerminalKeyboard(descriptor: ends[0])])
        var editor = LineEditor()
        var edits: [LineEdit] = []
        while !waiter.isEnded { edits += try waiter.wait().flatMap { editor.edit($0) } }
        edits.removeAll { if case .inserted = $0 { true } else { false } }
        #expect(edits == [.submitted("hi"), .submitted("yo"), .ended])
    }

    @Test func aFileIsReadToItsEnd() throws {
        let file = open("/proc/version", O_RDONLY)
        defer { close(file) }
        let waiter = try KeyWaiter([TerminalKeyboard(descriptor: file)])
        var keys: [Key] = []
        while !waiter.isEnded { keys += try waiter.wait().map(\.key) }
        #expect(keys.prefix(5) == [.text("L"), .text("i"), .text("n"), .text("u"), .text("x")])
        #expect(keys.suffix(2) == [.return, .endOfInput])
    }

    @Test func aDescriptorThatIsNotOpenIsAnError() throws {
        let waiter = try KeyWaiter([TerminalKeyboard(descriptor: 1_000_000)])
        #expect(throws: KeyboardError("cannot read keys: descriptor 1000000 is not open")) { try waiter.wait() }
    }

    @Test func theDeadlineEndsTheWait() throws {
        let terminal = PseudoTerminal()
        let waiter = try KeyWaiter([TerminalKeyboard(descriptor: terminal.terminal)])
        let start = monotonicNanoseconds()
        #expect(try waiter.wait(until: start + 20_000_000) == [])
        #expect(monotonicNanoseconds() >= start + 20_000_000)
        #expect(try waiter.wait(until: 0) == [])
    }

    @Test func anotherThreadEndsTheWait() throws {
        let terminal = PseudoTerminal()
        let waiter = try KeyWaiter([TerminalKeyboard(descriptor: terminal.terminal)])
        let waker = waiter.waker
        Task.detached { waker.wake() }
        #expect(try waiter.wait(until: monotonicNanoseconds() + 60 * second) == [])
        #expect(try waiter.wait(until: monotonicNanoseconds() + 1_000_000) == [])
    }

    @Test func keysOfSeveralKeyboardsAreWaitedForTogether() throws {
        let (first, second) = (PseudoTerminal(), PseudoTerminal())
        let waiter = try KeyWaiter([
            TerminalKeyboard(descriptor: first.terminal), TerminalKeyboard(descriptor: second.terminal),
        ])
        second.type("b")
        #expect(try waiter.wait(until: monotonicNanoseconds() + 5 * self.second).map(\.key) == [.text("b")])
        first.type("a")
        #expect(try waiter.wait(until: monotonicNanoseconds() + 5 * self.second).map(\.key) == [.text("a")])
    }

    /// A device that breaks does not take the keys of the others with it.
    @Test func keysComeBeforeTheErrorOfAnotherKeyboard() throws {
        final class Broken: Keyboard {
            let descriptor: Int32? = nil
            let deadline: UInt64? = 0
            func read(at now: UInt64, into events: inout [KeyEvent]) throws(KeyboardError) { throw KeyboardError("broken") }
        }
        let terminal = PseudoTerminal()
        let keyboard = try TerminalKeyboard(descriptor: terminal.terminal)
        terminal.type("a")
        while poll([pollfd(fd: terminal.terminal, events: Int16(POLLIN), revents: 0)]) == 0 {}
        let waiter = try KeyWaiter([keyboard, Broken()])
        #expect(try waiter.wait().map(\.key) == [.text("a")])
        #expect(throws: KeyboardError("broken")) { try waiter.wait() }
    }

    private func poll(_ queries: [pollfd]) -> Int32 {
        var queries = queries
        return Glibc.poll(&queries, nfds_t(queries.count), 1_000)
    }
}
