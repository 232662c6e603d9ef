import Glibc
import Keyboard
import Synchronization

/// Signals that are heard on the thread that waits for keys: a keyboard without keys. It handles them for the whole program; each signal
/// has one listener at a time.
final class SignalListener: Keyboard {
    let deadline: UInt64? = nil
    let givesKeys = false
    /// Called where keys are read, once a signal came; several at once count as one.
    var onSignal: () -> Void = {}
    private let signals: [Int32]
    /// Of a pipe, which a signal makes readable.
    private let readEnd, writeEnd: Int32

    /// Handles the signals from now on.
    init(_ signals: [Int32]) throws(TypewriterError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw TypewriterError("cannot make a pipe: \(String(cString: strerror(errno)))", status: .shortage) }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (self.signals, readEnd, writeEnd) = (signals, ends[0], ends[1])
        var mask = sigset_t()
        sigemptyset(&mask)
        for signal in signals {
            writeEnds[Int(signal)].store(writeEnd, ordering: .releasing)
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { signal in
                let error = errno
                var byte: UInt8 = 1
                _ = write(writeEnds[Int(signal)].load(ordering: .acquiring), &byte, 1)
                errno = error
            }
            action.sa_flags = Int32(SA_RESTART)
            sigaction(signal, &action, nil)
            sigaddset(&mask, signal)
        }
        // Who started the program may have kept them from it.
        pthread_sigmask(SIG_UNBLOCK, &mask, nil)
    }

    /// From now on the signals end the program.
    deinit {
        for signal in signals {
            _ = Glibc.signal(signal, SIG_DFL)
            writeEnds[Int(signal)].store(-1, ordering: .releasing)
        }
        close(writeEnd)
        close(readEnd)
    }

    var descriptor: Int32? { readEnd }

    func read(at now: UInt64, into events: inout [KeyEvent]) {
        if isRaised { onSignal() }
    }

    /// Where no keys are waited for yet: whether a signal comes within so long.
    func wait(milliseconds: Int32) -> Bool {
        var query = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
        return poll(&query, 1, milliseconds) > 0 && isRaised
    }

    /// Whether a signal came since this was asked last.
    private var isRaised: Bool {
        var bytes = [UInt8](repeating: 0, count: 16)
        return Glibc.read(readEnd, &bytes, bytes.count) > 0
    }
}

/// By a signal's number, for the handler, which may only read what is always in order.
private let writeEnds = InlineArray<65, Atomic<Int32>> { _ in Atomic(-1) }
