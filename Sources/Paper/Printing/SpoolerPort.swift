import Glibc

/// A printer that CUPS knows, through `lp`: bytes are kept until a job is complete.
final class SpoolerPort: PrinterPort, @unchecked Sendable {
    let name: String
    private let arguments: [String]
    private var job: [UInt8] = []

    /// - Parameters:
    ///   - queue: The printer's name; empty for the default one.
    ///   - isRaw: The bytes are in the printer's own language: CUPS must not touch them.
    ///   - program: For tests.
    init(queue: String, isRaw: Bool, program: String = "lp") {
        name = queue.isEmpty ? "lp" : "lp -d \(queue)"
        // `lp` ends its own options at `--`, so that no name can be one.
        arguments = [program, "-s"] + (queue.isEmpty ? [] : ["-d", queue]) + (isRaw ? ["-o", "raw"] : []) + ["--"]
    }

    func open() throws(PaperError) -> String? { nil }

    func close() {}

    func write(_ bytes: ArraySlice<UInt8>, stop: StopSignal?) -> PortWrite {
        job += bytes
        return PortWrite(count: bytes.count, end: .done)
    }

    func finishJob(_ stop: StopSignal) -> String? {
        guard !job.isEmpty else { return nil }
        if let failure = hand(job) { return failure }
        job = []
        return nil
    }

    /// Runs `lp` with this as its input. Nil when it succeeded.
    private func hand(_ bytes: [UInt8]) -> String? {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return String(cString: strerror(errno)) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var process = pid_t()
        let status = posix_spawnp(&process, arguments[0], &actions, nil, &pointers, environ)
        Glibc.close(ends[0])
        guard status == 0 else {
            Glibc.close(ends[1])
            return "\(arguments[0]): \(String(cString: strerror(status)))"
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(ends[1], $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // The program is gone; its status says why.
            if count <= 0 { break }
            rest = rest.dropFirst(count)
        }
        Glibc.close(ends[1])
        var result: Int32 = 0
        while waitpid(process, &result, 0) < 0, errno == EINTR {}
        return result == 0 && rest.isEmpty ? nil : "\(arguments[0]) did not take the job; ask `lpstat -p`"
    }
}
