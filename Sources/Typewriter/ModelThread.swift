import Conversation
import Paper
import Synchronization

/// What answers: a conversation, or a script in tests. Made and used on one thread.
package protocol Answering: AnyObject {
    func reply(
        to prompt: String, input: String?, begun: String, cancellation: Cancellation, onText: (String) -> Bool
    ) throws(ConversationError) -> Reply
    func readAhead(_ typed: String, isPausing: Bool, isCurrent: () -> Bool, isWanted: () -> Bool)
    func adjust(_ adjustments: Adjustments)
    /// Takes over what was chosen anew.
    func configure(_ settings: ConversationSettings)
    func reset()
    /// Looks for what it lacks, while nothing else is to be done.
    /// - Returns: nanoseconds until it wants to look again; nil when it lacks nothing.
    func attend() -> UInt64?
}

extension Answering {
    package func attend() -> UInt64? { nil }
}

extension Conversation: Answering {}

/// The model's own thread: it is asked, and reports as events.
final class ModelThread: Sendable {
    enum Event: Sendable {
        /// A piece of the answer.
        case text(String)
        case finished(Result<Reply, ConversationError>)
        /// What `settle` was for has been waited for.
        case settled
        /// Everything that was to be printed is on paper, or will never be.
        case printed(PaperError?)
    }

    private enum Command: Sendable {
        case ask(String, begun: String, Adjustments, Cancellation)
        case readAhead(pause: UInt64)
        case reset
        case configure(ConversationSettings)
        case settle(@Sendable () -> Void)
        case drain(Printer)
        case end
    }

    let events = Channel<Event>()
    private let commands = Channel<Command>()
    private let line = Line()
    private let thread: WorkerThread

    /// - Parameters:
    ///   - make: Called on the thread.
    ///   - wake: Called from the thread after each event.
    init(
        wake: @escaping @Sendable () -> Void, make: @escaping @Sendable () throws(ConversationError) -> any Answering
    ) throws(TypewriterError) {
        let (commands, events, line) = (commands, events, line)
        let ready = Channel<ConversationError?>()
        thread = try WorkerThread {
            let answering: any Answering
            do throws(ConversationError) {
                answering = try make()
            } catch {
                ready.send(error)
                return
            }
            ready.send(nil)
            Self.work(answering, commands, line) { event in
                events.send(event)
                wake()
            }
        }
        if let error = ready.receive() {
            thread.join()
            throw TypewriterError(error.description, status: error.isShortage ? .shortage : .badData)
        }
    }

    /// - Parameter begun: what was said of the answer already.
    func ask(_ prompt: String, begun: String = "", _ adjustments: Adjustments, _ cancellation: Cancellation) {
        commands.send(.ask(prompt, begun: begun, adjustments, cancellation))
    }
    func reset() { commands.send(.reset) }
    func configure(_ settings: ConversationSettings) { commands.send(.configure(settings)) }
    /// Reads what stands on the line, unless something newer is to be done.
    /// - Parameter pause: nanoseconds after which nobody is expected to type on.
    func readAhead(_ typed: String, pause: UInt64) {
        line.text.withLock { $0 = typed }
        commands.send(.readAhead(pause: pause))
    }
    /// Reports `.settled` once this has returned.
    func settle(_ wait: @escaping @Sendable () -> Void) { commands.send(.settle(wait)) }
    /// Reports `.printed` once the printer is idle.
    func drain(_ printer: Printer) { commands.send(.drain(printer)) }

    /// Ends the thread after what it was told before. Call once, last.
    /// - Parameter patience: Nanoseconds after which a thread that is still at it, such as reading a large file, is left behind.
    func end(within patience: UInt64) {
        commands.send(.end)
        thread.join(within: patience)
    }

    /// The line as it is typed, newest state only.
    private final class Line: Sendable {
        let text = Mutex("")
    }

    private static func receive(_ commands: Channel<Command>, for answering: any Answering) -> Command {
        while let pause = answering.attend() {
            if let command = commands.receive(within: pause) { return command }
        }
        return commands.receive()
    }

    private static func work(_ answering: any Answering, _ commands: Channel<Command>, _ line: Line, report: (Event) -> Void) {
        var next: Command?
        while true {
            let command = next ?? receive(commands, for: answering)
            next = nil
            switch command {
            case .ask(let prompt, let begun, let adjustments, let cancellation):
                answering.adjust(adjustments)
                do throws(ConversationError) {
                    let reply = try answering.reply(to: prompt, input: nil, begun: begun, cancellation: cancellation) { text in
                        report(.text(text))
                        return true
                    }
                    report(.finished(.success(reply)))
                } catch {
                    report(.finished(.failure(error)))
                }
            case .readAhead(let pause):
                // The line is read when nothing else waits, such as a newer state of it.
                guard commands.isEmpty else { continue }
                let typed = line.text.withLock { $0 }
                let isCurrent = { line.text.withLock { $0 == typed } }
                answering.readAhead(typed, isPausing: false, isCurrent: isCurrent) { commands.isEmpty }
                guard typed.contains(where: { !$0.isWhitespace }) else { continue }
                next = commands.receive(within: pause)
                // Return does not end it: what is being read is what will be asked.
                if next == nil { answering.readAhead(typed, isPausing: true, isCurrent: isCurrent) { commands.isEmpty } }
            case .reset:
                answering.reset()
            case .configure(let settings):
                answering.configure(settings)
            case .settle(let wait):
                wait()
                report(.settled)
            case .drain(let printer):
                do throws(PaperError) {
                    try printer.drain()
                    report(.printed(nil))
                } catch {
                    report(.printed(error))
                }
            case .end:
                return
            }
        }
    }
}
