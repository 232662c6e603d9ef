import Conversation
import Paper

/// What answers: a conversation, or a script in tests. Made and used on one thread.
package protocol Answering: AnyObject {
    func reply(
        to prompt: String, input: String?, cancellation: Cancellation, onText: (String) -> Bool
    ) throws(ConversationError) -> Reply
    func reset()
}

extension Conversation: Answering {}

/// The model's own thread: it is asked, and reports as events.
final class ModelThread: Sendable {
    enum Event: Sendable {
        /// A piece of the answer.
        case text(String)
        case finished(Result<Reply, ConversationError>)
        /// Everything that was to be printed is on paper, or will never be.
        case printed(PaperError?)
    }

    private enum Command: Sendable {
        case ask(String, Cancellation)
        case reset
        case drain(Printer)
        case end
    }

    let events = Channel<Event>()
    private let commands = Channel<Command>()
    private let thread: WorkerThread

    /// - Parameters:
    ///   - make: Called on the thread.
    ///   - wake: Called from the thread after each event.
    init(
        wake: @escaping @Sendable () -> Void, make: @escaping @Sendable () throws(ConversationError) -> any Answering
    ) throws(TypewriterError) {
        let (commands, events) = (commands, events)
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
            Self.work(answering, commands) { event in
                events.send(event)
                wake()
            }
        }
        if let error = ready.receive() {
            thread.join()
            throw TypewriterError(error.description, status: .badData)
        }
    }

    func ask(_ prompt: String, _ cancellation: Cancellation) { commands.send(.ask(prompt, cancellation)) }
    func reset() { commands.send(.reset) }
    /// Reports `.printed` once the printer is idle.
    func drain(_ printer: Printer) { commands.send(.drain(printer)) }

    /// Ends the thread after what it was told before. Call once, last.
    func end() {
        commands.send(.end)
        thread.join()
    }

    private static func work(_ answering: any Answering, _ commands: Channel<Command>, report: (Event) -> Void) {
        while true {
            switch commands.receive() {
            case .ask(let prompt, let cancellation):
                do throws(ConversationError) {
                    let reply = try answering.reply(to: prompt, input: nil, cancellation: cancellation) { text in
                        report(.text(text))
                        return true
                    }
                    report(.finished(.success(reply)))
                } catch {
                    report(.finished(.failure(error)))
                }
            case .reset:
                answering.reset()
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
