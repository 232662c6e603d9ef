import Conversation
import Testing

@Suite("A context that is full")
struct FullContextTests: ScriptedSuite {
    let log = LogRecorder()

    @Test("An answer that fills the context stops, says so, and the next question still works")
    func contextFull() throws {
        let model = ScriptedModel(contextLength: 64, answers: [String(repeating: "a", count: 200)])
        let talk = conversation(model)
        let (reply, _) = try ask(talk, "0123456789")
        #expect(reply.finish == .contextFull)
        // BOS, ten of the question, and one more than fits, because the last one need not be evaluated.
        #expect(reply.answerTokens == 64 - 11 + 1)
        #expect(log.all == ["notice: the answer was cut off: the context of 64 tokens is full"])
        model.script = model.tokens("fine")
        #expect(try ask(talk, "again").shown == "fine")
        #expect(talk.turnCount == 1)
    }

    @Test("A full context drops the oldest turns, keeps the system prompt, and logs how many and why")
    func dropsOldest() throws {
        let model = ScriptedModel(contextLength: 256)
        let talk = conversation(model, template: .gemma, settings: ConversationSettings(systemPrompt: "Be brief.", maximumTokens: 32))
        var dropped = 0
        for number in 0..<40 {
            model.script = model.tokens("answer \(number)<end_of_turn>")
            let (reply, shown) = try ask(talk, "question \(number)")
            #expect(shown == "answer \(number)")
            dropped += reply.droppedTurns
            #expect(model.cachedText.hasPrefix("<s><start_of_turn>user\nBe brief.\n\nquestion \(dropped)<end_of_turn>"))
            #expect(model.cachedText.hasSuffix("question \(number)<end_of_turn>\n<start_of_turn>model\nanswer \(number)"))
            #expect(talk.turnCount == number + 1 - dropped)
            #expect(model.cache.count <= 256 - 32 + 16)
        }
        #expect(dropped > 30)
        let drops = log.all
        #expect(drops.count > 5)
        #expect(drops.allSatisfy { $0.hasPrefix("notice: the context of 256 tokens was full: the oldest ") })
    }

    @Test("A dialogue goes on however short its answers may be", arguments: [1, 4, 16, 64])
    func shortAnswers(maximumTokens: Int) throws {
        let model = ScriptedModel(contextLength: 256)
        let talk = conversation(model, template: .gemma, settings: ConversationSettings(maximumTokens: maximumTokens))
        for number in 0..<60 {
            model.script = model.tokens("a<end_of_turn>")
            #expect(try ask(talk, "question \(number)").shown == "a")
        }
    }

    @Test("A question that cannot fit is refused in one line with its numbers, and nothing is lost")
    func refusal() throws {
        let model = ScriptedModel(contextLength: 64, answers: ["yes"])
        let talk = conversation(model)
        _ = try ask(talk, "first")
        #expect(throws: ConversationError("""
            the question is too long: 101 tokens with all that stands around it, but the context holds 64 and at least 5 are for the answer
            """)) { try ask(talk, String(repeating: "x", count: 100)) }
        #expect(talk.turnCount == 1)
        model.script = model.tokens("b")
        _ = try ask(talk, "a")
        #expect(model.cachedText == "<s>firstyes\nab")
    }

    @Test("A tiny context never traps", arguments: 1...24)
    func tinyContext(_ length: Int) throws {
        let model = ScriptedModel(contextLength: length)
        let talk = conversation(model, template: .raw)
        for prompt in ["", "a", "abc", "abcdefgh", "abcdefghijklmnopqrstuvwxyz", "b"] {
            model.script = model.tokens(String(repeating: "x", count: 40))
            do {
                let (reply, _) = try ask(talk, prompt)
                #expect(reply.finish == .contextFull)
            } catch {
                #expect("\(error)".contains("the question is too long"))
            }
            #expect(model.cache.count <= length)
        }
    }
}
