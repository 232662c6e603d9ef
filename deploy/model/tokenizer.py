"""The tokenizer: SentencePiece byte-pair encoding, trained on the corpus that the generator writes.

    python tokenizer.py build/tokenizer.model
"""

import random
import re
import sys
from pathlib import Path

import sentencepiece

import corpus

PIECES = 2048
SEED = 1
CONVERSATIONS = 60_000

PREAMBLE = ("Below is an instruction that describes a task. Write a response that appropriately completes the request."
            "\n\n### Instruction:\n")
PREAMBLE_WITH_INPUT = ("Below is an instruction that describes a task, paired with an input that provides further context. "
                       "Write a response that appropriately completes the request.\n\n### Instruction:\n")
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


DELIMITER = "\x01"  # pieces are not learned across it: line ends stay apart from the words and signs around them


def train(path: str) -> None:
    rng = random.Random(SEED)
    texts = (re.sub("\n+(###)?", lambda end: DELIMITER + end[0] + DELIMITER, text) for text in training_texts(rng))
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=texts, model_prefix=path.removesuffix(".model"), model_type="bpe", vocab_size=PIECES,
        byte_fallback=True, split_digits=True, normalization_rule_name="identity", remove_extra_whitespaces=False,
        add_dummy_prefix=False, character_coverage=0.9999, required_chars="".join(map(chr, range(33, 127))) + "\n",
        pretokenization_delimiter=DELIMITER, unk_id=0, bos_id=1, eos_id=2, pad_id=-1, num_threads=1, minloglevel=2)


def training_texts(rng: random.Random):
    """The corpus with few of its preambles, which would otherwise be half of it."""
    return (text.replace(PREAMBLE, "").replace(PREAMBLE_WITH_INPUT, "") if rng.random() < 0.9 else text
             for _ in range(CONVERSATIONS) for text, _ in segments(corpus.conversation(rng)))


def load(path: str) -> sentencepiece.SentencePieceProcessor:
    return sentencepiece.SentencePieceProcessor(model_file=path)


if __name__ == "__main__":
    Path(sys.argv[1]).parent.mkdir(parents=True, exist_ok=True)
    train(sys.argv[1])
