import Glibc

/// A program that is given its input and waited for. It ends, with all that it started, when nobody waits for it any more.
struct ChildProgram: ~Copyable {
    /// Nanoseconds between two looks at whether it has ended; before Linux 5.3 no descriptor tells that.
    private static let interval: UInt64 = 20_000_000

    /// And its group; 0 once it has ended and was reaped.
    private var process: pid_t
    /// -1 once it is closed.
    private var input: Int32
    private let clock = SystemPrintClock()

    /// Starts it without a shell. What it writes is nobody's business.
    /// - Parameter arguments: The first is its path, or its name in PATH.
    static func start(_ arguments: [String]) throws(PaperError) -> ChildProgram {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw PaperError("cannot make a pipe: \(String(cString: strerror(errno)))") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own, to be ended with what it starts; and it hears the signals that the printing thread leaves to others.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var process = pid_t()
        let status = posix_spawnp(&process, arguments[0], &actions, &attributes, &pointers, environ)
        close(ends[0])
        guard status == 0 else {
            close(ends[1])
            throw PaperError(String(cString: strerror(status)))
        }
        return ChildProgram(process: process, input: ends[1])
    }

    private init(process: pid_t, input: Int32) { (self.process, self.input) = (process, input) }

    deinit {
        if process > 0 {
            kill(-process, SIGKILL)
            while waitpid(process, nil, 0) < 0, errno == EINTR {}
        }
        // Not before: half of its input must not look like all of it.
        if input >= 0 { close(input) }

    }

    /// Gives it all of its input.
    /// - Parameter deadline: Nanoseconds of `CLOCK_MONOTONIC`.
    /// - Returns: whether it took it. It may have ended, `stop` may be raised, or the time is over.
    mutating func feed(_ bytes: [UInt8], until deadline: UInt64, stop: StopSignal) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let now = clock.now()
            guard now < deadline else { return false }
            var queries = [pollfd(fd: input, events: Int16(POLLOUT), revents: 0), pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0)]
            _ = poll(&queries, 2, Int32(clamping: (deadline - now) / 1_000_000 + 1))
            if queries[1].revents != 0 { return false }
            let count = rest.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            if count <= 0 { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Closes its input, and waits for it.
    /// - Returns: what waitpid(2) says; nil where it has not ended in time, or before `stop` is raised.
    mutating func end(until deadline: UInt64, stop: StopSignal) -> Int32? {
        close(input)
        input = -1
        while true {
            var status: Int32 = 0
            let ended = waitpid(process, &status, WNOHANG)
            if ended == process || ended < 0 && errno != EINTR {
                process = 0
                return ended < 0 ? -1 : status
            }
            let now = clock.now()
            guard now < deadline, clock.wait(until: min(deadline, now + Self.interval), stop: stop) else { return nil }
        }
    }
}
