import Glibc

private let ending = [SIGHUP, SIGINT, SIGQUIT, SIGTERM]

/// Runs `body` with the signals that would end the program held back, so that it can ask `isInterrupted()` between two steps,
/// leave off and clean up. Those that came take effect afterwards.
func holdingSignals<Result>(_ body: () throws -> Result) rethrows -> Result {
    var held = sigset_t(), before = sigset_t()
    sigemptyset(&held)
    for signal in ending {
        // A signal that is ignored, as under nohup, would show as pending too.
        var action = sigaction()
        sigaction(signal, nil, &action)
        if action.__sigaction_handler.sa_handler == nil { sigaddset(&held, signal) }  // SIG_DFL is nil.
    }
    pthread_sigmask(SIG_BLOCK, &held, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    return try body()
}

/// Whether one of the signals that are held back has come.
func isInterrupted() -> Bool {
    var pending = sigset_t()
    sigpending(&pending)
    return ending.contains { sigismember(&pending, $0) == 1 }
}
