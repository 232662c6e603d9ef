import Conversation
import Testing

/// Tests that talk to a scripted model.
protocol ScriptedSuite {
    var log: LogRecorder { get }
}

extension ScriptedSuite {
    func conversation(
        _ model: ScriptedModel, template: PromptTemplate = .raw, settings: ConversationSettings = ConversationSettings()
    ) -> Conversation {
        Conversation(model, template: template, settings: settings, logger: log.logger)
    }

    func ask(_ conversation: Conversation, _ prompt: String) throws -> (reply: Reply, shown: String) {
        var shown = ""
        let reply = try conversation.reply(to: prompt) { text in
            #expect(!text.isEmpty)
            shown += text
            return true
        }
        #expect(reply.text == shown)
        return (reply, shown)
    }
}
