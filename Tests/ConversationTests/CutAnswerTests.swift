import Conversation
import Testing

@Suite("Answers that are cut short")
struct CutAnswerTests: ScriptedSuite {
    let log = LogRecorder()

    @Test("Returning false ends the answer at once; what was said stays in the history")
    func stoppedByReader() throws {
        let model = ScriptedModel(answers: ["one two three"])
        let talk = conversation(model, template: .chatML)
        var shown = ""
        let reply = try talk.reply(to: "count") { shown += $0; return shown.count < 5 }
        #expect(reply.finish == .cancelled)
        #expect(reply.text == "one t")
        #expect(model.script.count == model.tokens("wo three</s>").count)
        model.script = model.tokens("ok<|im_end|>")
        _ = try ask(talk, "go on")
        #expect(model.cachedText.hasSuffix("assistant\none t<|im_end|>\n<|im_start|>user\ngo on<|im_end|>\n<|im_start|>assistant\nok"))
    }

    @Test("A cancellation during the answer ends it before the next token, and leaves the step that it meets")
    func cancelled() throws {
        let model = ScriptedModel(answers: ["one two three"])
        let talk = conversation(model, template: .chatML)
        let cancellation = Cancellation()
        var count = 0
        model.onSample = { count += 1; if count == 4 { cancellation.cancel() } }
        let reply = try talk.reply(to: "count", cancellation: cancellation) { _ in true }
        #expect(reply.finish == .cancelled)
        #expect(reply.answerTokens == 4)
        #expect(talk.turnCount == 1)
        #expect(model.cachedText.hasSuffix("assistant\none"))
        model.onSample = {}
        model.script = model.tokens("ok<|im_end|>")
        _ = try ask(talk, "go on")
        #expect(model.cachedText.contains("assistant\none <|im_end|>\n<|im_start|>user\ngo on"))
    }

    @Test("A cancellation while the question is read forgets the question, and the next one is evaluated correctly")
    func cancelledDuringPrefill() throws {
        let model = ScriptedModel(answers: ["first answer"])
        let talk = conversation(model)
        _ = try ask(talk, "first")
        let cancellation = Cancellation()
        var chunks = 0
        model.clearLog()
        model.onEvaluate = { chunks += 1; if chunks == 2 { cancellation.cancel() } }
        let reply = try talk.reply(to: String(repeating: "long ", count: 100), cancellation: cancellation) { _ in true }
        #expect(reply == Reply.nothing)
        #expect(model.evaluated.map(\.count) == [32])
        #expect(talk.turnCount == 1)
        model.onEvaluate = {}
        model.script = model.tokens("b")
        _ = try ask(talk, "a")
        #expect(model.cachedText == "<s>firstfirst answer\nab")
    }

    @Test("A model that fails loses neither the history nor the cache's order")
    func failure() throws {
        let model = ScriptedModel(answers: ["one"])
        let talk = conversation(model)
        _ = try ask(talk, "first")
        model.failure = ConversationError("out of memory")
        #expect(throws: ConversationError("out of memory")) { try ask(talk, "second") }
        model.failure = nil
        model.script = model.tokens("three")
        _ = try ask(talk, "third")
        #expect(model.cachedText == "<s>firstone\nthirdthree")
    }
}

extension Reply {
    fileprivate static let nothing = Reply(text: "", finish: .cancelled, promptTokens: 0, answerTokens: 0, droppedTurns: 0)
}
