"""The corpus of the included model, written by a generator: `conversation` gives one training conversation."""

import random

from . import classify, facts, letters, numbers, order, react, stories, talk
from .core import Example, Skill, held_out, normalized, test_examples, training_example

SKILLS: list[Skill] = [skill for module in (talk, facts, numbers, react, order, classify, stories, letters) for skill in module.SKILLS]
WEIGHTS = [skill.weight for skill in SKILLS]
FOLLOWING = [skill for skill in SKILLS if skill.follows and skill.weight]
FOLLOWING_WEIGHTS = [skill.weight for skill in FOLLOWING]
MORE_TURNS = [0, 0, 0, 0, 1, 1, 2, 3]
UNSEEN = {normalized(example.prompt) for example in talk.unseen_chat()}


def conversation(rng: random.Random) -> Example:
    """One conversation: an exchange of one skill, and often others after it."""
    first = drawn(rng.choices(SKILLS, WEIGHTS)[0], rng)
    if first.react or first.turns:
        return first
    turns = []
    for _ in range(rng.choice(MORE_TURNS)):
        later = drawn(rng.choices(FOLLOWING, FOLLOWING_WEIGHTS)[0], rng)
        if later.input is None:
            turns.append((later.prompt, later.answer))
    return Example(**{**first.__dict__, "turns": tuple(turns)})


def drawn(skill: Skill, rng: random.Random) -> Example:
    while True:
        example = training_example(skill, rng)
        if normalized(example.prompt) not in UNSEEN:
            return example


def tests(skill: Skill, count: int) -> list[Example]:
    """Held-out examples of a skill: wordings marked in chat.txt for talk, else combinations kept from training."""
    if skill.make is talk.chat:
        return talk.unseen_chat()
    return test_examples(skill, count)
