"""Arithmetic as a child writes it down, times tables, comparing, even and odd; and the calculator for the rest."""

import random

from .core import Example, Skill, normalized

SUM = ["What is {a} + {b}?", "What is {a} plus {b}?", "Add {a} and {b}.", "{a} + {b}", "{a} + {b} = ?",
       "How much is {a} + {b}?",
       "Calculate {a} + {b}.", "How much is {a} and {b}?", "What is the sum of {a} and {b}?", "{a}+{b}", "{a} plus {b}",
       "I have {a} apples and get {b} more. How many do I have?", "What's {a} + {b}?", "{a} + {b} ="]
LESS = ["What is {a} - {b}?", "What is {a} minus {b}?", "Subtract {b} from {a}.", "{a} - {b}", "{a} - {b} = ?",
        "How much is {a} - {b}?",
        "Calculate {a} - {b}.", "Take {b} from {a}.", "{a}-{b}", "{a} minus {b}",
        "I have {a} apples and give away {b}. How many are left?",
        "What's {a} - {b}?", "{a} - {b} ="]
TIMES = ["What is {a} x {b}?", "What is {a} times {b}?", "Multiply {a} by {b}.", "{a} * {b}", "{a} x {b} = ?",
         "How much is {a} times {b}?",
         "Calculate {a} * {b}.", "{a} times {b}", "What is {a} * {b}?", "{a}*{b}", "{a} x {b}", "What's {a} times {b}?",
         "{a} * {b} ="]


def below_hundred(rng: random.Random) -> int:
    return rng.randrange(0, 10) if rng.random() < 0.25 else rng.randrange(10, 100)


def addition(rng: random.Random) -> Example:
    a, b = below_hundred(rng), below_hundred(rng)
    prompt = rng.choice(SUM).format(a=a, b=b)
    ones = a % 10 + b % 10
    if a < 10 and b < 10:
        answer = f"{a} + {b} = {a + b}."
    else:
        tens = [str(a // 10), str(b // 10)] + (["1"] if ones > 9 else [])
        answer = (f"Ones: {a % 10} + {b % 10} = {ones}. Tens: {' + '.join(tens)} = {(a + b) // 10}. "
                  f"So {a} + {b} = {a + b}.")
    return Example(prompt, answer, key=f"sum {min(a, b)} {max(a, b)}" if max(a, b) > 9 else None, verbatim=True)


def subtraction(rng: random.Random) -> Example:
    a, b = sorted((below_hundred(rng), below_hundred(rng)), reverse=True)
    prompt = rng.choice(LESS).format(a=a, b=b)
    if a < 10:
        answer = f"{a} - {b} = {a - b}."
    else:
        borrow = a % 10 < b % 10
        ones = f"{a % 10 + 10 * borrow} - {b % 10} = {(a - b) % 10}"
        tens = f"{a // 10}{' - 1' if borrow else ''} - {b // 10} = {(a - b) // 10}"
        answer = f"Ones: {ones}. Tens: {tens}. So {a} - {b} = {a - b}."
    return Example(prompt, answer, key=f"difference {a} {b}" if a > 9 else None, verbatim=True)


def table(rng: random.Random) -> Example:
    a, b = rng.randrange(0, 13), rng.randrange(0, 13)
    return Example(rng.choice(TIMES).format(a=a, b=b), f"{a} x {b} = {a * b}.", verbatim=True)


def compare(rng: random.Random) -> Example:
    a, b = rng.sample(range(1, 100) if rng.random() < 0.7 else range(100, 1000), 2)
    larger = rng.random() < 0.5
    word = rng.choice(["larger", "bigger", "greater", "more"] if larger else ["smaller", "less", "smaller"])
    form = rng.choice(["Which is {w}, {a} or {b}?", "Which number is {w}: {a} or {b}?", "What is {w}, {a} or {b}?",
                       "{w}: {a} or {b}?"])
    low, high = sorted((a, b))
    answer = f"{high} is larger than {low}." if larger else f"{low} is smaller than {high}."
    return Example(form.format(w=word, a=a, b=b), answer, key=f"compare {low} {high}", verbatim=True)


def parity(rng: random.Random) -> Example:
    n = rng.randrange(0, 1000)
    form = rng.choice(["Is {n} even or odd?", "Is the number {n} odd or even?", "Even or odd: {n}",
                       "Tell me whether {n} is even or odd."])
    return Example(form.format(n=n), f"{n} is {'odd' if n % 2 else 'even'}.", key=f"parity {n}", verbatim=True)


def too_long(rng: random.Random) -> Example:
    """Sums beyond two digits and divisions: the answer says how to get them right, instead of guessing."""
    kind = rng.random()
    a, b = rng.randrange(100, 100000), rng.randrange(13, 10000)
    if kind < 0.55:
        sign = rng.choice(["+", "-", "*", "x", "/"])
        if sign in "*x/" and rng.random() < 0.5:
            a, b = rng.randrange(13, 1000), rng.randrange(13, 100)
        prompt = rng.choice(["What is {a} {s} {b}?", "{a} {s} {b}", "{a}{s}{b}", "Calculate {a} {s} {b}.",
                             "How much is {a} {s} {b}?"]).format(a=a, b=b, s=sign)
    elif kind < 0.75:
        word = rng.choice(["plus", "minus", "times", "divided by"])
        prompt = rng.choice(["What is {a} {w} {b}?", "How much is {a} {w} {b}?", "{a} {w} {b}"]).format(a=a, b=b,
            w=word)
    elif kind < 0.9:
        a, b = rng.randrange(2, 1000), rng.randrange(2, 100)
        prompt = rng.choice(["What is {a} / {b}?", "What is {a} divided by {b}?", "Divide {a} by {b}.",
                             "{a} / {b}"]).format(a=a, b=b)
    else:
        prompt = rng.choice(["What is the square root of {b}?", "What is {b} squared?", "What is {b} percent of {a}?",
                             "square root of {a}"]).format(a=a, b=b)
    return Example(prompt, "That is too long for my head. I can add and subtract numbers below 100, "
                   "and I know the times tables up to 12.",
                   key=f"long {a} {b}", verbatim=True)


def result(example: Example, answer: str) -> bool:
    """The number at the end decides."""
    return normalized(answer).split()[-1:] == normalized(example.answer).split()[-1:]


SKILLS = [
    Skill("addition below 100", 6, addition, result),
    Skill("subtraction below 100", 6, subtraction, result),
    Skill("times tables to 12", 2.5, table, result),
    Skill("comparing numbers", 1.2, compare),
    Skill("even and odd", 0.8, parity),
    Skill("sums that are too long", 1.5, too_long),
]
