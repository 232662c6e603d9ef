"""The texts that the engine and the training put around a person's words (Alpaca's templates, as Stanford published
them in tatsu-lab/stanford_alpaca, train.py)."""

import corpus

PREAMBLE = ("Below is an instruction that describes a task. Write a response that appropriately completes the request."
            "\n\n### Instruction:\n")
PREAMBLE_WITH_INPUT = ("Below is an instruction that describes a task, paired with an input that provides further "
                       "context. Write a response that appropriately completes the request.\n\n### Instruction:\n")
RESPONSE = "\n\n### Response:"
NEXT_TURN = "\n\n### Instruction:\n"


def prompt_text(example: corpus.Example) -> str:
    """The text of the first prompt, as the engine sends it (Alpaca's templates, or a raw ReAct trace)."""
    if example.react:
        return example.prompt
    if example.input is not None:
        return f"{PREAMBLE_WITH_INPUT}{example.prompt}\n\n### Input:\n{example.input}{RESPONSE}"
    return f"{PREAMBLE}{example.prompt}{RESPONSE}"


def segments(example: corpus.Example) -> list[tuple[str, bool]]:
    """The conversation as texts that are encoded one by one, and whether the model is to write each of them.
    An answer starts with the space that makes its first word a whole piece."""
    parts = [(" " + prompt_text(example), False), (" " + example.answer, True)]
    if example.observation is not None:
        parts += [(example.observation, False), (example.report, True)]
    for prompt, answer in example.turns:
        parts += [(f"{NEXT_TURN}{prompt}{RESPONSE}", False), (" " + answer, True)]
    return parts
