import Glibc
import Logging
import Synchronization

/// Where log lines go: a file, the journal or standard error; but while standard error is the terminal that serves as paper, they
/// are kept until the session is over, because nothing but the conversation may stand on the page.
final class SessionLog: Sendable {
    /// Lines kept; the oldest go first.
    private static let mostKept = 200

    private enum Output { case descriptor(Int32), kept([String]) }
    private let output: Mutex<Output>
    private let isFile: Bool
    /// Of all loggers.
    private let level = Mutex(Logger.Level.notice)
    /// Gets the lines for standard error, where that leads to it.
    private let journal: Journal?

    /// - Parameters:
    ///   - path: Of a file that lines are appended to; empty for standard error.
    ///   - sharesTerminal: Whether standard error shows on the page.
    ///   - journal: Where standard error is the journal's: gets entries with levels and fields instead of lines.
    init(path: String, sharesTerminal: Bool, journal: Journal? = nil) throws(TypewriterError) {
        guard !path.isEmpty else {
            isFile = false
            self.journal = journal
            output = Mutex(sharesTerminal ? .kept([]) : .descriptor(STDERR_FILENO))
            return
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw TypewriterError("log.file \(path): \(String(cString: strerror(errno)))", status: .configuration)
        }
        isFile = true
        self.journal = nil
        output = Mutex(.descriptor(descriptor))
    }

    deinit {
        if isFile, case .descriptor(let descriptor) = output.withLock({ $0 }) { close(descriptor) }
    }

    /// The page is not in use any more: kept lines, and all later ones, go to standard error.
    func sessionEnded() {
        output.withLock { output in
            guard case .kept(let lines) = output else { return }
            for line in lines { writeAll(line, to: STDERR_FILENO) }
            output = .descriptor(STDERR_FILENO)
        }
    }

    /// - Parameter level: of all loggers that come from here, until `setLevel` says otherwise.
    func logger(_ label: String, level: Logger.Level) -> Logger {
        setLevel(level)
        return Logger(label: label) { _ in Handler(log: self) }
    }

    func setLevel(_ level: Logger.Level) { self.level.withLock { $0 = level } }

    private func append(_ line: String) {
        output.withLock { output in
            switch output {
            case .descriptor(let descriptor):
                writeAll(line, to: descriptor)
            case .kept(var lines):
                if lines.count == Self.mostKept { lines.removeFirst() }
                lines.append(line)
                output = .kept(lines)
            }
        }
    }

    private struct Handler: LogHandler {
        let log: SessionLog
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level {
            get { log.level.withLock { $0 } }
            set { log.setLevel(newValue) }
        }

        init(log: SessionLog) { self.log = log }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            if let journal = log.journal {
                let metadata = self.metadata.merging(event.metadata ?? [:]) { $1 }
                if journal.write(event.level, "\(event.message)", metadata) { return }
            }
            log.append("\(event.level): \(event.message)\n")
        }
    }
}
