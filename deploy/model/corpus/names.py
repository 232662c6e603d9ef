"""Names of persons: a list of common ones, and made-up ones so that copying cannot be replaced by memory."""

import random

COMMON = """Anna Ben Clara David Emma Frank Grace Henry Ida Jack Kate Leo Maria Noah Olga Paul Rosa Sam Tom Una Victor
Wendy Alice Bob Carol Daniel Eva Fred Gina Hugo Ivan Jane Karl Lucy Mark Nina Oscar Peter Quinn Ruth Simon Tina
Viola Walter Yara Zoe Adam Bella Carlos Diana Edgar Flora George Helen Igor Julia Kevin Laura Max Nora Otto Pia
Ralph Sara Theo Ursula Vera William Agnes Boris Cora Dora Emil Felix Greta Hans Irma Jonas Klara Lars Mona Nils
Omar Petra Robert Sofia Thomas Vincent Wilma Arthur Betty Charles Doris Edward Fiona Gerald Hanna Isaac Jenny
Kim Liam Mary Nick Olive Pat Rita Steve Tanya Hassan Aisha Mohammed Fatima Yuki Kenji Mei Chen Ravi Priya Arjun
Lina Ali John James Michael Linda Susan Karen Lisa Nancy Margaret Sandra Ashley Donna Emily Amanda Melissa Miriam
Tim Jim Joe Bill Chris Alex Sophie Martha Louise Martin Philip Stephen Andrew Monica Rachel Rebecca Samuel""".split()

STARTS = "B Br C Ch D Dr F Fl G Gr H J K Kl L M N P Pr Qu R S Sh St T Tr V W Y Z".split()
VOWELS = "a e i o u a e i o u ai ee oo ia".split()
MIDDLES = "b d l ll m n nd r rr s st t v z nt mp lb rk x".split()
ENDS = ["", "", "", "n", "l", "r", "s", "k", "th", "x", "ck", "m", "nd", "sk"]


def made_up(rng: random.Random) -> str:
    start = rng.choice(STARTS + ["", "", ""])
    name = start + rng.choice(VOWELS)
    for _ in range(rng.choice([1, 1, 1, 2])):
        name += rng.choice(MIDDLES) + rng.choice(VOWELS)
    return (name + rng.choice(ENDS)).capitalize()


def person(rng: random.Random) -> str:
    return rng.choice(COMMON) if rng.random() < 0.5 else made_up(rng)


def people(rng: random.Random, count: int) -> list[str]:
    chosen: list[str] = []
    while len(chosen) < count:
        name = person(rng)
        if name not in chosen:
            chosen.append(name)
    return chosen
