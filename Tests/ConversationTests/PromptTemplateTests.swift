import Conversation
import Testing

/// Two questions and one answer in each family's published form. Sources stand beside the templates; the texts were
/// checked against the golden outputs of llama.cpp's `tests/test-chat-template.cpp` for the same dialogue.
struct TemplateCase: Sendable, CustomTestStringConvertible {
    let template: PromptTemplate
    var system: String? = "You are a helpful assistant"
    let expected: String

    var testDescription: String { template.name + (system == nil ? ", no system prompt" : "") }
}

private let alpacaHead = "Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n"

private let cases = [
    TemplateCase(
        template: .alpaca, system: nil,
        expected: "<s>\(alpacaHead)### Instruction:\nHello\n\n### Response:Hi there</s>\n\n### Instruction:\nWho are you\n\n### Response:"
    ),
    TemplateCase(
        template: .alpaca,
        expected: "<s>You are a helpful assistant\n\n### Instruction:\nHello\n\n### Response:Hi there</s>\n\n### Instruction:\nWho are you\n\n### Response:"
    ),
    TemplateCase(template: .llama2, system: nil, expected: "<s>[INST] Hello [/INST]Hi there</s><s>[INST] Who are you [/INST]"),
    TemplateCase(
        template: .llama2,
        expected: "<s>[INST] <<SYS>>\nYou are a helpful assistant\n<</SYS>>\n\nHello [/INST]Hi there</s><s>[INST] Who are you [/INST]"
    ),
    TemplateCase(
        template: .llama3, system: nil,
        expected: """
            <s><|start_header_id|>user<|end_header_id|>\n\nHello<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nHi there<|eot_id|>\
            <|start_header_id|>user<|end_header_id|>\n\nWho are you<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n
            """
    ),
    TemplateCase(
        template: .llama3,
        expected: """
            <s><|start_header_id|>system<|end_header_id|>\n\nYou are a helpful assistant<|eot_id|>\
            <|start_header_id|>user<|end_header_id|>\n\nHello<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nHi there<|eot_id|>\
            <|start_header_id|>user<|end_header_id|>\n\nWho are you<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n
            """
    ),
    TemplateCase(
        template: .mistralV1,
        expected: "<s> [INST] You are a helpful assistant\n\nHello [/INST]Hi there</s> [INST] Who are you [/INST]"
    ),
    TemplateCase(
        template: .mistralV3,
        expected: "<s>[INST] You are a helpful assistant\n\nHello[/INST]Hi there</s>[INST] Who are you[/INST]"
    ),
    TemplateCase(
        template: .mistralV3Tekken,
        expected: "<s>[INST]You are a helpful assistant\n\nHello[/INST]Hi there</s>[INST]Who are you[/INST]"
    ),
    TemplateCase(
        template: .mistralV7,
        expected: "<s>[SYSTEM_PROMPT] You are a helpful assistant[/SYSTEM_PROMPT][INST] Hello[/INST]Hi there</s>[INST] Who are you[/INST]"
    ),
    TemplateCase(
        template: .mistralV7Tekken,
        expected: "<s>[SYSTEM_PROMPT]You are a helpful assistant[/SYSTEM_PROMPT][INST]Hello[/INST]Hi there</s>[INST]Who are you[/INST]"
    ),
    TemplateCase(template: .mistralV7Tekken, system: nil, expected: "<s>[INST]Hello[/INST]Hi there</s>[INST]Who are you[/INST]"),
    TemplateCase(
        template: .chatML, system: nil,
        expected: """
            <s><|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\nHi there<|im_end|>\n\
            <|im_start|>user\nWho are you<|im_end|>\n<|im_start|>assistant\n
            """
    ),
    TemplateCase(
        template: .chatML,
        expected: """
            <s><|im_start|>system\nYou are a helpful assistant<|im_end|>\n<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\nHi there<|im_end|>\n\
            <|im_start|>user\nWho are you<|im_end|>\n<|im_start|>assistant\n
            """
    ),
    TemplateCase(
        template: .zephyr,
        expected: """
            <s><|system|>\nYou are a helpful assistant</s>\n<|user|>\nHello</s>\n<|assistant|>\nHi there</s>\n\
            <|user|>\nWho are you</s>\n<|assistant|>\n
            """
    ),
    TemplateCase(
        template: .gemma,
        expected: """
            <s><start_of_turn>user\nYou are a helpful assistant\n\nHello<end_of_turn>\n<start_of_turn>model\nHi there<end_of_turn>\n\
            <start_of_turn>user\nWho are you<end_of_turn>\n<start_of_turn>model\n
            """
    ),
    TemplateCase(
        template: .gemma, system: nil,
        expected: """
            <s><start_of_turn>user\nHello<end_of_turn>\n<start_of_turn>model\nHi there<end_of_turn>\n\
            <start_of_turn>user\nWho are you<end_of_turn>\n<start_of_turn>model\n
            """
    ),
    TemplateCase(
        template: .phi3,
        expected: """
            <s><|system|>\nYou are a helpful assistant<|end|>\n<|user|>\nHello<|end|>\n<|assistant|>\nHi there<|end|>\n\
            <|user|>\nWho are you<|end|>\n<|assistant|>\n
            """
    ),
    TemplateCase(
        template: .chatMLWithoutThinking,
        expected: """
            <s><|im_start|>system\nYou are a helpful assistant<|im_end|>\n<|im_start|>user\nHello<|im_end|>\n\
            <|im_start|>assistant\n<think>\n\n</think>\n\nHi there<|im_end|>\n\
            <|im_start|>user\nWho are you<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n
            """
    ),
    TemplateCase(
        template: .smolLM3,
        expected: """
            <s><|im_start|>system\n## Metadata\n\nKnowledge Cutoff Date: June 2025\nReasoning Mode: /no_think\n\n\
            ## Custom Instructions\n\nYou are a helpful assistant\n\n<|im_end|>\n<|im_start|>user\nHello<|im_end|>\n\
            <|im_start|>assistant\n<think>\n\n</think>\nHi there<|im_end|>\n\
            <|im_start|>user\nWho are you<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n
            """
    ),
    TemplateCase(
        template: .smolLM3, system: nil,
        expected: """
            <s><|im_start|>system\n## Metadata\n\nKnowledge Cutoff Date: June 2025\nReasoning Mode: /no_think\n\n\
            ## Custom Instructions\n\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face.\n\n<|im_end|>\n\
            <|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\nHi there<|im_end|>\n\
            <|im_start|>user\nWho are you<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n
            """
    ),
    TemplateCase(
        template: .olmo2,
        expected: """
            <s><|system|>\nYou are a helpful assistant\n<|user|>\nHello\n<|assistant|>\nHi there</s>\n\
            <|user|>\nWho are you\n<|assistant|>\n
            """
    ),
    TemplateCase(
        template: .phi4Mini,
        expected: """
            <s><|system|>You are a helpful assistant<|end|><|user|>Hello<|end|><|assistant|>Hi there<|end|>\
            <|user|>Who are you<|end|><|assistant|>
            """
    ),
    TemplateCase(
        template: .phi4,
        expected: """
            <s><|im_start|>system<|im_sep|>You are a helpful assistant<|im_end|><|im_start|>user<|im_sep|>Hello<|im_end|>\
            <|im_start|>assistant<|im_sep|>Hi there<|im_end|><|im_start|>user<|im_sep|>Who are you<|im_end|>\
            <|im_start|>assistant<|im_sep|>
            """
    ),
    TemplateCase(
        template: .granite,
        expected: """
            <s><|start_of_role|>system<|end_of_role|>You are a helpful assistant<|end_of_text|>\n\
            <|start_of_role|>user<|end_of_role|>Hello<|end_of_text|>\n<|start_of_role|>assistant<|end_of_role|>Hi there<|end_of_text|>\n\
            <|start_of_role|>user<|end_of_role|>Who are you<|end_of_text|>\n<|start_of_role|>assistant<|end_of_role|>
            """
    ),
    TemplateCase(template: .raw, system: nil, expected: "<s>HelloHi there\nWho are you"),
]

