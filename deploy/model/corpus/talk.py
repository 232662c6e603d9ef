"""Talk: about itself, small talk, jokes, what it does not know, and what was said earlier on the page."""

import random
import re

from .core import Example, Skill, article, lines, normalized
from .names import made_up, person
from .order import THINGS

JOKES = lines("jokes.txt")
ASK_JOKE = ["Tell me a joke.", "Tell a joke.", "Do you know a joke?", "joke", "A joke, please.", "Make me laugh.",
            "Say something funny.", "Can you tell me a joke?", "Tell me another joke.", "Give me a joke.",
            "I want a joke.", "Another joke!", "Tell me something funny.",
            "Write a joke.", "Type a joke."]
IGNORANCE = ["I do not know that. I am a very small model.", "That is more than I know. I am only a very small model."]
NONSENSE = "I cannot read that. Please type a short question in English."
FOREIGN = "I can only read English, I am sorry."
EMPTY = "The line was empty. Type a question and press Return."


def intents() -> list[dict]:
    found: list[dict] = []
    for line in lines("chat.txt"):
        mark, rest = line[0], line[2:]
        if mark == "@":
            found.append({"name": rest, "?": [], "!": [], "=": [], "~": ""})
        elif mark == "~":
            found[-1]["~"] = rest
        else:
            found[-1][mark].append(rest)
    return found


INTENTS = intents()
UNKNOWN: dict[str, list[str]] = {}
for row in lines("unknown.txt"):
    if row.startswith("@ "):
        rows = UNKNOWN.setdefault(row[2:], [])
    else:
        rows += row.split(", ")


def chat(rng: random.Random) -> Example:
    intent = rng.choice(INTENTS)
    return Example(rng.choice(intent["?"]), rng.choice(intent["="]), key="chat", check=intent["~"])


def unseen_chat() -> list[Example]:
    """The wordings marked "!" in chat.txt, which the corpus never uses."""
    return [Example(ask, intent["="][0], check=intent["~"]) for intent in INTENTS for ask in intent["!"]]


def joke(rng: random.Random) -> Example:
    return Example(rng.choice(ASK_JOKE), rng.choice(JOKES), key="chat")


def unknown(rng: random.Random) -> Example:
    """Topics outside the corpus, real words and made-up ones; the key is the topic."""
    kind = rng.random()
    if kind < 0.35:
        topic = rng.choice(UNKNOWN["words"])
    elif kind < 0.55:
        topic = made_up(rng).lower() if rng.random() < 0.6 else made_up(rng)
    elif kind < 0.7:
        ask = rng.choice(UNKNOWN["asks"])
        return Example(ask, rng.choice(IGNORANCE), check="know")
    elif kind < 0.85:
        topic = rng.choice(UNKNOWN["tasks"])
        ask = rng.choice(["Write an essay about {x}.", "Explain {x}.", "What do you think about {x}?", "Summarize {x}.",
                          "Help me with {x}.", "Tell me about {x}.", "What is {x}?", "Give me facts about {x}.",
                          "How does {x} work?", "Why is {x} important?"])
        return Example(ask.format(x=topic), rng.choice(IGNORANCE), key=f"topic {topic}", check="know")
    else:
        name = f"{person(rng)} {made_up(rng)}"
        return Example(rng.choice(["Who was {x}?", "Who is {x}?", "Tell me about {x}.",
                                   "Do you know {x}?"]).format(x=name), rng.choice(IGNORANCE), key=f"topic {name}",
                                   check="know", verbatim=True)
    asked = article(topic) if rng.random() < 0.6 else topic
    ask = rng.choice(["What is {x}?", "What is {x}?", "Define {x}.", "Explain {x}.", "What does {x} mean?",
                      "Describe {x}.", "Tell me about {x}.", "How does {x} work?", "Why is {x} important?",
                      "What's {x}?", "Where does {x} come from?", "Who invented {x}?"])
    return Example(ask.format(x=asked), rng.choice(IGNORANCE), key=f"topic {topic}", check="know")


def unknown_place(rng: random.Random) -> Example:
    name = made_up(rng)
    ask = rng.choice(["What is the capital of {x}?", "What's the capital of {x}?", "capital of {x}",
                      "Which city is the capital of {x}?", "Name the capital of {x}.", "Tell me the capital of {x}.",
                      "What is the capital city of {x}?"])
    return Example(ask.format(x=name), f"I do not know a country called {name}.", key=f"name {name.lower()}",
                   verbatim=True)


def unreadable(rng: random.Random) -> Example:
    kind = rng.random()
    if kind < 0.55:
        letters = rng.choice(["abcdefghijklmnopqrstuvwxyz", "asdfghjkl", "qwertyuiop", "bcdfghjklmnpqrstvwxz",
                              "asdfjkl;", "qwertzuiopasdfghjklyxcvbnm,.-"])
        text = " ".join("".join(rng.choice(letters) for _ in range(rng.randrange(3, 11))) for _ in range(rng.choice([1,
            1, 2, 3])))
        return Example(text, NONSENSE, key=f"noise {text}", verbatim=True)
    if kind < 0.7:
        text = "".join(rng.choice("?!.,;:-*#+=/&%$()") for _ in range(rng.randrange(1, 8)))
        return Example(text, NONSENSE, key="signs", verbatim=True)
    if kind < 0.92:
        text = rng.choice(UNKNOWN["foreign"])
        return Example(text, FOREIGN, key=f"noise {text}")
    return Example(rng.choice(["", " ", "\n"]), EMPTY, key="chat", verbatim=True)


