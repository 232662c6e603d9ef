"""The corpus of the included model, written by a generator: `conversation` gives one training conversation."""

import random

from . import classify, facts, letters, numbers, order, react, stories, talk
from .core import Example, Skill, held_out, normalized, test_examples, training_example

SKILLS: list[Skill] = [skill for module in (talk, facts, numbers, react, order, classify, stories, letters) for skill in module.SKILLS]
# The second stage of training: fewer of the long texts, which are fluent by then, and more of what needs many facts.
SECOND_STAGE = {
    "talk (wordings not seen)": 11, "jokes": 0.6, "admits what it does not know": 3, "countries that do not exist": 0.8, "introductions": 1,
    "another joke": 0.5, "capitals": 7, "countries of capitals": 6, "yes or no about capitals": 2, "definitions": 9, "differences": 2, "people": 2.5,
    "opposites": 4.5, "plurals": 2, "past tense": 2, "sounds": 1, "young animals": 1.2, "colours": 0.6, "addition below 100": 5, "subtraction below 100": 5.5,
    "times tables to 12": 4, "comparing numbers": 2.5, "even and odd": 1, "sums that are too long": 0.6, "ReAct: copies the numbers into the calculator": 4,
    "ReAct: answers without a tool": 1, "before and after (days, months, letters)": 2.5, "next number": 2.5, "reciting days, months, alphabet": 0.3,
    "sorting numbers": 3, "largest and smallest": 2, "sorting words": 4, "counting words": 1, "reversing a list": 2.5, "copying": 3, "spelling": 4,
    "first and last letter": 2, "naming some of a kind": 1.5, "classifying opinions": 3, "classifying words": 4, "odd one out": 2.5, "stories": 2.5,
    "letters": 1.5, "poems": 1,
}
STAGES = [[skill.weight for skill in SKILLS], [SECOND_STAGE.get(skill.name, skill.weight) for skill in SKILLS]]
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
