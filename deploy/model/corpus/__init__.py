"""The corpus of the included model, written by a generator: `conversation` gives one training conversation."""

import random

from . import classify, facts, letters, numbers, order, react, stories, talk
from .core import Example, Skill, normalized, test_examples, training_example
from .stages import FIFTH, FOURTH, SECOND, THIRD

SKILLS: list[Skill] = [skill for module in (talk, facts, numbers, react, order, classify, stories,
    letters) for skill in module.SKILLS]
STAGES = [[shares.get(skill.name, skill.weight) for skill in SKILLS]
          for shares in ({}, SECOND, SECOND | THIRD, SECOND | THIRD | FOURTH,
                         SECOND | THIRD | FOURTH | FIFTH)]
LATER_TURNS = [[weight if skill.follows else 0 for skill, weight in zip(SKILLS, weights)] for weights in STAGES]
MORE_TURNS = [0, 0, 0, 0, 1, 1, 2, 3]
UNSEEN = {normalized(example.prompt) for example in talk.unseen_chat()}


def conversation(rng: random.Random, stage: int = 0) -> Example:
    """One conversation: an exchange of one skill, and often others after it. `stage` chooses the skills' shares."""
    first = drawn(rng.choices(SKILLS, STAGES[stage])[0], rng)
    if first.react or first.turns:
        return first
    turns = []
    for _ in range(rng.choice(MORE_TURNS)):
        later = drawn(rng.choices(SKILLS, LATER_TURNS[stage])[0], rng)
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
