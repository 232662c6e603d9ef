import Conversation
import Glibc
import Keyboard
import Logging
import Synchronization

/// What a running typewriter has to tell of itself: in the log, and to whoever asks on the status socket.
final class SessionRecord: Sendable {
    private let statistics = SessionStatistics()
    private let began = monotonicNanoseconds()
    private let state: Mutex<(state: MachineState, since: UInt64)>
    private let model: String
    private let logsText: @Sendable () -> Bool
    private let logger: Logger
    private let line: @Sendable () -> Int

    /// - Parameters:
    ///   - logsText: Whether what is typed and answered may stand in the log.
    ///   - line: Where on the sheet printing goes on.
    init(_ machine: Machine, model: String, logsText: @escaping @Sendable () -> Bool, _ logger: Logger, line: @escaping @Sendable () -> Int) {
        (self.model, self.logsText, self.logger, self.line) = (model, logsText, logger, line)
        state = Mutex((machine.state, began))
        machine.observe { [weak self] in self?.change(to: $0) }
    }

    private func change(to new: MachineState) {
        let now = monotonicNanoseconds()
        state.withLock { if $0.state != new { $0 = (new, now) } }
        if case .waiting(_, let why) = new, why != AwaitedModel.isBeingRead { statistics.fail(new.description, at: now) }
    }

    func hear(_ event: SessionEvent) {
        statistics.hear(event, at: monotonicNanoseconds())
        switch event {
        case .asked(let question) where logsText(): logger.info("asked: \(question)")
        case .finished(.success(let reply)):
            if logsText() { logger.info("answered: \(reply.text)") }
            guard let answer = statistics.counts.lastAnswer else { break }
            logger.info("an answer of \(answer.tokens) tokens (\(reply.finish.rawValue))", metadata: [
                "answer_tokens": "\(answer.tokens)", "prompt_tokens": "\(answer.promptTokens)", "finish": "\(reply.finish.rawValue)",
                "wait_ms": "\(answer.wait / 1_000_000)", "answer_ms": "\(answer.duration / 1_000_000)",
            ])
        default: break
        }
    }

    var report: StatusReport {
        let now = monotonicNanoseconds()
        let (state, since) = state.withLock { $0 }
        return StatusReport(
            state: state, stateAge: now - min(now, since), uptime: now - began, process: getpid(), model: model, line: line(),
            counts: statistics.counts, health: ProcessHealth(), now: now)
    }

    /// Answers on the status socket, if there is a place for it.
    func serve(_ logger: Logger) -> StatusServer? {
        do {
            return try StatusServer(path: StatusClient.standardPath) { self.report.text }
        } catch {
            // Whoever tries it by hand has no such directory.
            logger.log(level: getenv("RUNTIME_DIRECTORY") == nil ? .info : .error, "nobody can ask for the status: \(error)")
            return nil
        }
    }
}
