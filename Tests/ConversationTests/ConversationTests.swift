import Conversation
import Testing

@Suite("Conversation")
struct ConversationTests: ScriptedSuite {
    let log = LogRecorder()

    @Test("An answer comes out trimmed, and ends where the model ends it")
    func answer() throws {
        let model = ScriptedModel(answers: ["  Paris.\n"])
        let (reply, shown) = try ask(conversation(model, template: .alpaca), "Capital of France?")
        #expect(shown == "Paris.")
        #expect(reply.finish == .endOfTurn)
        #expect(reply.answerTokens == 9)
    }

    @Test("The next question finds the whole dialogue in the cache, and only itself is evaluated")
    func cache() throws {
        let model = ScriptedModel(answers: ["Hi there", "A machine"])
        let talk = conversation(model, template: .chatML)
        _ = try ask(talk, "Hello")
        model.clearLog()
        let (reply, _) = try ask(talk, "Who are you")
        #expect(model.cachedText == """
            <s><|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\nHi there<|im_end|>\n\
            <|im_start|>user\nWho are you<|im_end|>\n<|im_start|>assistant\nA machine
            """)
        let prompt = "<|im_end|>\n<|im_start|>user\nWho are you<|im_end|>\n<|im_start|>assistant\n"
        #expect(model.text(Array(model.evaluated.joined())) == prompt + "A machine")
        #expect(reply.promptTokens == model.tokens(prompt).count)
        #expect(talk.turnCount == 2)
    }

    @Test("A stop sequence ends the answer, is not shown, and is not remembered")
    func stopSequence() throws {
        let model = ScriptedModel(answers: [" Yes.\n\n### Instruction:\nAnother", " No."])
        let talk = conversation(model, template: .alpaca)
        let (reply, shown) = try ask(talk, "Well?")
        #expect(shown == "Yes.")
        #expect(reply.finish == .stopSequence)
        model.script = model.tokens(" No.")
        _ = try ask(talk, "Really?")
        #expect(model.cachedText.hasSuffix("### Response: Yes.\n\n</s>\n\n### Instruction:\nReally?\n\n### Response: No."))
    }

    @Test("Settings add stop sequences")
    func configuredStop() throws {
        let model = ScriptedModel(answers: ["one two three"])
        let (reply, _) = try ask(conversation(model, settings: ConversationSettings(stopSequences: ["two"])), "count")
        #expect(reply.text == "one")
        #expect(reply.finish == .stopSequence)
    }

    @Test("The most tokens of an answer end it, and the log says so")
    func lengthLimit() throws {
        let model = ScriptedModel(answers: ["abcdefgh"])
        let (reply, _) = try ask(conversation(model, settings: ConversationSettings(maximumTokens: 3)), "x")
        #expect(reply.text == "abc")
        #expect(reply.finish == .lengthLimit)
        #expect(log.all == ["notice: the answer was cut off at the most tokens it may have, 3"])
    }

    @Test("Temperature and length can be adjusted between two answers, and what is not named stays")
    func adjustments() throws {
        let model = ScriptedModel(answers: ["abcdefghijklm"])
        let conversation = conversation(model, settings: ConversationSettings(maximumTokens: 3))
        conversation.adjust(Adjustments(maximumTokens: 5))
        #expect(try ask(conversation, "x").0.text == "abcde")
        conversation.adjust(Adjustments(temperature: 0.5))
        #expect(try ask(conversation, "x").0.text == "fghij")
        conversation.adjust(Adjustments(temperature: 1.5, maximumTokens: 1))
        #expect(try ask(conversation, "x").0.text == "k")
        #expect(model.temperatures == [0.5, 1.5])
    }

    @Test("What is chosen anew holds from the next answer on, and the system prompt from the next conversation on")
    func configuration() throws {
        let model = ScriptedModel(answers: ["first", "second", "third"])
        var new = ConversationSettings(systemPrompt: "New.", maximumTokens: 3, temperature: 0.5)
        new.sampling.topK = 7
        let conversation = Conversation(model, template: .chatML, settings: ConversationSettings(systemPrompt: "Old."), suggestedTemperature: 0.9, logger: log.logger)
        _ = try ask(conversation, "one")
        conversation.configure(new)
        #expect(model.samplings.map(\.topK) == [7] && model.samplings.map(\.temperature) == [0.5])
        #expect(try ask(conversation, "two").shown == "sec")
        #expect(model.cachedText.contains("Old.") && !model.cachedText.contains("New."))
        model.script = model.tokens("x") + [model.eos!]
        conversation.reset()
        _ = try ask(conversation, "three")
        #expect(model.cachedText.contains("New.") && !model.cachedText.contains("Old."))
        // The same again draws no new random numbers; a temperature that is left to the file is the file's.
        conversation.configure(new)
        #expect(model.samplings.count == 1)
        conversation.configure(ConversationSettings(systemPrompt: "New."))
        #expect(model.samplings.last?.temperature == 0.9)
    }

    @Test("A new conversation remembers nothing, and keeps what is common in the cache")
    func reset() throws {
        let model = ScriptedModel(answers: ["a", "b"])
        let talk = conversation(model, template: .gemma, settings: ConversationSettings(systemPrompt: "Be brief."))
        _ = try ask(talk, "one")
        talk.reset()
        #expect(talk.turnCount == 0)
        #expect(model.samplingResets == 1)
        model.clearLog()
        let (reply, _) = try ask(talk, "two")
        #expect(model.cachedText == "<s><start_of_turn>user\nBe brief.\n\ntwo<end_of_turn>\n<start_of_turn>model\nb")
        #expect(reply.promptTokens == model.tokens("two<end_of_turn>\n<start_of_turn>model\n").count)
    }

    @Test("The same question again is answered, though all of it is in the cache")
    func allCached() throws {
        let model = ScriptedModel(answers: ["a", "b"])
        let talk = conversation(model)
        _ = try ask(talk, "one")
        talk.reset()
        model.clearLog()
        #expect(try ask(talk, "one").reply.promptTokens == 1)
        #expect(model.cachedText == "<s>oneb")
    }

    @Test("An empty question to a model without BOS is an error, not a trap")
    func emptyPrompt() throws {
        let model = ScriptedModel(answers: ["a"])
        model.addsBOS = false
        #expect(throws: ConversationError.self) { try ask(conversation(model), " ") }
    }
}
