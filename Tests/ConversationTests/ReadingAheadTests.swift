import Conversation
import Inference
import Logging
import TestSupport
import Testing

@Suite("Reading ahead")
struct ReadingAheadTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func conversation(_ model: ScriptedModel, _ template: PromptTemplate = .chatML) -> Conversation {
        Conversation(model, template: template, settings: ConversationSettings(), logger: logger)
    }

    private func ask(_ talk: Conversation, _ prompt: String) throws -> Reply {
        try talk.reply(to: prompt) { _ in true }
    }

    private func type(_ text: String, _ talk: Conversation) {
        for end in text.indices { talk.readAhead(String(text[...end]), isPausing: false, isCurrent: { true }) { true } }
    }

    @Test("What stands before every question is read before anything is typed")
    func opening() {
        let model = ScriptedModel()
        conversation(model).readAhead("", isPausing: false, isCurrent: { true }) { true }
        #expect(model.cachedText == "<s><|im_start|>user\n")
    }

    @Test("Whole words are read while the next one is typed; after Return only the rest")
    func words() throws {
        let model = ScriptedModel(answers: ["Paris"])
        let talk = conversation(model)
        type("Capital of Fra", talk)
        #expect(model.cachedText == "<s><|im_start|>user\nCapital of ")
        // Every token once: nothing was taken back on the way.
        #expect(model.evaluated.joined().elementsEqual(model.cache))
        model.clearLog()
        let reply = try ask(talk, "Capital of France")
        #expect(reply.text == "Paris")
        #expect(model.text(Array(model.evaluated.joined())) == "France<|im_end|>\n<|im_start|>assistant\nParis")
        #expect(model.cachedText == "<s><|im_start|>user\nCapital of France<|im_end|>\n<|im_start|>assistant\nParis")
    }

    @Test("A model that cannot take tokens back cheaply reads no more than whole words, however long the pause")
    func noGuess() {
        let model = ScriptedModel()
        model.rewindsFreely = false
        let talk = conversation(model)
        type("Capital of Fra", talk)
        talk.readAhead("Capital of Fra", isPausing: true, isCurrent: { true }) { true }
        #expect(model.cachedText == "<s><|im_start|>user\nCapital of ")
    }

    @Test("After a pause nothing is left to evaluate, and nothing is evaluated")
    func pause() throws {
        let model = ScriptedModel(answers: ["Paris"])
        let talk = conversation(model)
        type("Capital?", talk)
        talk.readAhead("Capital?", isPausing: true, isCurrent: { true }) { true }
        model.clearLog()
        var evaluatedBeforeFirst = -1
        let reply = try talk.reply(to: "Capital?") { _ in
            if evaluatedBeforeFirst < 0 { evaluatedBeforeFirst = model.evaluated.count }
            return true
        }
        #expect(evaluatedBeforeFirst == 0)
        #expect(reply.promptTokens == 0)
        #expect(reply.text == "Paris")
        // The answer's last token is in no way ready for a second sample.
        model.script = model.tokens("Again") + [model.eos!]
        #expect(try ask(talk, "And?").text == "Again")
    }

    @Test("What was typed after the pause, or erased, is as if it had been typed so at once", arguments: [
        ["Capital of", "Capital of France", "Capital of"], ["one two three", "one tx", "one", "one two "], ["a", "", "b c d", " "],
    ])
    func corrections(_ lines: [String]) throws {
        let model = ScriptedModel(answers: ["yes"]), plain = ScriptedModel(answers: ["yes"])
        let talk = conversation(model)
        for (number, line) in lines.enumerated() { talk.readAhead(line, isPausing: number % 2 == 0, isCurrent: { true }) { true } }
        #expect(try ask(talk, "the end of it").text == "yes")
        _ = try ask(conversation(plain), "the end of it")
        #expect(model.cache == plain.cache)
    }

    @Test("Reading ends between small steps when it is not wanted any more, and goes on later from there")
    func unwanted() throws {
        let model = ScriptedModel(answers: ["yes"])
        let talk = conversation(model)
        let line = String(repeating: "long words ", count: 20)
        talk.readAhead(line, isPausing: true, isCurrent: { true }) { false }
        #expect(model.evaluated.count == 1)
        #expect(model.cache.count <= 16)
        talk.readAhead(line, isPausing: true, isCurrent: { true }) { true }
        #expect(model.evaluated.joined().elementsEqual(model.cache))
    }

    @Test("A key within the step ends the reading of a pause, with nothing evaluated; that of whole words goes one step on")
    func changed() throws {
        let model = ScriptedModel(answers: ["yes"])
        let talk = conversation(model)
        talk.readAhead("one two", isPausing: true, isCurrent: { false }) { true }
        #expect(model.evaluated.isEmpty)
        talk.readAhead("one two", isPausing: false, isCurrent: { false }) { true }
        #expect(model.evaluated.count == 1)
        #expect(try ask(talk, "one two").text == "yes")
    }

    @Test("A line too long for the context is left to the answer's error")
    func tooLong() {
        let model = ScriptedModel(contextLength: 64)
        let talk = conversation(model)
        talk.readAhead(String(repeating: "long words ", count: 20), isPausing: true, isCurrent: { true }) { true }
        #expect(model.evaluated.isEmpty)
        #expect(throws: ConversationError.self) { try ask(talk, String(repeating: "long words ", count: 20)) }
    }

    @Test("A failure of the model while it reads ahead is forgotten when it works again")
    func failure() throws {
        let model = ScriptedModel(answers: ["yes"])
        let talk = conversation(model)
        model.failure = ConversationError("hot")
        talk.readAhead("one two", isPausing: true, isCurrent: { true }) { true }
        model.failure = nil
        #expect(try ask(talk, "one two").text == "yes")
    }

    @Test(
        "With a real tokenizer and model no answer changes, whatever was read ahead",
        .enabled(if: SharedFiles.path("data/models/stories260K-f32.gguf") != nil, "needs shared/data/models"),
        arguments: [PromptTemplate.raw, .alpaca, .zephyr, .gemma]
    )
    func sameAnswers(_ template: PromptTemplate) throws {
        func talk() throws -> Conversation {
            var sampling = SamplingSettings()
            sampling.temperature = 0
            let settings = ConversationSettings(template: template, maximumTokens: 12, sampling: sampling)
            return try Conversation(
                OpenModel(path: #require(SharedFiles.path("data/models/stories260K-f32.gguf"))), contextLength: 160, threads: 1,
                settings: settings, logger: logger)
        }
        let plain = try talk(), ahead = try talk()
        var random = SeededGenerator(seed: 7)
        for prompt in ["Once upon a time, there  was\ta cat", "The dog said: \"hello\"", "Lily and Tom went to the park", "Then?", "One day"] {
            var end = prompt.startIndex
            while end < prompt.endIndex {
                end = prompt.index(end, offsetBy: Int.random(in: 1...6, using: &random), limitedBy: prompt.endIndex) ?? prompt.endIndex
                ahead.readAhead(String(prompt[..<end]), isPausing: Bool.random(using: &random), isCurrent: { true }) { Bool.random(using: &random) }
            }
            #expect(try ask(ahead, prompt).text == ask(plain, prompt).text)
        }
    }
}
