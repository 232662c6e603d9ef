"""Sequences, counting, sorting and copying."""

import random

from .core import Example, Skill, listed
from .names import people, person

DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
LETTERS = [chr(ord("A") + i) for i in range(26)]
CARDINALS = "zero one two three four five six seven eight nine ten eleven twelve".split()
THINGS = """apple banana cherry date egg fig grape honey ice jam key lemon mouse nut orange pear queen rose salt tea
umbrella violin water yard zebra ant bear cat dog eagle fox goat horse island king lion moon night owl pen quilt
rabbit sun tree uncle valley wolf bread chair door garden house lamp map paper river ship table window""".split()
BY_ORDER = sorted(THINGS)


def following(rng: random.Random) -> Example:
    row, name = rng.choice([(DAYS, "day"), (DAYS, "day"), (MONTHS, "month"), (LETTERS, "letter"), (LETTERS, "letter")])
    i = rng.randrange(len(row))
    x, after = row[i], rng.random() < 0.6
    if row is LETTERS:
        after = i == 0 or (after and i < 25)
    y = row[(i + (1 if after else -1)) % len(row)]
    word = "after" if after else "before"
    asks = ["What {n} comes {w} {x}?", "Which {n} comes {w} {x}?", "Which {n} is {w} {x}?", "What comes {w} {x}?",
            "Tell me the {n} {w} {x}.", "the {n} {w} {x}",
            "Name the {n} {w} {x}."]
    return Example(rng.choice(asks).format(n=name, w=word, x=x), f"{y} comes {word} {x}.")


def next_number(rng: random.Random) -> Example:
    step = rng.choice([1, 1, 2, 2, 5, 10, -1, 3])
    start = rng.randrange(10, 90) if step < 0 else rng.randrange(0, 80)
    if step in (5, 10) and rng.random() < 0.6:
        start -= start % 5
    row = [start + step * i for i in range(rng.choice([3, 4, 4, 5]) + 1)]
    row = [n for n in row if n >= 0]
    asks = ["What comes next: {r}?", "Continue: {r}", "What is the next number: {r}, ...", "{r}, ?",
            "Continue the sequence {r}.", "Which number comes next? {r}", "{r}, ..."]
    shown = listed([str(n) for n in row[:-1]])
    way = f"It goes {'up' if step > 0 else 'down'} by {abs(step)}"
    return Example(rng.choice(asks).format(r=shown), f"{way}. Next: {row[-1]}.", key=f"row {step} {start}",
                   verbatim=True)


def count_to(rng: random.Random) -> Example:
    kind = rng.random()
    if kind < 0.5:
        n = rng.randrange(2, 31) if rng.random() < 0.6 else 10
        prompt = rng.choice(["Count to {n}.", "Count from 1 to {n}.", "Count up to {n}.", "Can you count to {n}?",
                             "Please count to {n}.", "count to {n}", "List the numbers from 1 to {n}."]).format(n=n)
        row = range(1, n + 1)
    elif kind < 0.8:
        a = rng.randrange(2, 80)
        b = a + rng.randrange(3, 13)
        asks = ["Count from {a} to {b}.", "Count up from {a} to {b}.", "Write the numbers from {a} to {b}.",
                "List the numbers from {a} to {b}."]
        prompt = rng.choice(asks).format(a=a, b=b)
        row = range(a, b + 1)
    else:
        a = rng.randrange(3, 21)
        prompt = rng.choice(["Count down from {a}.", "Count backwards from {a}.",
                             "Count down from {a} to 1."]).format(a=a)
        row = range(a, 0, -1)
    return Example(prompt, listed([str(i) for i in row]) + ".", key=f"count {row[0]} {row[-1]}", verbatim=True)


def recite(rng: random.Random) -> Example:
    row, what = rng.choice([(DAYS, "days of the week"), (MONTHS, "months of the year"),
                            (LETTERS, "letters of the alphabet"), (LETTERS, "alphabet")])
    asks = ["Name the {w}.", "List the {w}.", "What are the {w}?", "Write the {w}.", "Tell me the {w}.",
            "Recite the {w}.", "Type the {w}.", "Say the {w}.", "the {w}", "Give me the {w}.",
            "Can you name the {w}?", "Please list the {w}.", "Do you know the {w}?", "I forgot the {w}."]
    return Example(rng.choice(asks).format(w=what), listed(row) + ".")


def sort_numbers(rng: random.Random) -> Example:
    numbers = rng.sample(range(1, 100), rng.choice([3, 3, 4, 4, 5]))
    down = rng.random() < 0.3
    asks = (["Sort these numbers from largest to smallest: {r}", "Sort in descending order: {r}",
             "Put {r} in order, largest first."] if down else
            ["Sort these numbers: {r}", "Sort: {r}", "Put these numbers in order: {r}", "Sort {r}.",
             "Sort these numbers from smallest to largest: {r}", "Order these numbers: {r}.", "Arrange in order: {r}"])
    key = "sort " + listed(sorted(map(str, numbers)))
    return Example(rng.choice(asks).format(r=listed([str(n) for n in numbers])),
                   listed([str(n) for n in sorted(numbers, reverse=down)]) + ".", key=key, verbatim=True)


def extreme(rng: random.Random) -> Example:
    numbers = rng.sample(range(1, 100), rng.choice([3, 4, 4, 5]))
    top = rng.random() < 0.5
    word = rng.choice(["largest", "biggest", "highest"] if top else ["smallest", "lowest"])
    asks = ["Which is the {w}: {r}?", "What is the {w} of {r}?", "Find the {w} number: {r}", "The {w} of {r}?",
            "Which number is the {w}? {r}"]
    value = max(numbers) if top else min(numbers)
    return Example(rng.choice(asks).format(w=word, r=listed([str(n) for n in numbers])),
                   f"The {'largest' if top else 'smallest'} is {value}.",
                   key="extreme " + listed(sorted(map(str, numbers))), verbatim=True)


