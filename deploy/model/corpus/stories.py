"""Short stories from a grammar. What the prompt names (hero, companion, place, thing) must return in the story; no
pronoun stands for the hero, so that any name and any animal fits."""

import random

from .core import Example, Skill, article
from .names import person

ROLES = """baker sailor farmer teacher tailor gardener painter miller clerk postman fisherman carpenter shepherd singer
    doctor printer typist writer king queen knight pirate wizard detective robot girl boy child""".split()
ANIMALS = """cat dog fox mouse bear wolf rabbit owl goose horse goat hedgehog frog dragon alpaca llama camel lion
    turtle squirrel penguin duck parrot elephant""".split()
PLACES = ["a small village", "a quiet town", "the old harbour", "a house by the sea", "a deep forest", "a tall tower",
          "the mountains", "a castle", "the desert", "a lighthouse", "a farm", "a dusty office", "the city",
          "an island",
          "a green valley", "a railway station", "a library", "a little shop", "the moon", "a cold country",
          "a windmill", "a narrow street"]
THINGS = ["key", "letter", "lamp", "map", "clock", "typewriter", "coin", "book", "boat", "ring", "bell", "box",
          "mirror", "violin", "kite", "stone", "ribbon", "hat", "umbrella", "candle", "compass", "feather", "basket",
          "drum", "door", "cake",
          "bicycle", "shell", "telescope", "blanket"]
LOOKS = """golden silver old tiny blue red broken strange heavy shining wooden green dusty magic secret lost white
    little""".split()
MOODS = """kind brave clever curious quiet patient lonely merry careful poor cheerful stubborn shy gentle honest lazy""".split()

OPENINGS = ["Once upon a time there was {who} named {h}, who lived in {p}.", "In {p} there lived {who} named {h}.",
            "Long ago, {who} named {h} lived in {p}.", "There was once {who} called {h}, who lived in {p}.",
            "{h} was {who} in {p}."]
CHARACTERS = ["Everybody knew {h}, because nobody was so {m}.", "{h} was {m}, but often alone.",
              "Every morning {h} opened the window and listened to the birds.", "{h} had little, but {h} was {m}.",
              "{h} worked from morning until night.",
              "People said that {h} was the most {m} {r} of all."]
FINDS = ["One day {h} found {t} under a tree.", "One evening {h} found {t} in front of the door.",
         "One morning there lay {t} on the table.",
         "One night {h} dreamed of {t}, and in the morning it lay beside the bed.",
         "One rainy day {h} bought {t} from a stranger.",
         "One winter the river brought {t}, and {h} picked it up."]
WONDERS = ["{T} was warm and began to hum.", "On {T} stood a name that nobody could read.",
           "Nobody knew where {T} came from.", "When {h} touched {T}, a bell rang far away.",
           "{h} looked at {T} for a long time.", "{T} seemed to wait for something."]
MEETS = ["So {h} went to {f} and asked for help.", "Then {f} came by and saw {T}.", "{h} showed {T} to {f}.",
         "On the road {h} met {f}.", "At that moment {f} knocked at the door.", "Only {f} knew what to do."]
SAYS = ['"It belongs to somebody who misses it," said {f}.', '"Be careful," said {f}, "it is older than the hills."',
        '"Let us find out together," said {f}.', '"I have looked for it all my life," said {f}.',
        '"Keep it until the snow melts," said {f}.', '"It can grant one wish," said {f}.']
TRIALS = ["Together {h} and {f} walked for three days through rain and wind.",
          "{h} and {f} crossed a river, climbed a hill, and lost the way twice.",
          "All night {h} and {f} sat by the fire and talked.", "A storm came, but {h} and {f} held on.",
          "{h} and {f} asked everybody they met, and everybody shook their heads."]
TURNS = ["At last they came to an old woman who laughed when she saw {T}.",
         "At last {T} began to shine, and they saw a small door.",
         "At last they understood: {T} had only wanted to come home.",
         "In the end {h} gave {T} away to a child who needed it more.",
         "In the end {h} made a wish, and the wish was for {f}."]
ENDINGS = ["From that day on {h} and {f} were friends.", "And {h} was never lonely again.",
           "{h} went home, and slept better than ever.", "And if you listen at night, you can still hear {h} laugh.",
           "{h} and {f} shared a cake, and that was the end of it.",
           "Since then {h} always leaves the door open for strangers."]

