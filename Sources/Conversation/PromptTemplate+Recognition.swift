/// What a model file says about itself, as far as it helps to find its prompt template.
public struct TemplateEvidence: Sendable {
    /// `tokenizer.chat_template`, a Jinja program from outside: searched, never run.
    public var chatTemplate: String?
    /// `general.name` and `general.basename`, or nothing.
    public var name: String
    /// Whether the vocabulary has a token of exactly that text.
    public var hasToken: @Sendable (String) -> Bool

    public init(chatTemplate: String? = nil, name: String = "", hasToken: @escaping @Sendable (String) -> Bool = { _ in false }) {
        self.chatTemplate = chatTemplate
        self.name = name
        self.hasToken = hasToken
    }
}

extension PromptTemplate {
    /// Bytes of a chat template that are looked at; the longest known ones are a tenth of this.
    private static let recognitionLimit = 256 * 1024

    /// The template that the evidence points to, strongest first: the chat template's tell-tale texts, the model's name, the
    /// vocabulary. Nil when nothing is known, which `raw` suits.
    public static func recognise(_ evidence: TemplateEvidence) -> PromptTemplate? {
        if let text = evidence.chatTemplate, let found = recognise(chatTemplate: text) {
            return found
        }
        return recognise(name: evidence.name) ?? recognise(vocabulary: evidence.hasToken)
    }

    /// The family whose tell-tale texts a Jinja chat template holds, or nil. The order and the texts that tell Mistral's
    /// versions apart follow llama.cpp, `src/llama-chat.cpp`, `llm_chat_detect_template`.
    public static func recognise(chatTemplate: String) -> PromptTemplate? {
        let text = Array(chatTemplate.utf8.prefix(recognitionLimit))
        func has(_ needle: String) -> Bool { text.contains(needle.utf8) }

        if has("<|im_start|>") {
            if has("<|im_sep|>") { return .phi4 }
            if has("<end_of_utterance>") { return nil } // SmolVLM uses the token in another form
            if has("## Custom Instructions"), has("/no_think") { return .smolLM3 }
            return has("enable_thinking") ? .chatMLWithoutThinking : .chatML
        }
        if has("[INST]") {
            if has("[SYSTEM_PROMPT]") {
                return has("[INST] ") || has("[SYSTEM_PROMPT] ") ? .mistralV7 : .mistralV7Tekken
            }
            if has("<<SYS>>") { return .llama2 }
            if has("' [INST] '") || has("\" [INST] \"") { return .mistralV1 }
            if has("\"[INST]\"") || has("'[INST]'") { return .mistralV3Tekken }
            if has("[AVAILABLE_TOOLS]") || has("[/INST]'") && !has(" [/INST]") { return .mistralV3 }
            // Mistral 7B Instruct 0.1 and 0.2 as first published: the form of Llama-2 without a system prompt.
            return .mistralV1
        }
        if has("<|start_header_id|>"), has("<|end_header_id|>") { return .llama3 }
        if has("<start_of_turn>") { return .gemma }
        if has("<|start_of_role|>"), has("<|end_of_role|>") { return .granite }
        if has("[gMASK]") { return nil }
        if has("<|assistant|>"), has("<|end|>") {
            return has("'<|' + message['role'] + '|>'") ? .phi4Mini : .phi3
        }
        if has("<|user|>"), has("eos_token") || has("<|endoftext|>") || has("</s>") {
            return endsQuestions(text) ? .zephyr : .olmo2
        }
        if has("### Instruction:"), has("### Response:"), !has("<|EOT|>") { return .alpaca }
        return nil
    }

    /// Whether an end of text stands between the question's marker and the answer's.
    private static func endsQuestions(_ text: [UInt8]) -> Bool {
        guard let user = text.firstRange(of: Array("<|user|>".utf8)) else { return false }
        let rest = text[user.upperBound...]
        let question = rest[..<(rest.firstRange(of: Array("<|assistant|>".utf8))?.lowerBound ?? rest.endIndex)]
        return ["eos_token", "<|endoftext|>", "</s>"].contains { question.contains($0.utf8) }
    }

    private static func recognise(name: String) -> PromptTemplate? {
        let name = name.lowercased()
        func has(_ needle: String) -> Bool { name.utf8.contains(needle.utf8) }

        let families: [(words: [String], template: PromptTemplate)] = [
            (["alpaca"], .alpaca), (["platen"], .alpaca),
            (["zephyr"], .zephyr), (["tinyllama", "chat"], .zephyr),
            (["llama-2", "chat"], .llama2), (["llama2", "chat"], .llama2), (["llama v2", "chat"], .llama2),
            (["mixtral", "instruct"], .mistralV1), (["mistral", "instruct-v0.3"], .mistralV3), (["mistral", "instruct"], .mistralV1),
            (["phi-3"], .phi3), (["phi3"], .phi3),
        ]
        return families.first { $0.words.allSatisfy(has) }?.template
    }

    private static func recognise(vocabulary hasToken: (String) -> Bool) -> PromptTemplate? {
        if hasToken("<|im_start|>"), hasToken("<|im_end|>") { return .chatML }
        if hasToken("<start_of_turn>"), hasToken("<end_of_turn>") { return .gemma }
        if hasToken("<|start_header_id|>"), hasToken("<|eot_id|>") { return .llama3 }
        if hasToken("<|start_of_role|>"), hasToken("<|end_of_role|>") { return .granite }
        if hasToken("<|assistant|>"), hasToken("<|end|>") { return .phi3 }
        return nil
    }
}
