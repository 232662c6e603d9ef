import Conversation
import Testing

struct RecognitionCase: Sendable, CustomTestStringConvertible {
    let model: String
    /// What tells the families apart, as it stands in the model's published `tokenizer_config.json`, not the whole program.
    let chatTemplate: String
    let expected: PromptTemplate?

    var testDescription: String { model }
}

private let cases = [
    RecognitionCase(
        model: "OpenHermes-2.5-Mistral-7B",
        chatTemplate: "{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}", expected: .chatML
    ),
    RecognitionCase(model: "phi-4", chatTemplate: "{{'<|im_start|>user<|im_sep|>' + message['content'] + '<|im_end|>'}}", expected: .phi4),
    RecognitionCase(
        model: "SmolVLM", chatTemplate: "<|im_start|>{% for message in messages %}{{ '<end_of_utterance>\\n' }}{% endfor %}", expected: nil
    ),
    RecognitionCase(
        model: "Qwen3-0.6B",
        chatTemplate: "{{- '<|im_start|>assistant\\n' }}{%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}",
        expected: .chatMLWithoutThinking
    ),
    RecognitionCase(
        model: "SmolLM3-3B",
        chatTemplate: "{%- set reasoning_mode = \"/no_think\" -%}{{- \"<|im_start|>system\\n\" -}}{{- \"## Custom Instructions\\n\\n\" -}}{%- if enable_thinking -%}",
        expected: .smolLM3
    ),
    RecognitionCase(
        model: "LFM2-1.2B", chatTemplate: "{{- \"<|im_start|>\" + message[\"role\"] + \"\\n\" -}}{{- content + \"<|im_end|>\\n\" -}}", expected: .chatML
    ),
    RecognitionCase(
        model: "granite-3.3-2b-instruct",
        chatTemplate: "{{- '<|start_of_role|>' + message['role'] + '<|end_of_role|>' + message['content'] + '<|end_of_text|>\\n' }}", expected: .granite
    ),
    RecognitionCase(
        model: "Phi-4-mini-instruct",
        chatTemplate: "{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}{{ '<|assistant|>' }}", expected: .phi4Mini
    ),
    RecognitionCase(
        model: "OLMo-2-1124-7B-Instruct",
        chatTemplate: "{{ bos_token }}{{ '<|user|>\\n' + message['content'] + '\\n' }}{{ '<|assistant|>\\n'  + message['content'] + eos_token + '\\n' }}",
        expected: .olmo2
    ),
    RecognitionCase(
        model: "Mistral-7B-Instruct-v0.2, first form",
        chatTemplate: "{{ '[INST] ' + message['content'] + ' [/INST]' }}{{ message['content'] + eos_token}}", expected: .mistralV1
    ),
    RecognitionCase(
        model: "Mistral-7B-Instruct-v0.2", chatTemplate: "{{- ' [INST] ' + system_message + '\\n\\n' + message['content'] + ' [/INST]' }}",
        expected: .mistralV1
    ),
    RecognitionCase(
        model: "Mistral-7B-Instruct-v0.3",
        chatTemplate: "{{- \"[AVAILABLE_TOOLS] [\" }}{{- \"[INST] \" + message[\"content\"] + \"[/INST]\" }}", expected: .mistralV3
    ),
    RecognitionCase(
        model: "Mistral-Nemo-Instruct-2407",
        chatTemplate: "{{- \"[AVAILABLE_TOOLS][\" }}{{- \"[INST]\" + message[\"content\"] + \"[/INST]\" }}", expected: .mistralV3Tekken
    ),
    RecognitionCase(
        model: "Mistral-Large-Instruct-2411",
        chatTemplate: "{{ '[INST] ' + message['content'] + '[/INST]' }}{{ '[SYSTEM_PROMPT] ' + message['content'] + '[/SYSTEM_PROMPT]' }}",
        expected: .mistralV7
    ),
    RecognitionCase(
        model: "Mistral-Small-3.1-24B-Instruct-2503",
        chatTemplate: "{{- '[SYSTEM_PROMPT]' + system_message + '[/SYSTEM_PROMPT]' }}{{- '[INST]' + message['content'] + '[/INST]' }}",
        expected: .mistralV7Tekken
    ),
    RecognitionCase(
        model: "Llama-2-7b-chat-hf",
        chatTemplate: "'<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' ... {{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}",
        expected: .llama2
    ),
    RecognitionCase(
        model: "Llama-3.1-8B-Instruct", chatTemplate: "{{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' }}", expected: .llama3
    ),
    RecognitionCase(
        model: "gemma-7b-it", chatTemplate: "{{ '<start_of_turn>' + role + '\\n' + message['content'] | trim + '<end_of_turn>\\n' }}", expected: .gemma
    ),
    RecognitionCase(
        model: "Phi-3-mini-4k-instruct", chatTemplate: "{{'<|user|>' + '\\n' + message['content'] + '<|end|>' + '\\n' + '<|assistant|>' + '\\n'}}",
        expected: .phi3
    ),
    RecognitionCase(
        model: "zephyr-7b-beta", chatTemplate: "{{ '<|user|>\\n' + message['content'] + eos_token }}{{ '<|assistant|>' }}", expected: .zephyr
    ),
    RecognitionCase(
        model: "stablelm-2-zephyr-1_6b", chatTemplate: "{{ '<|user|>\\n' + message['content'] + '<|endoftext|>' }}{{ '<|assistant|>\\n' }}",
        expected: .zephyr
    ),
    RecognitionCase(
        model: "an Alpaca", chatTemplate: "### Instruction:\\n{{ message['content'] }}\\n\\n### Response:", expected: .alpaca
    ),
    RecognitionCase(
        model: "deepseek-coder", chatTemplate: "'### Instruction:\\n' + message['content'] ... '### Response:\\n' + message['content'] + '\\n<|EOT|>\\n'",
        expected: nil
    ),
    RecognitionCase(model: "chatglm", chatTemplate: "[gMASK]<sop><|user|>\\n<|assistant|>\\n{{ eos_token }}", expected: nil),
    RecognitionCase(model: "an unknown one", chatTemplate: "{{ messages }}", expected: nil),
    RecognitionCase(model: "an endless loop", chatTemplate: "{% for i in range(10**18) %}{% endfor %}", expected: nil),
    RecognitionCase(model: "nothing", chatTemplate: "", expected: nil),
]