def sort_words(rng: random.Random) -> Example:
    words = rng.sample(THINGS, rng.choice([3, 3, 4, 4, 5]))
    asks = ["Sort these words: {r}", "Sort alphabetically: {r}", "Put these words in alphabetical order: {r}",
            "Put these words in order: {r}", "Sort {r}.", "Alphabetize: {r}", "Order these words: {r}."]
    return Example(rng.choice(asks).format(r=listed(words)), listed(sorted(words)) + ".",
                   key="sort " + listed(sorted(words)), verbatim=True)


def count_words(rng: random.Random) -> Example:
    words = people(rng, rng.randrange(2, 8)) if rng.random() < 0.4 else rng.sample(THINGS, rng.randrange(2, 8))
    noun = "names" if words[0][0].isupper() else "words"
    asks = ["How many {n} are in this list: {r}?", "Count these {n}: {r}", "How many {n}: {r}", "Count the {n}: {r}.",
            "How many {n} are there? {r}"]
    numbered = listed([f"{i} {word}" for i, word in enumerate(words, 1)])
    return Example(rng.choice(asks).format(n=noun, r=listed(words)),
                   f"{numbered}. There are {CARDINALS[len(words)]} {noun}.", key="count " + listed(sorted(words)),
                   verbatim=True)


def reverse(rng: random.Random) -> Example:
    words = people(rng, rng.randrange(3, 6)) if rng.random() < 0.4 else rng.sample(THINGS, rng.randrange(3, 6))
    asks = ["Reverse this list: {r}", "Reverse the order: {r}", "Write this list backwards: {r}", "Reverse: {r}"]
    return Example(rng.choice(asks).format(r=listed(words)), listed(words[::-1]) + ".",
                   key="reverse " + listed(sorted(words)), verbatim=True)


def repeat(rng: random.Random) -> Example:
    kind = rng.random()
    if kind < 0.45:
        who, other = people(rng, 2)
        text = rng.choice([
            "{a} has {n} {t}s.", "My name is {a}.", "{a} and {b} went home.", "{a} met {b} at the {t}.",
            "Please call {a} at {n}.", "Dear {a}, come at {n}.", "The {t} of {a} is {s}.",
            "{a} owes {b} {n} dollars.", "{a} sees the {t}.", "I saw {a} near the {s} {t}.", "Happy birthday, {a}!",
            "Welcome, {a}.",
        ]).format(a=who, b=other, n=rng.randrange(2, 2000), t=rng.choice(THINGS),
                  s=rng.choice("old new red blue small large".split()))
        asks = ["Repeat after me: {r}", "Type this: {r}", "Write this: {r}", "Copy this sentence: {r}", "Repeat: {r}",
                "Say: {r}", "Type: {r}", "Please type: {r}"]
        return Example(rng.choice(asks).format(r=text), text, key=f"name {who.lower()}", verbatim=True)
    n = rng.randrange(2, 6)
    word = person(rng) if kind < 0.7 else rng.choice(THINGS)
    asks = ["Write {w} {n} times.", "Type {w} {n} times.", "Repeat {w} {n} times.", "Say {w} {n} times."]
    return Example(rng.choice(asks).format(w=word, n=rng.choice([CARDINALS[n], str(n)])), " ".join([word] * n),
                   key=f"name {word.lower()}" if word[0].isupper() else f"times {word} {n}", verbatim=True)


def spell(rng: random.Random) -> Example:
    word = rng.choice(THINGS + DAYS + MONTHS + ["typewriter", "alpaca", "llama", "platen", "hello"])
    letters = "-".join(word.upper())
    if rng.random() < 0.5:
        return Example(rng.choice(["Spell {w}.", "Spell the word {w}.", "How do you spell {w}?", "How is {w} spelled?",
                                   "How do I spell {w}?", "spell {w}"]).format(w=word), letters + ".")
    asks = ["How many letters are in {w}?", "How many letters are in the word {w}?", "Count the letters of {w}.",
            "How many letters does {w} have?", "letters in {w}", "How many letters has {w}?"]
    return Example(rng.choice(asks).format(w=word), f"{letters}. That is {len(word)} letters.")


def first_letter(rng: random.Random) -> Example:
    word = rng.choice(THINGS + DAYS + MONTHS)
    last = rng.random() < 0.5
    end = "last" if last else "first"
    asks = ["What is the {e} letter of {w}?", "Which is the {e} letter of {w}?", "{e} letter of {w}",
            "Tell me the {e} letter of {w}.", "With which letter does {w} " + ("end?" if last else "begin?")]
    return Example(rng.choice(asks).format(e=end, w=word),
                   f"The {end} letter of {word} is {word[-1 if last else 0].upper()}.")


def anything_after(example: Example, answer: str) -> bool:
    return answer.split()[-1:] == example.answer.split()[-1:]


SKILLS = [
    Skill("before and after (days, months, letters)", 1.5, following),
    Skill("next number", 1.5, next_number, anything_after),
    Skill("counting", 2, count_to),
    Skill("reciting days, months, alphabet", 0.6, recite),
    Skill("sorting numbers", 2.5, sort_numbers),
    Skill("largest and smallest", 1.5, extreme),
    Skill("sorting words", 2.5, sort_words),
    Skill("counting words", 1.5, count_words, anything_after),
    Skill("reversing a list", 1.2, reverse),
    Skill("copying", 2.5, repeat),
    Skill("spelling", 1.5, spell),
    Skill("first and last letter", 0.8, first_letter),
]
