import Conversation
import Testing
@testable import Typewriter

@Suite("Session events", .timeLimit(.minutes(20)))
struct SessionEventTests {
    private func reply(_ text: String, _ finish: Reply.Finish = .endOfTurn) -> SessionEvent {
        .finished(.success(Reply(text: text, finish: finish, promptTokens: 1, answerTokens: 1, droppedTurns: 0)))
    }

    @Test("Question, answer and everything around them are told in order")
    func order() throws {
        let typist = try Typist(["It is"])
        typist.type("who?\r")
        typist.expect("who?\nIt is\n\n")
        typist.wait { typist.events.all.withLock { $0.last == .printed } }
        typist.type("/off\rplain\r/on\r\u{0E}\u{04}")
        #expect(typist.ends())
        #expect(typist.events.all.withLock(\.self) == [
            .asked("who?"), .text("It", line: 1), .text(" is", line: 1), reply("It is"), .printed,
            .modelSwitched(isOn: false), .typedLine, .modelSwitched(isOn: true), .newConversation, .ended,
        ])
    }

    @Test("After a stop no text is told any more, but how it ended")
    func stop() throws {
        let typist = try Typist(["one two"])
        typist.script.isOpen.store(false, ordering: .releasing)
        typist.type("go\r")
        typist.wait { typist.script.prompts.count == 1 }
        typist.type("\u{1B}")
        typist.wait { typist.events.all.withLock { $0.last == .printed } }
        #expect(typist.events.all.withLock(\.self) == [.asked("go"), .stopped, reply("", .cancelled), .printed])
    }

    @Test("A failure is told as one")
    func failure() throws {
        let typist = try Typist(["error: too long"])
        typist.type("go\r")
        typist.wait { typist.events.all.withLock { $0.last == .printed } }
        #expect(typist.events.all.withLock(\.self) == [.asked("go"), .finished(.failure(ConversationError("too long"))), .printed])
    }
}