@Suite("Recognising a template")
struct RecognitionTests {
    @Test("by the texts in the chat template", arguments: cases)
    func byChatTemplate(_ example: RecognitionCase) {
        #expect(PromptTemplate.recognise(chatTemplate: example.chatTemplate)?.name == example.expected?.name)
    }

    @Test("by the model's name", arguments: [
        ("Alpaca 7B native", "alpaca"), ("platen-tiny", "alpaca"), ("TinyLlama 1.1B Chat v1.0", "zephyr"), ("LLaMA v2 7B chat", "llama-2"),
        ("Llama-2-13b-chat-hf", "llama-2"), ("mistral-7b-instruct-v0.2", "mistral-v1"), ("Mistral 7B Instruct-v0.3", "mistral-v3"),
        ("Phi-3 mini 4k", "phi-3"),
    ])
    func byName(_ name: String, _ expected: String) {
        #expect(PromptTemplate.recognise(TemplateEvidence(name: name))?.name == expected)
    }

    @Test("by control tokens in the vocabulary", arguments: [
        (["<|im_start|>", "<|im_end|>"], "chatml"), (["<start_of_turn>", "<end_of_turn>"], "gemma"),
        (["<|start_header_id|>", "<|eot_id|>"], "llama-3"), (["<|start_of_role|>", "<|end_of_role|>"], "granite"), (["<|assistant|>", "<|end|>"], "phi-3"),
    ])
    func byVocabulary(_ tokens: [String], _ expected: String) {
        #expect(PromptTemplate.recognise(TemplateEvidence { tokens.contains($0) })?.name == expected)
    }

    @Test("the chat template weighs more than the name, the name more than the vocabulary")
    func order() {
        let all = TemplateEvidence(chatTemplate: "<start_of_turn>", name: "alpaca") { $0.hasPrefix("<|im_") }
        #expect(PromptTemplate.recognise(all) == .gemma)
        #expect(PromptTemplate.recognise(TemplateEvidence(chatTemplate: "?", name: "alpaca") { $0.hasPrefix("<|im_") }) == .alpaca)
        #expect(PromptTemplate.recognise(TemplateEvidence(chatTemplate: "?", name: "base") { $0.hasPrefix("<|im_") }) == .chatML)
        #expect(PromptTemplate.recognise(TemplateEvidence(name: "stories260K")) == nil)
    }

    @Test("a chat template of a hundred megabytes takes time in proportion to its length, no more")
    func hugeTemplate() {
        func elapsed(_ count: Int) -> Duration {
            let huge = String(repeating: "[INST", count: count)
            return ContinuousClock().measure { #expect(PromptTemplate.recognise(chatTemplate: huge) == nil) }
        }
        // A search that begins anew at every place would take 400 times as long, and not end today.
        let short = elapsed(1_000_000)
        #expect(elapsed(20_000_000) < short * 100)
    }
}
