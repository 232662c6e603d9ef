import Glibc
import Keyboard
import Synchronization

/// SIGTERM and SIGINT as a key: the session ends as if somebody had pressed Ctrl-C, with the page at a fresh line.
final class EndingSignals: Keyboard {
    let deadline: UInt64? = nil
    let givesKeys = false
    /// A pipe's end, readable once a signal came.
    private let readEnd: Int32
    private let onSignal: () -> Void

    /// Handles the signals from now on, for the whole program; there is one at a time.
    /// - Parameter onSignal: Called when one is read.
    init(onSignal: @escaping () -> Void) throws(TypewriterError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw TypewriterError("cannot make a pipe: \(String(cString: strerror(errno)))", status: .shortage)
        }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (readEnd, self.onSignal) = (ends[0], onSignal)
        writeEnd.store(ends[1], ordering: .releasing)
        for signal in endingSignals {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { _ in
                let error = errno
                var byte: UInt8 = 1
                _ = write(writeEnd.load(ordering: .acquiring), &byte, 1)
                errno = error
            }
            action.sa_flags = Int32(SA_RESTART)
            sigaction(signal, &action, nil)
        }
        // Who started the program may have kept them from it.
        var signals = sigset_t()
        sigemptyset(&signals)
        for signal in endingSignals { sigaddset(&signals, signal) }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// From now on the signals end the program.
    deinit {
        for signal in endingSignals { _ = Glibc.signal(signal, SIG_DFL) }
        close(writeEnd.exchange(-1, ordering: .acquiringAndReleasing))
        close(readEnd)
    }

    var descriptor: Int32? { readEnd }

    func read(at now: UInt64, into events: inout [KeyEvent]) {
        guard isRaised else { return }
        onSignal()
        events.append(KeyEvent(time: now, key: .interrupt))
    }

    /// Before there is a session: whether a signal comes within so long.
    func wait(milliseconds: Int32) -> Bool {
        var query = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
        guard poll(&query, 1, milliseconds) > 0, isRaised else { return false }
        onSignal()
        return true
    }

    /// Whether a signal came since this was asked last.
    private var isRaised: Bool {
        var bytes = [UInt8](repeating: 0, count: 16)
        return Glibc.read(readEnd, &bytes, bytes.count) > 0
    }
}

private let endingSignals = [SIGTERM, SIGINT]
/// For the handler, which may only read what is always in order.
private let writeEnd = Atomic<Int32>(-1)
