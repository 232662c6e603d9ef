import Conversation
import Inference
import Logging
import TestSupport
import Testing

/// Conversations with a real, if tiny, model. It is not part of the repository: without it these are skipped.
@Suite("Conversation with a real model", .enabled(if: SharedFiles.path("data/models/stories260K-f32.gguf") != nil, "needs shared/data/models"))
struct StoriesTests {
    private func conversation(contextLength: Int? = nil, maximumTokens: Int = 24) throws -> Conversation {
        var sampling = SamplingSettings()
        sampling.temperature = 0
        return try Conversation(
            OpenModel(path: #require(SharedFiles.path("data/models/stories260K-f32.gguf"))), contextLength: contextLength, threads: 1,
            settings: ConversationSettings(maximumTokens: maximumTokens, sampling: sampling), logger: Logger(label: "") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func answers(_ conversation: Conversation, _ prompts: [String]) throws -> [String] {
        try prompts.map { try conversation.reply(to: $0) { _ in true }.text }
    }

    private let prompts = ["Once upon a time", "Then Lily", "The end of the day"]

    @Test("A model that names no template goes on with the text")
    func raw() throws {
        let talk = try conversation()
        #expect(talk.template == .raw)
        let answer = try #require(answers(talk, ["Once upon a time"]).first)
        #expect(answer.hasPrefix(", there was a little girl named Lily. She loved to play"))
    }

    @Test("What is in the cache changes no answer: kept, dropped, reset, cancelled or stopped on the way")
    func cache() throws {
        let expected = try answers(conversation(), prompts)

        let again = try conversation()
        _ = try answers(again, ["Tom and Sam", "A big dog"])
        again.reset()
        #expect(try answers(again, prompts) == expected)

        let cancelled = try conversation()
        _ = try answers(cancelled, Array(prompts.prefix(2)))
        let cancellation = Cancellation()
        cancellation.cancel()
        let nothing = try cancelled.reply(to: String(repeating: "long words ", count: 12), cancellation: cancellation) { _ in true }
        #expect(nothing.finish == .cancelled && nothing.text.isEmpty)
        #expect(try answers(cancelled, Array(prompts.suffix(1))) == Array(expected.suffix(1)))
    }

    @Test("When all earlier turns were dropped, the answer is that of a fresh conversation")
    func dropped() throws {
        func question(_ number: Int) -> String {
            "The cat number \(number) saw a big dog and ran up the tall tree in the park with a red ball and a little bird that sang"
        }
        let long = try conversation(contextLength: 128, maximumTokens: 16)
        for number in 1...6 {
            let reply = try long.reply(to: question(number)) { _ in true }
            guard reply.droppedTurns > 0 else { continue }
            #expect(long.turnCount == 1)
            #expect(try answers(conversation(contextLength: 128, maximumTokens: 16), [question(number)]) == [reply.text])
            return
        }
        Issue.record("nothing was dropped")
    }

    @Test("The context may be no longer than the model's own")
    func contextLength() throws {
        #expect(try conversation(contextLength: 1_000_000).contextLength == 512)
        #expect(try conversation(contextLength: 100).contextLength == 100)
        #expect(try conversation().contextLength == 512)
    }
}
