import Glibc
import Keyboard
import Testing

/// Whatever ends a program, its terminal is as it was.
///
/// Each case runs in a process of its own, which learns from the environment which terminal to open and how to end.
@Suite(.serialized) struct RestoringTests {
    @Test func aSignalThatEndsTheProgram() async throws {
        try await check(SIGTERM) {
            await #expect(processExitsWith: .signal(SIGTERM)) { try RestoringTests.openTerminalAndRaise() }
        }
        try await check(SIGINT) {
            await #expect(processExitsWith: .signal(SIGINT)) { try RestoringTests.openTerminalAndRaise() }
        }
        try await check(SIGHUP) {
            await #expect(processExitsWith: .signal(SIGHUP)) { try RestoringTests.openTerminalAndRaise() }
        }
        try await check(SIGQUIT) {
            await #expect(processExitsWith: .signal(SIGQUIT)) { try RestoringTests.openTerminalAndRaise() }
        }
        try await check(SIGABRT) {
            await #expect(processExitsWith: .signal(SIGABRT)) { try RestoringTests.openTerminalAndRaise() }
        }
    }

    @Test func aCrash() async throws {
        try await check(0) {
            await #expect(processExitsWith: .failure) {
                try RestoringTests.openTerminal { _ in UnsafeMutablePointer<Int>(bitPattern: 8)?.pointee = 1 }
            }
        }
    }

    @Test func anExitInTheMiddle() async throws {
        try await check(0) {
            await #expect(processExitsWith: .exitCode(3)) { try RestoringTests.openTerminal { _ in exit(3) } }
        }
    }

    private func check(_ signal: Int32, _ run: () async throws -> Void) async throws {
        let terminal = PseudoTerminal()
        let before = terminal.mode
        setenv("PLATEN_TEST_TERMINAL", terminal.name, 1)
        setenv("PLATEN_TEST_SIGNAL", String(signal), 1)
        try await run()
        #expect(terminal.mode.c_lflag == before.c_lflag)
        #expect(terminal.mode.c_iflag == before.c_iflag)
        // The program was in raw mode: it asked for bracketed paste, and took that back.
        #expect(terminal.shown() == "\u{1B}[?2004h\u{1B}[?2004l")
    }

    private static func openTerminalAndRaise() throws {
        try openTerminal { _ in
            // To the process: a thread of a task blocks signals.
            kill(getpid(), getenv("PLATEN_TEST_SIGNAL").flatMap { Int32(String(cString: $0)) } ?? 0)
            sleep(60)
        }
    }

    private static func openTerminal(_ body: (TerminalKeyboard) -> Void) throws {
        setenv("TERM", "xterm", 1)
        let terminal = open(getenv("PLATEN_TEST_TERMINAL"), O_RDWR | O_NOCTTY)
        let keyboard = try TerminalKeyboard(descriptor: terminal)
        body(keyboard)
        withExtendedLifetime(keyboard) {}
    }
}
