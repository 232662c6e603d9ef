import Conversation
import Glibc
import Keyboard

/// A model that is not there, or not in order, is looked for until it is. Until then every question is answered with the reason.
final class AwaitedModel: Answering {
    /// Nanoseconds between two looks at the file, and between two readings of one that has not changed: memory may have become free.
    private static let lookInterval: UInt64 = 2_000_000_000
    private static let readInterval: UInt64 = 60_000_000_000

    /// Turns that are more than any context holds.
    private static let mostRemembered = 64

    private let find: () throws(TypewriterError) -> String
    private let open: (String, [Exchange]) throws(ConversationError) -> any Answering
    private let report: (String?) -> Void
    private let now: () -> UInt64

    private var answering: (any Answering)?
    private var adjustments: Adjustments?
    /// What was said in this conversation, for a model that is read anew.
    private var exchanges: [Exchange]
    private var configuration: ConversationSettings?
    /// The file as it was when it was read last.
    private var version: FileVersion?
    private var nextReading: UInt64 = 0
    private var obstacle = AwaitedModel.isBeingRead

    /// Why there is no model at the very beginning.
    static let isBeingRead = "it is being read"

    /// - Parameters:
    ///   - find: Names the file.
    ///   - exchanges: What was said before.
    ///   - open: Reads it, on the thread that asks for answers, to go on with what was said.
    ///   - report: Hears why there is no model, and nil when there is one.
    init(
        find: @escaping () throws(TypewriterError) -> String, after exchanges: [Exchange] = [],
        open: @escaping (String, [Exchange]) throws(ConversationError) -> any Answering,
        now: @escaping () -> UInt64 = monotonicNanoseconds, report: @escaping (String?) -> Void
    ) {
        (self.find, self.exchanges, self.open, self.now, self.report) = (find, exchanges, open, now, report)
    }

    func attend() -> UInt64? {
        guard answering == nil else { return nil }
        do {
            let path = try find()
            let version = try FileVersion(path)
            guard version != self.version || now() >= nextReading else { return Self.lookInterval }
            self.version = version
            nextReading = now() + Self.readInterval
            let answering = try open(path, exchanges)
            if let configuration { answering.configure(configuration) }
            if let adjustments { answering.adjust(adjustments) }
            self.answering = answering
            report(nil)
            return nil
        } catch {
            say("\(error)")
            return Self.lookInterval
        }
    }

    private func say(_ obstacle: String) {
        guard obstacle != self.obstacle else { return }
        self.obstacle = obstacle
        report(obstacle)
    }

    func reply(
        to prompt: String, input: String?, begun: String, cancellation: Cancellation, onText: (String) -> Bool
    ) throws(ConversationError) -> Reply {
        guard let answering else { throw ConversationError("there is no model: \(obstacle)") }
        do {
            let reply = try answering.reply(to: prompt, input: input, begun: begun, cancellation: cancellation, onText: onText)
            if exchanges.count == Self.mostRemembered { exchanges.removeFirst() }
            exchanges.append(Exchange(question: prompt, answer: begun + reply.text))
            return reply
        } catch {
            // What was read once may not be there any more: a stick that was pulled out, a file that was replaced.
            if let path = try? find(), (try? FileVersion(path)) != version {
                self.answering = nil
                version = nil
                say(error.description)
            }
            throw error
        }
    }

    func readAhead(_ typed: String, isPausing: Bool, isCurrent: () -> Bool, isWanted: () -> Bool) {
        answering?.readAhead(typed, isPausing: isPausing, isCurrent: isCurrent, isWanted: isWanted)
    }

    func adjust(_ adjustments: Adjustments) {
        self.adjustments = adjustments
        answering?.adjust(adjustments)
    }

    func configure(_ settings: ConversationSettings) {
        configuration = settings
        answering?.configure(settings)
    }

    func reset() {
        exchanges = []
        answering?.reset()
    }
}

/// What tells a file from the one that was there before.
private struct FileVersion: Equatable {
    private let numbers: [Int]

    init(_ path: String) throws(TypewriterError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw TypewriterError("model \(path): \(String(cString: strerror(errno)))", status: .noInput)
        }
        // The time of change counts a new mode, which may be what makes it readable.
        numbers = [
            Int(truncatingIfNeeded: status.st_dev), Int(truncatingIfNeeded: status.st_ino), Int(status.st_size),
            status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
        ]
    }
}
