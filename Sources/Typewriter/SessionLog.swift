import Glibc
import Logging
import Synchronization

/// Where log lines go: a file, the journal or standard error; but while standard error is the terminal that serves as paper, they
/// are kept until the session is over, because nothing but the conversation may stand on the page.
final class SessionLog: Sendable {
    /// Lines kept; the oldest go first.
    private static let mostKept = 200

    private enum Output { case standardError, kept([String]), file(String, Int32) }
    private let output: Mutex<Output>
    /// Of all loggers.
    private let level: Mutex<Logger.Level>
    /// What is typed and answered may stand in it.
    private let isForText: Atomic<Bool>
    /// Gets the lines for standard error, where that leads to it.
    private let journal: Journal?

    /// - Parameters:
    ///   - sharesTerminal: Whether standard error shows on the page.
    ///   - journal: Where standard error is the journal's: gets entries with levels and fields instead of lines.
    /// - Throws: when the file that lines are to be appended to cannot be opened.
    init(_ settings: Settings.LogSection, sharesTerminal: Bool, journal: Journal? = nil) throws(TypewriterError) {
        let file = settings.file.isEmpty ? nil : Output.file(settings.file, try Self.open(settings.file))
        output = Mutex(file ?? (sharesTerminal ? .kept([]) : .standardError))
        level = Mutex(settings.threshold)
        isForText = Atomic(settings.text)
        self.journal = journal
    }

    deinit {
        if case .file(_, let descriptor) = output.withLock({ $0 }) { close(descriptor) }
    }

    private static func open(_ path: String) throws(TypewriterError) -> Int32 {
        // Nobody waits for whoever reads a named pipe, neither now nor when it is full.
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0o644)
        guard descriptor >= 0 else { throw TypewriterError("log.file \(path): \(String(cString: strerror(errno)))", status: .configuration) }
        return descriptor
    }

    /// The page is not in use any more: kept lines, and all later ones, go to standard error.
    func sessionEnded() {
        output.withLock { output in
            guard case .kept(let lines) = output else { return }
            for line in lines { writeAll(line, to: STDERR_FILENO) }
            output = .standardError
        }
    }

    func logger(_ label: String) -> Logger { Logger(label: label) { _ in Handler(log: self) } }

    /// Takes over what was chosen anew. The file is opened anew in any case: whoever moved it away wants another.
    /// - Throws: when it cannot be opened. It goes on where it was then.
    func take(_ settings: Settings.LogSection) throws(TypewriterError) {
        level.withLock { $0 = settings.threshold }
        isForText.store(settings.text, ordering: .relaxed)
        guard !settings.file.isEmpty else { return turn(to: .standardError) }
        turn(to: .file(settings.file, try Self.open(settings.file)))
    }

    private func turn(to new: Output) {
        output.withLock { output in
            if case .kept = output { return }
            if case .file(_, let descriptor) = output { close(descriptor) }
            output = new
        }
    }

    /// Questions and answers may stand in the log.
    var holdsText: Bool { isForText.load(ordering: .relaxed) }

    private func append(_ line: String) {
        output.withLock { output in
            switch output {
            case .standardError:
                writeAll(line, to: STDERR_FILENO)
            case .file(_, let descriptor):
                writeAll(line, to: descriptor)
            case .kept(var lines):
                if lines.count == Self.mostKept { lines.removeFirst() }
                lines.append(line)
                output = .kept(lines)
            }
        }
    }

    private var isStandardError: Bool {
        output.withLock { if case .standardError = $0 { true } else { false } }
    }

    private struct Handler: LogHandler {
        let log: SessionLog
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level {
            get { log.level.withLock { $0 } }
            set { log.level.withLock { $0 = newValue } }
        }

        init(log: SessionLog) { self.log = log }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            if let journal = log.journal, log.isStandardError {
                let metadata = self.metadata.merging(event.metadata ?? [:]) { $1 }
                if journal.write(event.level, "\(event.message)", metadata) { return }
            }
            log.append("\(event.level): \(event.message)\n")
        }
    }
}

extension Settings.LogSection {
    fileprivate var threshold: Logger.Level { Logger.Level(rawValue: level) ?? .notice }
}
