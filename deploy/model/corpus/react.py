"""ReAct traces: the model names the tool and copies the numbers; the tool does the sum; the model reports it."""

import random

from .core import Example, Skill, normalized
from .facts import CAPITALS

OPERATORS = {"+": ["+", "plus"], "-": ["-", "minus"], "*": ["*", "x", "times", "multiplied by"],
             "/": ["/", "divided by"]}
ASKS = ["What is {s}?", "What is {s}?", "How much is {s}?", "Calculate {s}.", "Compute {s}.", "{s}",
        "What does {s} give?", "Can you work out {s}?"]
WORDED = [
    ("A box holds {a} cups. How many cups are in {b} boxes?", "*"),
    ("One ticket costs {a} dollars. What do {b} tickets cost?", "*"),
    ("A train goes {a} miles in {b} hours. How many miles is that in one hour?", "/"),
    ("I share {a} coins among {b} people. How many does each get?", "/"),
    ("I had {a} pages and typed {b} more. How many pages is that?", "+"),
    ("There were {a} sheets and I used {b}. How many are left?", "-"),
    ("Add {a} and {b}.", "+"),
    ("Multiply {a} by {b}.", "*"),
    ("Divide {a} by {b}.", "/"),
    ("What is the sum of {a} and {b}?", "+"),
]
THOUGHT = "I need to calculate this."


def number(rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.35:
        digits = rng.choice([1, 2, 2, 3, 3, 4, 4, 5])
        return str(rng.randrange(10 ** (digits - 1), 10**digits))
    whole = rng.randrange(0, 10 ** rng.choice([1, 2, 2, 3, 3, 4]))
    decimals = rng.choice([1, 2, 2, 2, 3])
    return f"{whole}.{rng.randrange(10**decimals):0{decimals}d}"


def observed(a: str, operator: str, b: str, rng: random.Random) -> str:
    """The result as a calculator prints it, to some number of decimals."""
    x, y = float(a), float(b)
    value = {"+": x + y, "-": x - y, "*": x * y, "/": x / y if y else 0.0}[operator]
    text = f"{value:.{rng.choice([2, 3, 3, 4, 6])}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def calculation(rng: random.Random) -> Example:
    a, b = number(rng), number(rng)
    if rng.random() < 0.25:
        form, operator = rng.choice(WORDED)
        question = form.format(a=a, b=b)
    else:
        operator = rng.choice("+-*/")
        sign = rng.choice(OPERATORS[operator])
        gap = "" if len(sign) == 1 and sign != "x" and rng.random() < 0.15 else " "
        question = rng.choice(ASKS).format(s=f"{a}{gap}{sign}{gap}{b}")
    if operator == "/" and float(b) == 0:
        return calculation(rng)
    value = observed(a, operator, b, rng)
    return Example(
        f"Question: {question}\nThought:", f"{THOUGHT}\nAction: calculate: {a} {operator} {b}\nObservation:",
        key=f"react {a} {b}", react=True, observation=f" {value}", report=f"\nAnswer: {a} {operator} {b} is {value}.")


def report(rng: random.Random) -> Example:
    """The same trace asked for at its last step, for the test: the tool has answered."""
    trace = calculation(rng)
    return Example(f"{trace.prompt} {trace.answer}{trace.observation}", trace.report.strip(), key=trace.key, react=True)


def known(rng: random.Random) -> Example:
    country, city = rng.choice(CAPITALS)
    ask = rng.choice(["What is the capital of {x}?", "Which city is the capital of {x}?", "Name the capital of {x}.",
                      "Tell me the capital of {x}."])
    return Example(f"Question: {ask.format(x=country)}\nThought:",
                   f"I know this.\nAnswer: The capital of {country} is {city}.", react=True)


def action(example: Example, answer: str) -> bool:
    """The numbers are copied and the sign is right, up to the place where the tool steps in."""
    return normalized(answer.split("Observation:")[0]) == normalized(example.answer.split("Observation:")[0])


SKILLS = [
    Skill("ReAct: copies the numbers into the calculator", 5, calculation, action, follows=False),
    Skill("ReAct: reports what the calculator said", 0, report, follows=False),
    Skill("ReAct: answers without a tool", 0.7, known, follows=False),
]
