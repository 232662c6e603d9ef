extension PromptTemplate {
    private static let alpacaTask = "Below is an instruction that describes a task"
    private static let alpacaRequest = "Write a response that appropriately completes the request.\n\n"

    /// tatsu-lab/stanford_alpaca, `train.py`, `PROMPT_DICT`. A system prompt takes the place of the introduction.
    /// Alpaca knew one question only; later ones repeat its headings after the answer's end.
    public static let alpaca = PromptTemplate(
        "alpaca",
        opening: "\(alpacaTask). \(alpacaRequest)",
        openingWithSystem: "{system}\n\n",
        following: "\n\n",
        turn: "### Instruction:\n{prompt}\n\n### Response:",
        endOfAnswer: "{eos}",
        stopSequences: ["### Instruction:", "### Input:", "### Response:", "</s>"],
        withInput: InputForm(
            opening: "\(alpacaTask), paired with an input that provides further context. \(alpacaRequest)",
            turn: "### Instruction:\n{prompt}\n\n### Input:\n{input}\n\n### Response:"
        )
    )

    /// meta-llama/llama, `generation.py`, `chat_completion`: every turn is a text of its own, with its own BOS. The space
    /// that stands there before EOS is left to the model, which was taught to write it.
    public static let llama2 = PromptTemplate(
        "llama-2",
        opening: "[INST] ",
        openingWithSystem: "[INST] <<SYS>>\n{system}\n<</SYS>>\n\n",
        following: "{bos}[INST] ",
        turn: "{prompt} [/INST]",
        endOfAnswer: "{eos}",
        stopSequences: ["[INST]", "</s>"]
    )

    /// meta-llama/llama3, `tokenizer.py`, `ChatFormat`.
    public static let llama3 = PromptTemplate(
        "llama-3",
        opening: "<|start_header_id|>user<|end_header_id|>\n\n",
        openingWithSystem:
            "<|start_header_id|>system<|end_header_id|>\n\n{system}<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n",
        following: "<|start_header_id|>user<|end_header_id|>\n\n",
        turn: "{prompt}<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
        endOfAnswer: "<|eot_id|>",
        stopSequences: ["<|eot_id|>", "<|start_header_id|>"]
    )

    // Mistral's forms differ in the spaces around the brackets: mistralai/cookbook,
    // concept-deep-dive/tokenization/chat_templates.md; version 7: model cards of Mistral-Large-Instruct-2411 and
    // Mistral-Small-3.1-24B-Instruct-2503.

    /// Mistral 7B Instruct 0.1 and 0.2, Mixtral 8x7B: `<s> [INST] question [/INST] answer</s> [INST] ...`
    public static let mistralV1 = PromptTemplate(
        "mistral-v1", opening: " [INST] ", openingWithSystem: " [INST] {system}\n\n", following: " [INST] ",
        turn: "{prompt} [/INST]", endOfAnswer: "{eos}", stopSequences: ["[INST]", "</s>"]
    )

    /// Mistral 7B Instruct 0.3, Mistral Large 2407: `<s>[INST] question[/INST] answer</s>[INST] ...`
    public static let mistralV3 = PromptTemplate(
        "mistral-v3", opening: "[INST] ", openingWithSystem: "[INST] {system}\n\n", following: "[INST] ",
        turn: "{prompt}[/INST]", endOfAnswer: "{eos}", stopSequences: ["[INST]", "</s>"]
    )

    /// Mistral Nemo, Ministral, Pixtral: `<s>[INST]question[/INST]answer</s>[INST]...`
    public static let mistralV3Tekken = PromptTemplate(
        "mistral-v3-tekken", opening: "[INST]", openingWithSystem: "[INST]{system}\n\n", following: "[INST]",
        turn: "{prompt}[/INST]", answerLead: "", endOfAnswer: "{eos}", stopSequences: ["[INST]", "</s>"]
    )

    /// Mistral Large 2411: `<s>[SYSTEM_PROMPT] system[/SYSTEM_PROMPT][INST] question[/INST] answer</s>[INST] ...`
    public static let mistralV7 = PromptTemplate(
        "mistral-v7", opening: "[INST] ", openingWithSystem: "[SYSTEM_PROMPT] {system}[/SYSTEM_PROMPT][INST] ", following: "[INST] ",
        turn: "{prompt}[/INST]", endOfAnswer: "{eos}", stopSequences: ["[INST]", "</s>"]
    )

    /// Mistral Small 3 and 3.1: `<s>[SYSTEM_PROMPT]system[/SYSTEM_PROMPT][INST]question[/INST]answer</s>[INST]...`
    public static let mistralV7Tekken = PromptTemplate(
        "mistral-v7-tekken", opening: "[INST]", openingWithSystem: "[SYSTEM_PROMPT]{system}[/SYSTEM_PROMPT][INST]", following: "[INST]",
        turn: "{prompt}[/INST]", answerLead: "", endOfAnswer: "{eos}", stopSequences: ["[INST]", "</s>"]
    )

    /// openai/openai-python, `chatml.md`; Qwen, SmolLM, Hermes and many others.
    public static let chatML = PromptTemplate(
        "chatml",
        opening: "<|im_start|>user\n",
        openingWithSystem: "<|im_start|>system\n{system}<|im_end|>\n<|im_start|>user\n",
        following: "\n<|im_start|>user\n",
        turn: "{prompt}<|im_end|>\n<|im_start|>assistant\n",
        endOfAnswer: "<|im_end|>",
        stopSequences: ["<|im_end|>", "<|im_start|>"]
    )

    /// ChatML with the thinking left empty, as Qwen/Qwen3-0.6B's `tokenizer_config.json` does for `enable_thinking = false`.
    public static let chatMLWithoutThinking = PromptTemplate(
        "chatml-no-think",
        opening: "<|im_start|>user\n",
        openingWithSystem: "<|im_start|>system\n{system}<|im_end|>\n<|im_start|>user\n",
        following: "\n<|im_start|>user\n",
        turn: "{prompt}<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n",
        endOfAnswer: "<|im_end|>",
        stopSequences: ["<|im_end|>", "<|im_start|>"]
    )

    private static let smolLM3Head =
        "<|im_start|>system\n## Metadata\n\nKnowledge Cutoff Date: June 2025\nReasoning Mode: /no_think\n\n## Custom Instructions\n\n"

    /// HuggingFaceTB/SmolLM3-3B, `chat_template.jinja`, with `enable_thinking = false` and without the date.
    public static let smolLM3 = PromptTemplate(
        "smollm3",
        opening: smolLM3Head
            + "You are a helpful AI assistant named SmolLM, trained by Hugging Face.\n\n<|im_end|>\n<|im_start|>user\n",
        openingWithSystem: smolLM3Head + "{system}\n\n<|im_end|>\n<|im_start|>user\n",
        following: "\n<|im_start|>user\n",
        turn: "{prompt}<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n",
        endOfAnswer: "<|im_end|>",
        stopSequences: ["<|im_end|>", "<|im_start|>"]
    )

    /// HuggingFaceH4/zephyr-7b-beta, TinyLlama 1.1B Chat, `tokenizer_config.json`.
    public static let zephyr = PromptTemplate(
        "zephyr",
        opening: "<|user|>\n",
        openingWithSystem: "<|system|>\n{system}{eos}\n<|user|>\n",
        following: "\n<|user|>\n",
        turn: "{prompt}{eos}\n<|assistant|>\n",
        endOfAnswer: "{eos}",
        stopSequences: ["<|user|>", "<|system|>", "</s>"]
    )

    /// google/gemma-7b-it, `tokenizer_config.json`. There is no system turn: the system prompt opens the first question.
    public static let gemma = PromptTemplate(
        "gemma",
        opening: "<start_of_turn>user\n",
        openingWithSystem: "<start_of_turn>user\n{system}\n\n",
        following: "\n<start_of_turn>user\n",
        turn: "{prompt}<end_of_turn>\n<start_of_turn>model\n",
        endOfAnswer: "<end_of_turn>",
        stopSequences: ["<end_of_turn>", "<start_of_turn>"]
    )

    /// microsoft/Phi-3-mini-4k-instruct, `tokenizer_config.json`.
    public static let phi3 = PromptTemplate(
        "phi-3",
        opening: "<|user|>\n",
        openingWithSystem: "<|system|>\n{system}<|end|>\n<|user|>\n",
        following: "\n<|user|>\n",
        turn: "{prompt}<|end|>\n<|assistant|>\n",
        endOfAnswer: "<|end|>",
        stopSequences: ["<|end|>", "<|user|>"]
    )

    /// microsoft/Phi-4-mini-instruct, `tokenizer_config.json`: Phi-3's without line feeds.
    public static let phi4Mini = PromptTemplate(
        "phi-4-mini",
        opening: "<|user|>",
        openingWithSystem: "<|system|>{system}<|end|><|user|>",
        following: "<|user|>",
        turn: "{prompt}<|end|><|assistant|>",
        endOfAnswer: "<|end|>",
        stopSequences: ["<|end|>", "<|user|>"]
    )

    /// microsoft/phi-4, `tokenizer_config.json`.
    public static let phi4 = PromptTemplate(
        "phi-4",
        opening: "<|im_start|>user<|im_sep|>",
        openingWithSystem: "<|im_start|>system<|im_sep|>{system}<|im_end|><|im_start|>user<|im_sep|>",
        following: "<|im_start|>user<|im_sep|>",
        turn: "{prompt}<|im_end|><|im_start|>assistant<|im_sep|>",
        endOfAnswer: "<|im_end|>",
        stopSequences: ["<|im_end|>", "<|im_start|>"]
    )

    /// ibm-granite/granite-3.3-2b-instruct, `tokenizer_config.json`; 4.0 and 4.1 alike.
    public static let granite = PromptTemplate(
        "granite",
        opening: "<|start_of_role|>user<|end_of_role|>",
        openingWithSystem: "<|start_of_role|>system<|end_of_role|>{system}<|end_of_text|>\n<|start_of_role|>user<|end_of_role|>",
        following: "\n<|start_of_role|>user<|end_of_role|>",
        turn: "{prompt}<|end_of_text|>\n<|start_of_role|>assistant<|end_of_role|>",
        endOfAnswer: "<|end_of_text|>",
        stopSequences: ["<|end_of_text|>", "<|start_of_role|>"]
    )

    /// allenai/OLMo-2-1124-7B-Instruct, `tokenizer_config.json`, and Tülu: only answers have an end.
    public static let olmo2 = PromptTemplate(
        "olmo-2",
        opening: "<|user|>\n",
        openingWithSystem: "<|system|>\n{system}\n<|user|>\n",
        following: "\n<|user|>\n",
        turn: "{prompt}\n<|assistant|>\n",
        endOfAnswer: "{eos}",
        stopSequences: ["<|user|>", "<|endoftext|>"]
    )

    /// No form at all: the model goes on with what was typed. For models that were never taught to answer.
    public static let raw = PromptTemplate(
        "raw", opening: "", openingWithSystem: "{system}\n", following: "\n", turn: "{prompt}", endOfAnswer: ""
    )
}