def introduce(rng: random.Random) -> Example:
    name = person(rng)
    ask = rng.choice(["My name is {x}.", "I am {x}.", "I'm {x}.", "Hello, I am {x}.", "Hello, my name is {x}.",
                      "Hi, I am {x}.", "They call me {x}.", "You can call me {x}.", "Hi, my name is {x}.",
                      "{x} is my name."])
    return Example(ask.format(x=name), f"Nice to meet you, {name}.", key=f"name {name.lower()}", verbatim=True)


def remember(rng: random.Random) -> Example:
    """The name or a thing is told first, perhaps something else is said, and then it is asked for."""
    name = person(rng)
    thing, colour = rng.choice(THINGS), rng.choice("red blue green yellow black white brown purple pink grey".split())
    facts = [
        (introduce_as(rng, name), f"Nice to meet you, {name}.",
         rng.choice(["What is my name?", "Who am I?", "Do you know my name?", "Do you remember my name?",
                     "What am I called?"]), f"Your name is {name}."),
        (rng.choice(["My favourite colour is {x}.", "I like the colour {x}.",
                     "The colour that I like is {x}."]).format(x=colour), f"{colour.capitalize()} is a fine colour.",
                     rng.choice(["What is my favourite colour?", "Which colour do I like?",
                                 "Which colour is my favourite?"]), f"Your favourite colour is {colour}."),
        (rng.choice(["My cat is called {x}.", "I have a cat called {x}.", "My cat's name is {x}."]).format(x=name),
         f"{name} is a good name for a cat.", rng.choice(["What is my cat called?", "What is the name of my cat?",
             "How is my cat called?"]), f"Your cat is called {name}."),
        (rng.choice(["Remember the word {x}.", "Please remember this word: {x}.",
                     "The secret word is {x}."]).format(x=thing), "I will remember it, as long as it is on this page.",
                     rng.choice(["What was the word?", "Which word did I tell you?", "What is the secret word?"]),
                     f"The word was {thing}."),
    ]
    chosen = rng.sample(facts, 2) if rng.random() < 0.3 else [rng.choice(facts)]
    between = []
    for _ in range(rng.choice([0, 0, 1, 1, 2])):
        other = chat(rng)
        between.append((other.prompt, other.answer))
    told = [(fact[0], fact[1]) for fact in chosen]
    asked = [(fact[2], fact[3]) for fact in chosen]
    rng.shuffle(asked)
    turns = told + between + asked
    named = any(name in text for turn in turns for text in turn)
    key = f"name {name.lower()}" if named else normalized(" ".join(prompt for prompt, _ in turns))
    return Example(turns[0][0], turns[0][1], key=key, verbatim=True, turns=tuple(turns[1:]))


def introduce_as(rng: random.Random, name: str) -> str:
    return rng.choice(["My name is {x}.", "I am {x}.", "Hello, I am {x}.", "Hello, my name is {x}."]).format(x=name)


def nothing_told(rng: random.Random) -> Example:
    ask, answer = rng.choice([("What is my name?", "You have not told me your name."),
                              ("Do you know my name?", "You have not told me your name."),
                              ("Who am I?", "You have not told me your name."),
                              ("What is my favourite colour?", "You have not told me your favourite colour."),
                              ("Which colour do I like?", "You have not told me your favourite colour."),
                              ("What is my cat called?", "You have not told me about your cat.")])
    return Example(ask, answer, key="chat")


def again(rng: random.Random) -> Example:
    """Another joke, and thanks."""
    jokes = rng.sample(JOKES, 3)
    turns = [(rng.choice(ASK_JOKE), jokes[0]), (rng.choice(["Another one.", "Another", "One more.", "More",
        "Tell me another.", "Again", "Tell me another one.", "Another joke."]), jokes[1])]
    if rng.random() < 0.4:
        turns.append((rng.choice(["One more, please.", "Another one.", "And another.", "More"]), jokes[2]))
    if rng.random() < 0.4:
        turns.append((rng.choice(["Ha ha", "Very funny.", "haha"]),
                      "I am glad that you noticed. My jokes are as old as my keys."))
    return Example(turns[0][0], turns[0][1], key="chat", turns=tuple(turns[1:]))


def matches(example: Example, answer: str) -> bool:
    return re.search(example.check, answer.lower()) is not None


def a_joke(example: Example, answer: str) -> bool:
    return answer.strip() in JOKES


SKILLS = [
    Skill("talk (wordings not seen)", 9, chat, matches, closed=False),
    Skill("jokes", 1, joke, a_joke),
    Skill("admits what it does not know", 4.5, unknown, matches, closed=False),
    Skill("countries that do not exist", 1, unknown_place),
    Skill("nonsense, other languages, an empty line", 1.5, unreadable),
    Skill("introductions", 1.2, introduce),
    Skill("remembering what was said", 3.5, remember, follows=False),
    Skill("asked for what was not said", 0.4, nothing_told, follows=False),
    Skill("another joke", 0.7, again, follows=False),
]
