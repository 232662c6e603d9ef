"""Letters and verses with open slots: whom to write to, what about, who signs."""

import random
import re

from .core import Example, Skill
from .names import person

ABOUT = (
    "the broken bell; the lost key; my garden; the old house; the rain; our holiday; the new typewriter; the money; "
    "the noise; my birthday; the concert; the wedding; the train; the party; your visit; the meeting; the weather; "
    "the book; the dog; my cat; the bicycle; the school; the piano; the roof; the window; the garden wall; the long "
    "winter; the harvest; the cake; the apples; the picture; the bill; the delay; the museum; the red boat; the "
    "letter; the library; the neighbours; the summer; your kindness; the job; the rent; the alpaca; the tea; the lamp"
).split("; ")
FROM = ["", "", "", " from {z}", " and sign it {z}"]
GENERAL = ["I am writing to you about {y}.", "Today I must tell you about {y}.",
           "I have thought a great deal about {y}.", "You asked me about {y}."]
MIDDLES = ["It has been on my mind for days.", "I do not know what to do, and I would like your advice.",
           "You know more about it than anybody.", "Perhaps we can talk about it soon.", "Everybody here speaks of it.",
           "I hope that you can help me."]
CLOSERS = ["Please write back soon.", "I hope to see you soon.", "Give my best wishes to your family.",
           "Until then, take good care of yourself.", "I look forward to your answer."]

OCCASIONS = {
    "thank you letter": (["Thank you very much for {y}.", "I want to thank you for {y}."],
                         ["It was kind of you.", "I was very happy about it.", "I will not forget it."]),
    "letter of apology": (["I am very sorry about {y}.", "Please forgive me for {y}."],
                          ["It was my fault.", "I did not mean it.", "It will not happen again."]),
    "letter of complaint": (["I am not content with {y}.", "I must complain about {y}."],
                            ["It is not as you promised.", "It has cost me a lot of time.", "Please put it right."]),
}
VERSES = [
    "I sing of {t} in the morning light,\nI sing of {t} in the quiet night.",
    "The clock goes slow, the lamp burns low,\nand {t} is the thing I know.",
    "Some love the sea and some the sky,\nI think of {t}, I know not why.",
    "The keys go down, the keys go up,\nfor {t}, and tea in a little cup.",
    "The rain may fall, the wind may blow,\nbut {t} will never, never go.",
    "A line of ink, a line of blue,\nthis verse of {t} I type for you.",
    "When all the world has gone to bed,\nthe thought of {t} is in my head.",
    "Oh {t}, the hours are long,\nso let me type you a little song.",
    "The bell has rung, the line is done,\nand {t} is brighter than the sun.",
    "In spring, in summer, in the snow,\nwith {t} is where I want to go.",
]
TOPICS = ["the sea", "the moon", "the rain", "my cat", "my dog", "love", "winter", "summer", "spring", "autumn",
          "the wind", "my mother", "the night", "the stars", "a typewriter", "an alpaca", "a rose", "the snow",
          "my garden", "old books", "a river", "coffee",
          "tea", "the train", "a candle", "friendship", "the mountain", "time", "hope", "bread", "an old clock",
          "a little bird", "the sun", "my house", "ink", "paper", "a blue boat", "the city", "an owl", "a ship",
          "the forest", "a piano", "home", "a red kite"]