ASKS = ["Tell me a story about {s}.", "Write a story about {s}.", "Tell a story about {s}.",
        "Write a short story about {s}.", "I want a story about {s}.", "Can you tell me a story about {s}?",
        "story about {s}", "Make up a story about {s}.",
        "Please write a story about {s}.", "Give me a story about {s}.", "Tell me about {s} in a story.",
        "Type a story about {s}."]
PLAIN = ["Tell me a story.", "Write a story.", "Tell a story.", "Write a short story.", "Can you tell me a story?",
         "I want to hear a story.", "story", "Please tell me a story.", "Once upon a time", "Make up a story.",
         "A story, please.", "Do you know a story?",
         "Give me a story.", "Type me a story.", "Write me a story.", "Tell me another story."]


def story(rng: random.Random) -> Example:
    name, friend_name = person(rng), person(rng)
    while friend_name == name:
        friend_name = person(rng)
    kind = rng.choice(ROLES + ANIMALS)
    mood = rng.choice(MOODS)
    thing = (f"{rng.choice(LOOKS)} " if rng.random() < 0.7 else "") + rng.choice(THINGS)
    place = rng.choice(PLACES)
    friend = friend_name if rng.random() < 0.7 else f"{friend_name} the {rng.choice(ROLES + ANIMALS)}"
    subject, asked, who = name, [name], f"{rng.choice(['', mood + ' '])}{kind}"
    form = rng.random()
    if form < 0.16:
        pass
    elif form < 0.32:
        subject = f"{article(who)} named {name}"
        asked += [kind]
    elif form < 0.42:  # only a kind of hero; the name is the story's own
        name = rng.choice(["Tom", "Anna", "Old Ben", "Rosa", "Leo", "Ida"])
        friend = friend_name = rng.choice(["Max", "Clara", "Paul", "Mia"])
        subject, asked = article(who), [kind]
    elif form < 0.56:
        subject = f"{name} and {friend_name}"
        friend = friend_name
        asked = [name, friend_name]
    elif form < 0.7:
        subject = f"{name} and {article(thing)}"
        asked = [name, thing]
    elif form < 0.8:
        subject = f"{article(who)} named {name} who finds {article(thing)}"
        asked = [name, kind, thing]
    elif form < 0.9:
        subject = f"{name} in {place}"
        asked = [name, place]
    else:
        name = rng.choice(["Tom", "Anna", "Rosa", "Leo", "Ida", "Jack"])
        friend = friend_name = rng.choice(["Max", "Clara", "Paul", "Mia"])
        subject, asked = (article(thing), [thing]) if rng.random() < 0.6 else (place, [place])
    text = tale(rng, name, who, kind, mood, thing, place, friend)
    prompt = rng.choice(PLAIN) if form < 0.05 else rng.choice(ASKS).format(s=subject)
    if form < 0.05:
        name, asked = "", []
        text = tale(rng, rng.choice(["Tom", "Anna", "Rosa", "Leo"]), who, kind, mood, thing, place,
                    rng.choice(["Max", "Clara", "Paul", "Mia"]))
    named = name if name in asked else ""
    return Example(prompt, text, key=f"name {named.lower()}" if named else None, verbatim=bool(named),
                   check="|".join(asked))


def tale(rng, name, who, kind, mood, thing, place, friend) -> str:
    slots = {"h": name, "who": article(who), "r": kind, "m": mood, "t": article(thing), "T": "the " + thing, "p": place,
             "f": friend}
    parts = [OPENINGS]
    if rng.random() < 0.6:
        parts.append(CHARACTERS)
    parts += [FINDS]
    if rng.random() < 0.6:
        parts.append(WONDERS)
    parts += [MEETS, SAYS]
    if rng.random() < 0.6:
        parts.append(TRIALS)
    parts += [TURNS, ENDINGS]
    sentences = [rng.choice(part).format(**slots) for part in parts]
    return " ".join(sentence[0].upper() + sentence[1:] for sentence in sentences)


def holds_together(example: Example, answer: str) -> bool:
    """Everything the prompt asked for returns in the story, which has six sentences or more and comes to its end."""
    asked = example.check.split("|") if example.check else []
    enough = sum(answer.count(mark) for mark in ".!?") >= 6
    return enough and answer.rstrip()[-1:] in '."' and all(word.lower() in answer.lower() for word in asked)


SKILLS = [Skill("stories", 6, story, holds_together, closed=False)]
