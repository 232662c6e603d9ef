"""What every skill is made of: examples, the held-out split, and the way people type."""

import hashlib
import random
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

DATA = Path(__file__).parent / "data"
HELD_OUT_PERCENT = 8


@dataclass(frozen=True)
class Example:
    """One exchange. `key` names the combination that the split is decided on: whole combinations, never single
    wordings, are kept from training. `turns` are later exchanges of the same conversation."""

    prompt: str
    answer: str
    input: str | None = None
    key: str | None = None
    turns: tuple[tuple[str, str], ...] = ()
    react: bool = False  # raw "Question: / Thought:" text, not Alpaca's form
    observation: str | None = None  # what the tool said in a ReAct trace; never a target of training
    report: str | None = None  # what the model writes after the observation
    verbatim: bool = False  # the prompt's words are copied or examined, so typing habits must not change them
    check: str | None = None  # a regular expression for answers that have no single right text

    @property
    def split_key(self) -> str:
        return self.key if self.key is not None else normalized(self.prompt + " " + (self.input or ""))


@dataclass(frozen=True)
class Skill:
    """`make` draws one example. `weight` is the share of conversations that begin with this skill (see also stages.py).
    `judge` decides whether an answer is right; the default wants the expected text, spaces and case aside."""

    name: str
    weight: float
    make: Callable[[random.Random], Example]
    judge: Callable[[Example, str], bool] = field(default=lambda example, answer: same(example.answer, answer))
    closed: bool = True  # there is one right answer, so the 95 % target applies
    follows: bool = True  # may also be a later turn of a mixed conversation


def normalized(text: str) -> str:
    """Letters, digits and signs that carry meaning, lower case, single spaces: how two prompts are compared."""
    return " ".join(re.sub(r"[^a-z0-9+*/<>=-]+", " ", text.lower()).split())


def same(expected: str, answer: str) -> bool:
    return expected.lower().split() == answer.lower().split()


def held_out(key: str) -> bool:
    """True for the fixed 8 % of keys that training never sees; a hash, so the corpus needs no list of them."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % 100 < HELD_OUT_PERCENT


def training_example(skill: Skill, rng: random.Random) -> Example:
    while True:
        example = skill.make(rng)
        if not held_out(example.split_key):
            return as_typed(with_input(example, rng), rng)


def test_examples(skill: Skill, count: int, seed: int = 1) -> list[Example]:
    """Up to `count` distinct held-out examples, exactly as written (no typing errors)."""
    rng = random.Random(f"{skill.name} {seed}")
    found: dict[str, Example] = {}
    for _ in range(count * 400):
        example = skill.make(rng)
        if held_out(example.split_key):
            found.setdefault(normalized(example.prompt + " " + (example.input or "")), example)
            if len(found) == count:
                break
    return list(found.values())


def lines(name: str) -> list[str]:
    """The lines of a data file, without comments and empty lines."""
    text = (DATA / name).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def with_input(example: Example, rng: random.Random) -> Example:
    """Now and then "Sort these words: pear, fig" becomes an instruction with "pear, fig" as its input."""
    task, colon, content = example.prompt.partition(": ")
    if not colon or task.split(" ")[0] in ("How", "Which", "What", "Is", "more", "less", "larger", "smaller", "bigger",
        "greater"):
        return example
    if example.react or example.turns or example.input is not None or "\n" in example.prompt or rng.random() > 0.15:
        return example
    return Example(**{**example.__dict__, "prompt": task + ".", "input": content})


def as_typed(example: Example, rng: random.Random) -> Example:
    """The prompt as somebody at an old machine may type it: no capitals, no full stop, all capitals, a slip."""
    if example.react:
        return example
    prompt, habit = example.prompt, rng.random()
    if example.verbatim:
        if habit < 0.15:
            prompt = prompt[:1].lower() + prompt[1:]
        elif habit < 0.25 and len(prompt) > 1:
            prompt = prompt.rstrip("?.!")
    elif habit < 0.14:
        prompt = prompt.lower()
    elif habit < 0.22:
        prompt = prompt.rstrip("?.!")
    elif habit < 0.32:
        prompt = prompt.lower().rstrip("?.!")
    elif habit < 0.34:
        prompt = prompt.upper()
    elif habit < 0.38:
        prompt = slip(prompt, rng)
    elif habit < 0.43:
        prompt = rng.choice(["Please. ", "Hello. ", "Tell me: ", "Hi! ", "Question: ", "Please tell me: "]) + prompt
    if not prompt.strip():
        prompt = example.prompt
    if held_out(normalized(prompt + " " + (example.input or ""))) and example.key is None:
        return example
    return Example(**{**example.__dict__, "prompt": prompt})


def slip(prompt: str, rng: random.Random) -> str:
    """One typing error: two letters swapped, one lost, or one doubled, inside a longer word."""
    words = prompt.split(" ")
    long_words = [i for i, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
    if not long_words:
        return prompt
    i = rng.choice(long_words)
    word, at = words[i], rng.randrange(1, len(words[i]) - 2)
    words[i] = rng.choice([word[:at] + word[at + 1] + word[at] + word[at + 2:], word[:at] + word[at + 1:],
                           word[:at] + word[at] + word[at:]])
    return " ".join(words)


def article(noun: str) -> str:
    word = noun.lower()
    vowel = word[0] in "aeiou" and not word.startswith("uni") or word.startswith(("honest", "hour"))
    return ("an " if vowel else "a ") + noun


def listed(words: list[str]) -> str:
    return ", ".join(words)
