"""Closed facts: capitals both ways, opposites and other word relations, definitions, differences, people."""

import random

from .core import Example, Skill, article, lines, normalized

CAPITALS = [line.split("|") for line in lines("capitals.txt")]
DEFINITIONS = [line.split("|") for line in lines("definitions.txt")]
DIFFERENCES = [line.split("|") for line in lines("differences.txt")]
PEOPLE = [line.split("|") for line in lines("people.txt")]

ASK_CAPITAL = [
    "What is the capital of {x}?", "What is the capital of {x}?", "What's the capital of {x}?",
    "Name the capital of {x}.",
    "Tell me the capital of {x}.", "Which city is the capital of {x}?", "capital of {x}", "The capital of {x}?",
    "What is the capital city of {x}?", "Do you know the capital of {x}?", "Can you tell me the capital of {x}?",
    "Give the capital of {x}.", "What is {x}'s capital?", "capital {x}", "Which is the capital of {x}?",
]
ASK_COUNTRY = [
    "Which country has the capital {x}?", "{x} is the capital of which country?", "What country is {x} the capital of?",
    "Of which country is {x} the capital?", "Which country's capital is {x}?", "Name the country whose capital is {x}.",
    "In which country is {x}?", "Where is {x}?",
]
ASK_DEFINITION = [
    "What is {x}?", "What is {x}?", "Define {y}.", "Explain {x}.", "What does {y} mean?", "Tell me what {x} is.",
    "Describe {x}.",
    "Tell me about {y}.", "Can you explain what {x} is?", "What do you know about {y}?", "What's {x}?",
    "Explain the word {y}.",
    "Give a definition of {y}.", "What do people mean by {y}?", "Do you know what {x} is?",
]
ASK_DIFFERENCE = [
    "What is the difference between {a} and {b}?", "How does {a} differ from {b}?", "How do {a} and {b} differ?",
    "Compare {a} and {b}.", "Explain the difference between {a} and {b}.", "difference between {a} and {b}",
    "Are {a} and {b} the same?", "Is {a} the same as {b}?", "Tell me the difference between {a} and {b}.",
]
ASK_PERSON = [
    "Who was {x}?", "Who is {x}?", "Tell me about {x}.", "Tell me who {x} was.", "Do you know {x}?",
    "Who was that {x}?",
    "What do you know about {x}?", "Explain who {x} was.", "Do you know who {x} was?",
]


def capital(rng: random.Random) -> Example:
    country, city = rng.choice(CAPITALS)
    return Example(rng.choice(ASK_CAPITAL).format(x=country), f"The capital of {country} is {city}.")


def country(rng: random.Random) -> Example:
    name, city = rng.choice(CAPITALS)
    return Example(rng.choice(ASK_COUNTRY).format(x=city), f"{city} is the capital of {name}.")


def is_capital(rng: random.Random) -> Example:
    country, city = rng.choice(CAPITALS)
    asked = city if rng.random() < 0.5 else rng.choice(CAPITALS)[1]
    ask = rng.choice(["Is {y} the capital of {x}?", "Is the capital of {x} {y}?",
                      "Is it true that {y} is the capital of {x}?", "{y} is the capital of {x}, right?"])
    right = asked == city
    return Example(ask.format(x=country, y=asked), f"{'Yes' if right else 'No'}, the capital of {country} is {city}.")


def definition(rng: random.Random) -> Example:
    term, meaning = rng.choice(DEFINITIONS)
    bare = term.lstrip("*")
    name = bare if term.startswith("*") else article(bare)
    # "What is an alpaca?" and, as people also write, "What is alpaca?"
    asked = name if rng.random() < 0.9 else bare
    verb = "are" if bare == "llamas" else "is"
    prompt = rng.choice(ASK_DEFINITION).format(x=asked, y=rng.choice([bare, name]))
    if verb == "are":
        prompt = prompt.replace("What is", "What are").replace("llamas is", "llamas are").replace("does", "do")
    return Example(prompt, f"{name[0].upper()}{name[1:]} {verb} {meaning}.")


def difference(rng: random.Random) -> Example:
    a, b, answer = rng.choice(DIFFERENCES)
    if rng.random() < 0.5:
        a, b = b, a
    form = rng.random()
    if form < 0.6:
        a, b = (x if x == "typing" else ("the " + x if x in ("sun", "moon") else article(x)) for x in (a, b))
    prompt = rng.choice(ASK_DIFFERENCE).format(a=a, b=b)
    return Example(prompt, answer)


def famous(rng: random.Random) -> Example:
    name, what = rng.choice(PEOPLE)
    asked = name.split()[-1] if rng.random() < 0.25 and name not in ("Mark Twain", "Vincent van Gogh") else name
    return Example(rng.choice(ASK_PERSON).format(x=asked), f"{name} was {what}.")


def relations() -> list[Skill]:
    """One skill for each block of relations.txt."""
    blocks: list[dict] = []
    for line in lines("relations.txt"):
        mark, rest = line[:2], line[2:].strip()
        if mark == "@ ":
            both = rest.endswith(" both")
            blocks.append({"name": rest.removesuffix(" both"), "both": both, "asks": [], "pairs": []})
        elif mark == "? ":
            blocks[-1]["asks"].append(rest)
        elif mark == "= ":
            blocks[-1]["answer"] = rest
        else:
            blocks[-1]["pairs"] += [tuple(pair.split()) for pair in line.split(",")]
    return [Skill(block["name"], 0.5 + len(block["pairs"]) / 60, relation(block)) for block in blocks]


def relation(block: dict):
    pairs = block["pairs"] + ([(y, x) for x, y in block["pairs"]] if block["both"] else [])
    first = {}
    for x, y in pairs:  # a word that stands in several pairs keeps its first partner
        first.setdefault(x, y)

    def make(rng: random.Random) -> Example:
        x = rng.choice(sorted(first))
        return Example(rng.choice(block["asks"]).format(x=x), block["answer"].format(x=x, y=first[x]))

    return make


def about(example: Example, answer: str) -> bool:
    """A fact is right when the whole answer is, but for capitals and final dots."""
    return normalized(example.answer) == normalized(answer)


SKILLS = [
    Skill("capitals", 4.5, capital, about),
    Skill("countries of capitals", 3, country, about),
    Skill("yes or no about capitals", 1, is_capital, about),
    Skill("definitions", 6, definition, about),
    Skill("differences", 1.2, difference, about),
    Skill("people", 1.2, famous, about),
    *relations(),
]
