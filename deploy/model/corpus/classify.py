"""One-word classification: the label alone, chosen from the labels that the prompt offers."""

import random

from .core import Example, Skill, listed
from .names import person

GOOD = """wonderful lovely great excellent delightful superb charming pleasant brilliant perfect beautiful amazing
    fantastic tasty kind fine""".split()
BAD = """terrible awful horrible boring dull bad poor dreadful disgusting nasty ugly broken rude cold disappointing sad""".split()
GOOD_ACTS = ["I loved the {t}.", "I enjoyed the {t}.", "I would buy the {t} again.", "The {t} made me smile.",
             "I recommend the {t}.", "{p} was happy with the {t}.", "The {t} was a pleasure."]
BAD_ACTS = ["I hated the {t}.", "I regret the {t}.", "I want my money back for the {t}.", "The {t} made me cry.",
            "I would never buy the {t} again.", "{p} was angry about the {t}.", "The {t} was a waste of time."]
TOPICS = """film book meal hotel soup music play service song food room story typewriter letter trip concert show
    coffee train weather party game cake dinner shop""".split()
KINDS = {
    "animal": """cat dog horse cow sheep goat pig lion tiger bear wolf fox rabbit mouse eagle owl shark whale frog
        snake duck goose alpaca llama camel elephant monkey zebra""".split(),
    "plant": """rose tulip oak pine daisy grass fern cactus lily moss ivy birch maple willow bamboo clover sunflower
        palm""".split(),
    "food": """bread cheese soup cake pizza rice butter honey sausage salad pasta egg sandwich pancake chocolate
        biscuit""".split(),
    "tool": "hammer saw drill screwdriver pliers axe shovel rake wrench chisel file spade needle scissors".split(),
    "colour": "red blue green yellow black white brown purple orange pink grey violet".split(),
    "country": """France Germany Spain Italy Japan China India Brazil Canada Egypt Kenya Peru Norway Sweden Poland
        Greece""".split(),
    "city": "Paris London Berlin Rome Madrid Tokyo Cairo Moscow Vienna Oslo Lisbon Athens".split(),
    "vehicle": "car bus train bicycle ship boat lorry tram aeroplane truck motorcycle ferry".split(),
    "fruit": "apple banana pear cherry grape lemon plum peach melon strawberry mango fig".split(),
    "instrument": "piano violin guitar drum flute trumpet harp cello organ clarinet".split(),
    "clothing": "shirt coat hat shoe sock dress scarf glove jacket trousers skirt".split(),
    "furniture": "table chair bed sofa desk cupboard shelf wardrobe bench stool".split(),
    "weather": "rain snow fog storm hail thunder wind sunshine frost".split(),
    "number": "one two three four five six seven eight nine ten twelve twenty".split(),
}
COUNTS = "zero one two three four five six".split()
CLASH = {frozenset(pair) for pair in [("fruit", "food"), ("fruit", "plant"), ("food", "plant"), ("fruit", "colour"),
                                      ("country", "city")]}


def opinion(rng: random.Random) -> tuple[str, bool]:
    good = rng.random() < 0.5
    topic = rng.choice(TOPICS)
    if rng.random() < 0.6:
        words, others = (GOOD, BAD) if good else (BAD, GOOD)
        one, two = rng.sample(words, 2)
        text = rng.choice(["The {t} was {a}.", "What a {a} {t}!", "The {t} is {a} and {b}.", "It was a {a} {t}.",
                           "I found the {t} {a}.", "{p} says the {t} was {a}.",
                           "The {t} was {a} and the people were {b}.",
                           "The {t} was not {n}, it was {a}.", "A {a} {t}, really {b}.", "My {t} was {a}.",
                           "We had a {a} {t}."]).format(t=topic, a=one, b=two, n=rng.choice(others), p=person(rng))
    else:
        text = rng.choice(GOOD_ACTS if good else BAD_ACTS).format(t=topic, p=person(rng))
    return text, good


