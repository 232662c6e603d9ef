#!/usr/bin/env python3
"""Has a keyboard of unknown wiring learned on the emulated machine.

    learn.py type OUT       writes OUT.script for platen_matrix_sim, and prints the keys that platen keys learn is to ask for
    learn.py check TOML     compares the profile that was learned with how the keys were wired
"""
import random
import struct
import sys
import tomllib

STEP = struct.Struct("=IBBBB")  # struct step of module/sim.h

ROWS, COLUMNS = (9, 3, 7), (5, 14, 0, 12)
KEYS = {f"KEY_{letter}": (row, column) for letter, (row, column) in zip("ABCDEFGHIJKL", [(r, c) for r in ROWS for c in COLUMNS])}


def write(file):
    """Each key is down for 0.4 s, and chatters."""
    chance = random.Random(1)
    for number, (row, column) in enumerate(KEYS.values()):
        for closed in (1, 0):
            time = 2_000_000 + 1_000_000 * number + 400_000 * (1 - closed)
            for state in (closed,) + (1 - closed, closed) * chance.randrange(3):
                file.write(STEP.pack(time, row, column, state, 0))
                time += chance.randrange(200, 900)


def check(path):
    with open(path, "rb") as file:
        matrix = tomllib.load(file)["matrix"]
    learned = {
        name: (row, column)
        for row, names in zip(matrix["rows"], matrix["keys"]) for column, name in zip(matrix["columns"], names) if name
    }
    print(f"{len(KEYS)} keys wired, {len(learned)} learned, {sum(learned.get(key) == place for key, place in KEYS.items())} of them right")
    return learned == KEYS and not matrix["diodes"]


if sys.argv[1] == "type":
    with open(sys.argv[2] + ".script", "wb") as out:
        write(out)
    print(",".join(KEYS))
else:
    sys.exit(0 if check(sys.argv[2]) else 1)