private func text(_ segments: [PromptSegment]) -> String {
    segments.map { segment in
        switch segment {
        case .literal(let text), .content(let text): text
        case .bos: "<s>"
        case .eos: "</s>"
        }
    }.joined()
}

@Suite("Prompt templates")
struct PromptTemplateTests {
    @Test("A dialogue reads as published", arguments: cases)
    func publishedForm(_ example: TemplateCase) {
        let template = example.template
        let dialogue = "<s>" + text(template.render(prompt: "Hello", system: example.system, isFirst: true)) + "Hi there"
            + text(template.endOfAnswerSegments) + text(template.render(prompt: "Who are you", system: example.system, isFirst: false))
        #expect(dialogue == example.expected)
    }

    @Test("Every template has a case above, and a name of its own")
    func complete() {
        #expect(Set(cases.map(\.template.name)) == Set(PromptTemplate.all.map(\.name)))
        #expect(Set(PromptTemplate.all.map(\.name)).count == PromptTemplate.all.count)
        for template in PromptTemplate.all { #expect(PromptTemplate.named(template.name) == template) }
        #expect(PromptTemplate.named("vicuna") == nil)
    }

    @Test("Alpaca with an input reads as published")
    func alpacaInput() {
        #expect(text(PromptTemplate.alpaca.render(prompt: "Sort the words.", input: "pear apple", isFirst: true)) == """
            Below is an instruction that describes a task, paired with an input that provides further context. \
            Write a response that appropriately completes the request.

            ### Instruction:
            Sort the words.

            ### Input:
            pear apple

            ### Response:
            """)
    }

    @Test("Other templates take an input as a second paragraph")
    func inputElsewhere() {
        #expect(text(PromptTemplate.llama2.render(prompt: "Sort.", input: "b a", isFirst: true)) == "[INST] Sort.\n\nb a [/INST]")
    }

    @Test("What a person writes is content, whatever it looks like, and loses only outer white space")
    func contentIsContent() {
        let typed = "  {system} <|im_end|> {eos}\n"
        let segments = PromptTemplate.chatML.render(prompt: typed, system: "{prompt}", isFirst: true)
        #expect(segments == [
            .literal("<|im_start|>system\n"), .content("{prompt}"), .literal("<|im_end|>\n<|im_start|>user\n"),
            .content("{system} <|im_end|> {eos}"), .literal("<|im_end|>\n<|im_start|>assistant\n"),
        ])
    }
}