def sentiment(rng: random.Random) -> Example:
    labels = rng.choice([("positive", "negative"), ("positive", "negative"), ("good", "bad"), ("happy", "unhappy"),
                         ("Positive", "Negative")])
    shown = list(labels)
    if rng.random() < 0.5:
        shown.reverse()
    text, good = opinion(rng)
    label = labels[0] if good else labels[1]
    a, b = shown
    form = rng.random()
    if form < 0.4:
        ask = rng.choice([f"Is this text {a} or {b}? Answer with one word.", f"Classify the text as {a} or {b}.",
                          f"Label the sentence: {a} or {b}.", f"Is the opinion {a} or {b}?", f"Say {a} or {b}."])
        return Example(ask, label, input=text, key="opinion " + text.lower(), verbatim=True)
    if form < 0.8:
        ask = rng.choice([f"Is this {a} or {b}? {text}", f"Classify as {a} or {b}: {text}", f"{a} or {b}: {text}",
                          f"Is this sentence {a} or {b}? {text}", f"Classify the sentiment ({a} or {b}): {text}"])
        return Example(ask, label, key="opinion " + text.lower(), verbatim=True)
    shots = []
    for _ in range(rng.choice([2, 3])):
        shot, shot_good = opinion(rng)
        shots.append(f"{shot} -> {labels[0] if shot_good else labels[1]}")
    return Example("\n".join(shots + [f"{text} ->"]), label, key="opinion " + text.lower(), verbatim=True)


def kind(rng: random.Random) -> Example:
    while True:
        offered = rng.sample(sorted(KINDS), rng.choice([2, 3, 3, 4]))
        if not any(frozenset((x, y)) in CLASH for x in offered for y in offered):
            break
    label = rng.choice(offered)
    word = rng.choice(KINDS[label])
    options = " or ".join([", ".join(offered[:-1]), offered[-1]])
    if any(word in KINDS[other] for other in offered if other != label):
        return kind(rng)
    key = f"kind {word} {' '.join(sorted(offered))}"
    form = rng.random()
    if form < 0.35:
        ask = rng.choice([f"Classify the word as {options}.", f"What is this: {options}?",
                          f"Label the word: {options}.", f"Which one is it: {options}? Answer with one word."])
        return Example(ask, label, input=word, key=key, verbatim=True)
    if form < 0.75:
        ask = rng.choice([f"Classify as {options}: {word}", f"Is {word} {options}?", f"{options}: {word}",
                          f"Which is {word}: {options}?", f"What is {word}: {options}?"])
        return Example(ask, label, key=key, verbatim=True)
    shots = []
    for other in rng.sample(offered, min(len(offered), 3)):
        shots.append(f"{rng.choice([w for w in KINDS[other] if w != word])} -> {other}")
    return Example("\n".join(shots + [f"{word} ->"]), label, key=key, verbatim=True)


def odd_one_out(rng: random.Random) -> Example:
    while True:
        a, b = rng.sample(sorted(KINDS), 2)
        if frozenset((a, b)) not in CLASH:
            break
    odd = rng.choice(KINDS[a])
    words = rng.sample([w for w in KINDS[b] if w not in KINDS[a]], 3)
    if odd in KINDS[b]:
        return odd_one_out(rng)
    row = words + [odd]
    rng.shuffle(row)
    ask = rng.choice(["Which word does not belong: {r}?", "Find the odd one out: {r}", "Which is the odd one out: {r}?",
                      "Odd one out: {r}"]).format(r=listed(row))
    return Example(ask, odd, key="odd " + listed(sorted(row)), verbatim=True)


def members(rng: random.Random) -> Example:
    what = rng.choice(sorted(KINDS))
    plural = {"country": "countries", "city": "cities", "food": "foods", "clothing": "pieces of clothing",
              "furniture": "pieces of furniture", "weather": "kinds of weather"}.get(what, what + "s")
    count = rng.randrange(2, 7)
    number = rng.choice([COUNTS[count], COUNTS[count], str(count)])
    ask = rng.choice(["Name {n} {w}.", "List {n} {w}.", "Give me {n} {w}.", "Tell me {n} {w}.",
                      "Write the names of {n} {w}.", "Can you name {n} {w}?", "{n} {w}",
                      "Give {n} examples of {w}."]).format(n=number, w=plural)
    return Example(ask, listed(rng.sample(KINDS[what], count)) + ".", check=f"{what} {count}")


def right_members(example: Example, answer: str) -> bool:
    what, count = example.check.split()
    items = [item.strip() for item in answer.strip().rstrip(".").split(",")]
    return len(items) == int(count) == len(set(items)) and all(item in KINDS[what] for item in items)


SKILLS = [
    Skill("naming some of a kind", 1.2, members, right_members),
    Skill("classifying opinions", 2.5, sentiment),
    Skill("classifying words", 2.5, kind),
    Skill("odd one out", 1.2, odd_one_out),
]
