#!/usr/bin/env python3
"""Types on an emulated matrix, and checks what a program has read from it.

    keys.py type OUT --keys N              writes OUT.script for platen_matrix_sim and OUT.keys, what was typed
    keys.py check OUT EVENTS               compares EVENTS, and the module's log OUT.log, with OUT.keys
    keys.py text OUT TEXT --profile FILE   writes OUT.script, which types the file TEXT on a keyboard with diodes

Rows are the chip's lines 0 to R-1, columns the lines R to R+C-1; a diode conducts from its column to its row. EVENTS is what `platen keys` prints.

A key of OUT.keys is `plain`, `late` or `untold`. The last two there are where the matrix has no diodes and the key was pressed as the
third corner of a rectangle whose other two were down: nobody can tell it from the fourth corner, until another corner goes up. It has
to be read then, or not at all if it went up first.
"""
import argparse
import difflib
import random
import re
import struct
import sys
import tomllib

STEP = struct.Struct("=IBBBB")  # struct step of module/sim.h
RECORD = struct.Struct("=QBBBBI")  # struct record

EVENT = re.compile(r"(\d+)\.(\d{6})  key +row (\d+) column (\d+) (down|up)\b")

BOUNCE = 4000  # microseconds in which a contact chatters, at most
MARGIN = 8000  # between a contact's last change and the next that has to be told from it


