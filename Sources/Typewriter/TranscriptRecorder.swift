import Conversation
import Keyboard
import Paper
import Transcript

/// Keeps what is said in a session, on a thread of its own: keys must not wait for a slow card.
///
/// What is kept when, each time synced to the disk: a question when it is sent; what there is of an answer, how much of it is
/// printed and where the page is, every few seconds; the answer when the model is done, which its end on paper waits for; and
/// that all is printed. So whatever stands on paper as a finished turn is kept.
final class TranscriptRecorder: Sendable {
    private enum Command: Sendable {
        case event(SessionEvent)
        /// Answered when everything before it is on the disk, or cannot be.
        case settle(Channel<Void>)
        case end
    }

    /// Nanoseconds that a change of an answer or of the page may wait: on a roll, and on sheets, whose end must not be missed.
    static let (rollInterval, sheetInterval): (UInt64, UInt64) = (5_000_000_000, 1_000_000_000)
    /// Nanoseconds that the end of an answer waits for the disk.
    private static let patience: UInt64 = 2_000_000_000
    /// And the program's end.
    private static let farewell: UInt64 = 3_000_000_000

    private let commands = Channel<Command>()
    private let thread: WorkerThread

    /// What the session has to do with this, beside telling what happens.
    let keeping: Keeping

    /// - Parameters:
    ///   - writer: is the thread's from now on.
    ///   - interval: nanoseconds that a change of an answer or of the page may wait.
    init(
        _ writer: TranscriptWriter, _ sheets: SheetFeed, _ progress: PaperProgress, interval: UInt64 = rollInterval
    ) throws(TypewriterError) {
        writer.follow(sheets, progress)
        let commands = commands
        keeping = Keeping(resumption: writer.resumption, progress: progress) { Self.settle(commands) }
        // It goes to one thread, once.
        nonisolated(unsafe) let writer = writer
        thread = try WorkerThread {
            writer.begin()
            var due: UInt64?
            while true {
                due = writer.isUnderWay ? due ?? monotonicNanoseconds() + interval : nil
                guard let command = Self.receive(commands, until: due) else {
                    writer.look()
                    due = nil
                    continue
                }
                switch command {
                case .event(let event): writer.hear(event)
                case .settle(let settled): settled.send(())
                case .end: return
                }
            }
        }
    }

    /// - Returns: Nil when it is time.
    private static func receive(_ commands: Channel<Command>, until due: UInt64?) -> Command? {
        guard let due else { return commands.receive() }
        let now = monotonicNanoseconds()
        return now < due ? commands.receive(within: due - now) : nil
    }

    func hear(_ event: SessionEvent) { commands.send(.event(event)) }

    /// Returns when everything heard so far is on the disk; a disk that takes too long is not waited for.
    private static func settle(_ commands: Channel<Command>) {
        let settled = Channel<Void>()
        commands.send(.settle(settled))
        _ = settled.receive(within: patience)
    }

    /// Returns when everything is kept; a disk that takes too long is left alone with it. Call once, last.
    func end() {
        commands.send(.end)
        thread.join(within: Self.farewell)
    }
}
