"""The tokenizer: SentencePiece byte-pair encoding, trained on the corpus that the generator writes.

    python tokenizer.py build/tokenizer.model
"""

import random
import re
import sys
from pathlib import Path

import sentencepiece

import corpus
from prompts import PREAMBLE, PREAMBLE_WITH_INPUT, segments

PIECES = 2048
SEED = 1
CONVERSATIONS = 60_000
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
