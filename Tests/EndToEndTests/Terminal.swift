import Foundation
import Glibc
import Testing

/// A pseudo-terminal with a program on it, and the one who sits before it.
final class Terminal {
    struct Failure: Error { let call: String; let code: Int32 }

    let process: pid_t
    private let master: Int32
    private let slave: Int32
    private(set) var screen: Screen
    private(set) var raw: [UInt8] = []
    /// The terminal's settings before the program began.
    let settings: [UInt8]
    private var status: Int32?

    /// Starts a built program with standard input, output and error on a new terminal of its own.
    init(
        _ program: String, _ arguments: [String], columns: Int = 80, errorsTo errorFile: String? = nil, environment: [String: String] = [:]
    ) throws {
        screen = Screen(columns: columns)
        // The slave is kept open, so that the settings can be read when the program is gone.
        var ends: (master: Int32, slave: Int32) = (-1, -1)
        guard openpty(&ends.master, &ends.slave, nil, nil, nil) == 0, let name = ttyname(ends.slave) else {
            throw Failure(call: "openpty", code: errno)
        }
        (master, slave) = ends
        for end in [master, slave] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var size = winsize(ws_row: 24, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
        settings = Self.settings(of: slave)

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // The leader of a new session gets the first terminal that it opens as its own.
        posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        if let errorFile {
            posix_spawn_file_actions_addopen(&actions, 2, errorFile, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        } else {
            posix_spawn_file_actions_adddup2(&actions, 0, 2)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // POSIX_SPAWN_SETSID of glibc's <spawn.h>, which shows it to GNU sources only.
        let setSession: Int32 = 0x80
        posix_spawnattr_setflags(&attributes, Int16(setSession | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)

        let path = Places.programs.appending(path: program).path
        let variables = ProcessInfo.processInfo.environment.merging(["TERM": "xterm"]) { $1 }.merging(environment) { $1 }
        let words = ([path] + arguments).map { strdup($0) } + [nil]
        let pairs = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + pairs).forEach { free($0) } }
        var child = pid_t()
        let error = posix_spawn(&child, path, &actions, &attributes, words, pairs)
        guard error == 0 else { throw Failure(call: "posix_spawn \(path)", code: error) }
        process = child
    }

    deinit {
        if status == nil {
            kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
        }
        close(master)
        close(slave)
    }

    var text: String { screen.text }
    /// Without the lines before the first key.
    var page: String {
        guard let end = text.range(of: "Ctrl-D ends.\n\n") else { return text }
        return String(text[end.upperBound...])
    }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            start += count
        }
    }

    /// Reads what arrives until the condition holds.
    /// - Returns: whether it came to hold in time.
    @discardableResult
    func wait(_ seconds: Double = 60, until condition: () -> Bool) -> Bool {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while !condition() {
            guard ContinuousClock.now < deadline else { return false }
            read(for: 50)
        }
        return true
    }

    /// Fails the test, with what is on the screen, if the text does not come.
    func expect(_ expected: String, _ location: SourceLocation = #_sourceLocation) {
        if !wait(until: { text.contains(expected) }) {
            Issue.record("\(expected.debugDescription) did not come; the screen:\n\(text)", sourceLocation: location)
        }
    }

    /// Types a question of a few words, and waits until its answer is on the page as a whole.
    func ask(_ question: String, _ location: SourceLocation = #_sourceLocation) {
        let start = raw.count
        type(question + "\r")
        // Whether the terminal adds a return to the line feed is the business of its mode.
        if !wait(until: { String(decoding: raw[start...], as: UTF8.self).contains(question + "\r") }) {
            Issue.record("the question did not appear; the screen:\n\(text)", sourceLocation: location)
        }
        waitForAnswer(location)
    }

    /// Waits until an answer is on the page as a whole.
    func waitForAnswer(_ location: SourceLocation = #_sourceLocation) {
        if !wait(until: { screen.isBetweenTurns }) {
            Issue.record("the answer did not end; the screen:\n\(text)", sourceLocation: location)
        }
    }

    /// Reads what comes in this time.
    func watch(milliseconds: Int) {
        let deadline = ContinuousClock.now + .milliseconds(milliseconds)
        while ContinuousClock.now < deadline { read(for: 50) }
    }

    /// - Returns: whether anything came.
    @discardableResult
    private func read(for milliseconds: Int32) -> Bool {
        var descriptor = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        guard poll(&descriptor, 1, milliseconds) > 0 else { return false }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(master, &bytes, bytes.count)
        guard count > 0 else { return false }
        raw += bytes[..<count]
        screen.feed(bytes[..<count])
        return true
    }

    /// The program's exit status, negative for a signal; nil if it does not end.
    func exitStatus(within seconds: Double = 60) -> Int32? {
        _ = wait(seconds) {
            if status == nil {
                var result: Int32 = 0
                if waitpid(process, &result, WNOHANG) == process { status = result }
            }
            return status != nil
        }
        while read(for: 0) {}
        guard let status else { return nil }
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
    }

    func signal(_ number: Int32) { kill(process, number) }

    /// The terminal hangs up: nobody will read or write any more.
    func hangUp() { kill(process, SIGHUP) }

    var hasOriginalSettings: Bool { Self.settings(of: slave) == settings }

    private static func settings(of descriptor: Int32) -> [UInt8] {
        var settings = termios()
        tcgetattr(descriptor, &settings)
        return withUnsafeBytes(of: settings) { Array($0) }
    }

    /// Clock ticks of processor time that the program has used.
    var processorTicks: Int {
        let fields = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8))?.split(separator: ") ").last?.split(separator: " ") ?? []
        // utime and stime are fields 14 and 15; the third is the first behind the name in parentheses (proc(5)).
        return fields.count > 12 ? (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0) : 0
    }
}