def letter(rng: random.Random) -> Example:
    to, sender = person(rng), person(rng)
    topic = rng.choice(ABOUT)
    signed = rng.choice(FROM).format(z=sender)
    form = rng.random()
    if form < 0.55:
        ask = rng.choice(["Write a letter to {x} about {y}{s}.", "Write to {x} about {y}{s}.",
                          "Write a short letter to {x} about {y}{s}.", "Can you write a letter to {x} about {y}{s}?",
                          "I need a letter to {x} about {y}{s}.", "Type a letter to {x} about {y}{s}.",
                          "Please write a letter to {x} about {y}{s}.", "letter to {x} about {y}{s}"])
        first, middle = GENERAL, MIDDLES
    elif form < 0.7:
        ask = rng.choice(["Write a letter to {x}{s}.", "Write to {x}{s}.", "Please write a letter to {x}{s}.",
                          "Can you write a letter to {x}{s}?"])
        topic, first, middle = "", ["I have not written to you for a long time.",
                                    "How are you? I think of you often."], ["Here all is well, and the days are quiet.",
                                        "The garden is green and the cat is asleep."]
    elif form < 0.9:
        kind = rng.choice(sorted(OCCASIONS))
        first, middle = OCCASIONS[kind]
        ask = rng.choice(["Write a {k} to {x} about {y}{s}.", "Write {x} a {k} about {y}{s}.",
                          "I need a {k} to {x} about {y}{s}."]).replace("{k}", kind)
    else:
        ask = rng.choice(["Invite {x} to {y}{s}.", "Write an invitation to {x} for {y}{s}.",
                          "Write a letter that invites {x} to {y}{s}."])
        topic = rng.choice(["the party", "the concert", "the wedding", "tea", "dinner", "my birthday", "a picnic",
                            "the theatre", "a walk", "the opening"])
        first, middle = ["I would like to invite you to {y}.",
                         "You are invited to {y}."], ["It would not be the same without you.", "There will be cake.",
                             "Bring whom you like."]
    body = " ".join([rng.choice(first).format(y=topic), rng.choice(middle), rng.choice(CLOSERS)])
    name = sender if signed else "Your typewriter"
    asked = [to] + ([topic] if topic else []) + ([sender] if signed else [])
    return Example(ask.format(x=to, y=topic, s=signed), f"Dear {to},\n\n{body}\n\nYours,\n{name}",
                   key=f"name {to.lower()}", verbatim=True, check="|".join(asked))


def greeting_card(rng: random.Random) -> Example:
    name = person(rng)
    what, text = rng.choice([
        ("birthday", "Happy birthday, {x}! May your year be long and your ribbon never run dry."),
        ("Christmas", "Merry Christmas, {x}! May your house be warm and your table full."),
        ("new year", "A happy new year, {x}! May every page of it be a good one."),
        ("get well", "Get well soon, {x}. The world is too quiet without you."),
        ("wedding", "All good wishes for your wedding, {x}. May you share every page."),
    ])
    ask = rng.choice(["Write a {w} card for {x}.", "Write a {w} card to {x}.", "Write a {w} wish for {x}.",
                      "A {w} card for {x}, please.", "Make a {w} card for {x}."])
    return Example(ask.format(w=what, x=name), text.format(x=name), key=f"name {name.lower()}", verbatim=True)


def poem(rng: random.Random) -> Example:
    form = rng.random()
    topic = rng.choice(TOPICS) if form < 0.7 else person(rng)
    verses = rng.sample(VERSES, 2)
    if form < 0.06:
        ask = rng.choice(["Write a poem.", "Write me a poem.", "poem", "A poem, please.", "Can you write a poem?",
                          "Tell me a poem.", "Recite a poem.", "Do you know a poem?", "Type a poem."])
        topic, asked = rng.choice(["the sea", "the moon", "the rain", "ink"]), ""
    else:
        ask = rng.choice(["Write a poem about {t}.", "Write me a poem about {t}.", "A poem about {t}.",
                          "poem about {t}", "Can you write a poem about {t}?", "Write a short poem about {t}.",
                          "Make a poem about {t}.", "Please write a poem about {t}.",
                          "Tell me a poem about {t}.", "Type a poem about {t}.", "Write a verse about {t}.",
                          "I want a poem about {t}."]).format(t=topic)
        asked = topic
    named = form >= 0.7
    text = "\n".join(verse.format(t=topic)[0].upper() + verse.format(t=topic)[1:] for verse in verses)
    return Example(ask, text, key=f"name {topic.lower()}" if named else None, verbatim=named, check=asked)


def everything_asked(example: Example, answer: str) -> bool:
    """Each thing that the prompt named stands in the answer, and a letter has its form."""
    found = all(re.search(r"\b" + re.escape(word) + r"\b", answer, re.I) for word in example.check.split("|") if word)
    is_letter = answer.strip().startswith("Dear ") and "Yours," in answer
    return found and (is_letter or not example.answer.startswith("Dear "))


def verses(example: Example, answer: str) -> bool:
    return everything_asked(example, answer) and len([line for line in answer.splitlines() if line.strip()]) == 4


SKILLS = [
    Skill("letters", 3, letter, everything_asked, closed=False),
    Skill("greeting cards", 1, greeting_card),
    Skill("poems", 2, poem, verses, closed=False),
]
