import Glibc
import Synchronization

/// Puts terminals back whatever ends the program: `exit`, a signal, a crash.
///
/// A signal handler may only read memory that is always in order, so there is a fixed table of terminals, and a slot counts
/// from the moment that its descriptor is stored. Handlers are put only where a signal would end the program
/// (SIGHUP, SIGINT, SIGTERM, SIGQUIT) and nobody else handles it, and in front of whatever handles crashes.
enum TerminalRestorer {
    struct Slot: Sendable { fileprivate let index: Int }

    /// Remembers the mode to go back to. Call before the terminal is changed.
    static func claim(_ descriptor: Int32, _ mode: termios) throws(KeyboardError) -> Slot {
        let index: Int? = claims.withLock { taken in
            guard let free = taken.firstIndex(of: false) else { return nil }
            taken[free] = true
            return free
        }
        guard let index else { throw KeyboardError("more than \(slotCount) terminals at once") }
        modes[index] = mode
        bracketsPaste[index] = false
        descriptors[index].store(descriptor, ordering: .releasing)
        _ = installOnce
        return Slot(index: index)
    }

    /// Puts the terminal back, and forgets it.
    static func release(_ slot: Slot) {
        restore(slot.index)
        claims.withLock { $0[slot.index] = false }
    }

    /// xterm's mode 2004: pasted text comes between `ESC [ 200 ~` and `ESC [ 201 ~`, so that its line ends submit nothing.
    static func askForBracketedPaste(_ slot: Slot) {
        guard let terminal = getenv("TERM"), strcmp(terminal, "dumb") != 0 else { return }
        bracketsPaste[slot.index] = true
        write(descriptors[slot.index].load(ordering: .relaxed), "\u{1B}[?2004h")
    }
}

private let slotCount = 16
private let claims = Mutex([Bool](repeating: false, count: slotCount))
/// -1 where a slot is free.
nonisolated(unsafe) private let descriptors = {
    let table = UnsafeMutablePointer<Atomic<Int32>>.allocate(capacity: slotCount)
    for index in 0..<slotCount { (table + index).initialize(to: Atomic(-1)) }
    return table
}()
nonisolated(unsafe) private let modes = {
    let table = UnsafeMutablePointer<termios>.allocate(capacity: slotCount)
    table.initialize(repeating: termios(), count: slotCount)
    return table
}()
nonisolated(unsafe) private let bracketsPaste = {
    let table = UnsafeMutablePointer<Bool>.allocate(capacity: slotCount)
    table.initialize(repeating: false, count: slotCount)
    return table
}()
/// What each signal did before, by number.
nonisolated(unsafe) private let earlier = {
    let table = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
    table.initialize(repeating: sigaction(), count: 65)
    return table
}()

/// Puts one terminal back. Only async-signal-safe calls: `tcsetattr` and `write` (signal-safety(7)).
private func restore(_ index: Int) {
    let descriptor = descriptors[index].exchange(-1, ordering: .acquiringAndReleasing)
    guard descriptor >= 0 else { return }
    if bracketsPaste[index] { write(descriptor, "\u{1B}[?2004l") }
    tcsetattr(descriptor, TCSANOW, modes + index)
}

private func restoreAll() {
    for index in 0..<slotCount { restore(index) }
}

private func write(_ descriptor: Int32, _ sequence: StaticString) {
    _ = Glibc.write(descriptor, sequence.utf8Start, sequence.utf8CodeUnitCount)
}

private let installOnce: Void = {
    // The handler must find the tables made.
    _ = (descriptors, modes, bracketsPaste, earlier)
    atexit { restoreAll() }
    let ending = [SIGHUP, SIGINT, SIGTERM, SIGQUIT]
    let crashes = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGSYS]
    for signal in ending + crashes {
        sigaction(signal, nil, earlier + Int(signal))
        let isHandled = earlier[Int(signal)].__sigaction_handler.sa_handler != nil  // SIG_DFL is nil.
        if ending.contains(signal), isHandled { continue }
        var action = sigaction()
        action.__sigaction_handler.sa_sigaction = { signal, info, _ in
            restoreAll()
            // The earlier action takes over: what was raised is raised again. A fault of a mapped file (a code above 0, sigaction(2)) happens
            // again on return, with its address, without which a handler that mends it could not.
            sigaction(signal, earlier + Int(signal), nil)
            if signal == SIGBUS, let info, info.pointee.si_code > 0 { return }
            raise(signal)
        }
        action.sa_flags = Int32(SA_ONSTACK) | Int32(SA_SIGINFO)
        sigaction(signal, &action, nil)
    }
}()
