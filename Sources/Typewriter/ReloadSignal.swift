import Glibc
import Keyboard
import Synchronization

/// SIGHUP, heard on the thread that waits for keys. A keyboard without keys.
final class ReloadSignal: Keyboard {
    let deadline: UInt64? = nil
    let givesKeys = false
    /// Called when a signal came; several at once count as one.
    var onSignal: () -> Void = {}
    private let readEnd: Int32

    /// Handles the signal from now on, for the whole program; there is one at a time.
    init() throws(TypewriterError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw TypewriterError("cannot make a pipe: \(String(cString: strerror(errno)))", status: .shortage) }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        readEnd = ends[0]
        writeEnd.store(ends[1], ordering: .releasing)
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in
            let error = errno
            var byte: UInt8 = 1
            _ = write(writeEnd.load(ordering: .acquiring), &byte, 1)
            errno = error
        }
        action.sa_flags = Int32(SA_RESTART)
        sigaction(SIGHUP, &action, nil)
        // Who started the program may have kept it from it.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGHUP)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// From now on the signal ends the program.
    deinit {
        _ = Glibc.signal(SIGHUP, SIG_DFL)
        close(writeEnd.exchange(-1, ordering: .acquiringAndReleasing))
        close(readEnd)
    }

    var descriptor: Int32? { readEnd }

    func read(at now: UInt64, into events: inout [KeyEvent]) {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard Glibc.read(readEnd, &bytes, bytes.count) > 0 else { return }
        onSignal()
    }
}

/// For the handler, which may only read what is always in order.
private let writeEnd = Atomic<Int32>(-1)
