/// Texts by which a token is known for what it does, where the file does not say it.
///
/// Source: llama_vocab::impl::load in src/llama-vocab.cpp of llama.cpp.
enum WellKnownTokens {
    /// The end of a turn. The first that the vocabulary has counts.
    static let endOfTurn = [
        "<|eot_id|>", "<|im_end|>", "<|end|>", "<end_of_turn>", "<|endoftext|>", "<|end_of_text|>", "<EOT>", "_<EOT>",
        "[EOT]", "<｜end▁of▁sentence｜>", "<end_of_utterance>",
    ]
    static let endOfMessage = ["<|eom_id|>"]
    /// Every one of these ends a generation.
    static let endOfGeneration = endOfTurn + endOfMessage + [
        "</s>", "<eos>", "[EOS]", "<|return|>", "<|call|>", "<|calls|>", "<|flush|>", "<turn|>", "<|tool_response>",
        "[e~[",
    ]
    /// Marks of a code model's gap that end a generation; the first of each that the vocabulary has counts.
    static let fillPad = ["<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]"]
    static let fillRepository = ["<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"]
    static let fillSeparator = ["<|file_sep|>"]
    /// Marks of a code model's gap: before it, after it, in it.
    static let fillPrefix = [
        "<|fim_prefix|>", "<fim-prefix>", "<fim_prefix>", "<｜fim▁begin｜>", "<PRE>", "▁<PRE>", "<|code_prefix|>",
        "<|prefix|>",
    ]
    static let fillSuffix = [
        "<|fim_suffix|>", "<fim-suffix>", "<fim_suffix>", "<｜fim▁hole｜>", "<SUF>", "▁<SUF>", "<|code_suffix|>",
        "<|suffix|>",
    ]
    static let fillMiddle = [
        "<|fim_middle|>", "<fim-middle>", "<fim_middle>", "<｜fim▁end｜>", "<MID>", "▁<MID>", "<|code_middle|>",
        "<|middle|>",
    ]
}