class Typist:
    """Presses keys one after another; times are microseconds."""

    def __init__(self, rows, columns, seed):
        self.rows, self.columns = rows, columns
        self.random = random.Random(seed)
        self.steps = []  # time, row, column, closed
        self.keys = []  # time, row, column, plain or late or untold

    def contact(self, time, key, closed):
        """The contact changes at `time`, and chatters."""
        row, column = key
        self.steps.append((time, row, column, closed))
        chatter = self.random.choice((0, 1, 1, 2, 3))
        for again in sorted(self.random.sample(range(time + 30, time + BOUNCE, 15), 2 * chatter)):
            closed = not closed
            self.steps.append((again, row, column, closed))

    def press(self, key, down, up, kind="plain"):
        self.contact(down, key, True)
        self.contact(up, key, False)
        self.keys.append((down, *key, kind))

    def key(self):
        return self.random.randrange(self.rows), self.random.randrange(self.columns)

    def rectangle(self):
        """Three corners of one."""
        rows, columns = self.random.sample(range(self.rows), 2), self.random.sample(range(self.columns), 2)
        corners = [(row, column) for row in rows for column in columns]
        self.random.shuffle(corners)
        return corners[:3]

    def diagonal(self):
        """Three keys of which no two share a line."""
        return list(zip(self.random.sample(range(self.rows), 3), self.random.sample(range(self.columns), 3)))

    def type(self, count, interval, diodes):
        """`count` keys, one each `interval` microseconds: most overlap with the one before, some three lie on each other."""
        time, held_until, last = 100_000, 0, None
        while len(self.keys) < count:
            three = self.random.random()
            if three < 0.03 and count - len(self.keys) >= 3:
                ghost = three < 0.02
                keys = self.rectangle() if ghost else self.diagonal()
                start = max(time, held_until + BOUNCE + MARGIN)
                downs = [start + i * interval // 2 for i in range(3)]
                ups = [downs[2] + (2 + i) * interval // 4 for i in range(3)]
                self.random.shuffle(ups)
                third = "plain" if diodes or not ghost else "late" if ups[2] > min(ups) else "untold"
                for key, down, up, kind in zip(keys, downs, ups, ("plain", "plain", third)):
                    self.press(key, down, up, kind)
                time, held_until, last = start + 3 * interval, max(ups), keys
                continue
            key = self.key()
            # At most two are down at once; the same key must have been up for a while.
            if last and key in last:
                time = max(time, held_until + BOUNCE + 3 * MARGIN)
            down = time + self.random.randrange(-interval // 4, interval // 4)
            if isinstance(last, list) or (last and key in last):
                down = max(down, held_until + BOUNCE + MARGIN)
            hold = self.random.randrange(interval // 2, interval * 5 // 4)
            up = max(down + hold, held_until + MARGIN)
            up = min(up, time + interval + interval * 3 // 4 - BOUNCE - MARGIN)
            self.press(key, down, up)
            held_until, last = up, (key,)
            time += interval


def type_keys(arguments):
    typist = Typist(arguments.rows, arguments.columns, arguments.seed)
    typist.type(arguments.keys, round(1e6 / arguments.rate), arguments.diodes)
    write_script(typist, arguments)
    with open(arguments.out + ".keys", "w") as file:
        for key in typist.keys:
            print(*key, file=file)
    seconds = max(typist.steps)[0] / 1e6
    kinds = [kind for *_, kind in typist.keys]
    print(f"{len(typist.keys)} keys in {seconds:.0f} s, {len(typist.keys) / seconds:.1f} a second,"
          f" {len(typist.steps)} changes of contacts,"
          f" {kinds.count('late')} keys that can be told late, {kinds.count('untold')} that cannot")


def type_text(arguments):
    """One key after another, with Shift where the American layout of the profile's keys needs it."""
    plain = {"MINUS": "-_", "EQUAL": "=+", "COMMA": ",<", "DOT": ".>", "SLASH": "/?", "SEMICOLON": ";:", "APOSTROPHE": "'\"",
             "GRAVE": "`~", "BACKSLASH": "\\|", "LEFTBRACE": "[{", "RIGHTBRACE": "]}", "SPACE": " ", "ENTER": "\n"}
    plain |= {digit: digit + sign for digit, sign in zip("1234567890", "!@#$%^&*()")}
    with open(arguments.profile, "rb") as file:
        rows = tomllib.load(file)["matrix"]["keys"]
    places = {name.removeprefix("KEY_"): (row, column) for row, names in enumerate(rows) for column, name in enumerate(names)}
    keys = {}
    for name, place in places.items():
        for shift, character in enumerate(plain.get(name, name.lower() + name if len(name) == 1 else "")):
            keys[character] = place, shift
    typist = Typist(len(rows), len(rows[0]), arguments.seed)
    interval, time = round(1e6 / arguments.rate), 100_000
    with open(arguments.events) as file:
        text = file.read()
    for character in text:
        place, shift = keys[character]
        typist.press(place, time, time + interval * 5 // 10)
        if shift:
            typist.press(places["LEFTSHIFT"], time - interval * 3 // 10, time + interval * 6 // 10)
        time += interval
    write_script(typist, arguments)
    print(f"{len(text)} characters in {time / 1e6:.0f} s")


def write_script(typist, arguments):
    with open(arguments.out + ".script", "wb") as file:
        for time, row, column, closed in sorted(typist.steps):
            file.write(STEP.pack(time, arguments.rows + column, row, closed, 0))


def closings(path, rows):
    """When the contact of each press first closed: row and column, to times in nanoseconds, in order."""
    times, last = {}, {}
    with open(path, "rb") as file:
        for nanoseconds, kind, a, b, value, _ in RECORD.iter_unpack(file.read()):
            if kind != ord("c"):
                continue
            key = b, a - rows
            # What comes within the time of a bounce is one press, or one release.
            if value == 1 and nanoseconds - last.get(key, -10**12) > BOUNCE * 1000 * 2:
                times.setdefault(key, []).append(nanoseconds)
            last[key] = nanoseconds
    return times


def check(arguments):
    with open(arguments.out + ".keys") as file:
        typed = [((int(row), int(column)), kind) for _, row, column, kind in map(str.split, file)]
    presses, down, odd = [], set(), 0
    with open(arguments.events) as file:
        for event in filter(None, map(EVENT.match, file)):
            seconds, microseconds, row, column = map(int, event.groups()[:4])
            key, is_down = (row, column), event[5] == "down"
            odd += (key in down) == is_down
            if is_down:
                presses.append((seconds * 10**9 + microseconds * 1000, key))
                down.add(key)
            else:
                down.discard(key)
    closed = closings(arguments.out + ".log", arguments.rows)
    expected = [(key, kind, closed.get(key, [None]).pop(0)) for key, kind in typed]
    expected = [each for each in expected if each[1] != "untold"]
    lost = invented = 0
    latencies = []
    matcher = difflib.SequenceMatcher(None, [key for key, *_ in expected], [key for _, key in presses], autojunk=False)
    for what, i, i_end, j, j_end in matcher.get_opcodes():
        if what == "equal":
            latencies += [press[0] - each[2] for each, press in zip(expected[i:i_end], presses[j:j_end])
                          if each[1] == "plain" and each[2] is not None]
        else:
            lost += i_end - i
            invented += j_end - j
    latencies.sort()
    print(f"{len(typed)} keys typed, {len(expected)} of them can be told, {len(presses)} read: {lost} lost, {invented} invented,"
          f" {odd} events that repeat a state, {len(down)} keys not released")
    if latencies:
        at = lambda share: latencies[min(len(latencies) - 1, int(share * len(latencies)))] / 1e6
        print(f"contact to event: median {at(0.5):.2f} ms, 99 % {at(0.99):.2f} ms, longest {at(1):.2f} ms")
    return 1 if lost or invented or odd or down or not presses else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=("type", "check", "text"))
    parser.add_argument("out")
    parser.add_argument("events", nargs="?", metavar="EVENTS or TEXT")
    parser.add_argument("--rows", type=int, default=8)
    parser.add_argument("--columns", type=int, default=8)
    parser.add_argument("--keys", type=int, default=10000)
    parser.add_argument("--rate", type=float, default=15.5, help="keys a second, apart from the pauses around three at once")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--diodes", action="store_true")
    parser.add_argument("--profile", help="the keyboard that text is typed on")
    arguments = parser.parse_args()
    if arguments.action == "type":
        return type_keys(arguments)
    if not arguments.events:
        parser.error(f"{arguments.action} takes a second file")
    return check(arguments) if arguments.action == "check" else type_text(arguments)


if __name__ == "__main__":
    sys.exit(main())
