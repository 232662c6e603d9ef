#!/usr/bin/env python3
"""Reads back what was typed on a typewriter whose keys are closed by GPIO lines.

    pulses.py LOG PROFILE [--expect FILE]     LOG is the log of platen_matrix_sim

It is the hardware behind the lines, after the data sheets (CD74HC4067: an address while it is enabled; MT8816: a datum, taken over at
the strobe's falling edge; or a line for each key), and the typewriter behind that: which keys the profile says are down, and for how
long. A line that nobody drives is inactive, and the crosspoint's reset active: so the resistors are to be placed. Every pulse that is too
short, too soon after another, or with another key down, is reported.
"""
import argparse
import os
import struct
import sys
import tomllib

RECORD = struct.Struct("=QBBBBI")  # struct record of module/sim.h
SLACK = 100_000  # nanoseconds by which two readings of a clock may differ


def read_profile(path):
    """A profile with what it inherits: tables are merged, all else is replaced."""

    def merge(below, above):
        for key, value in above.items():
            below[key] = merge(below.get(key, {}), value) if isinstance(value, dict) else value
        return below

    with open(path, "rb") as file:
        profile = tomllib.load(file)
    parent = profile.get("inherits")
    if not parent:
        return profile
    return merge(read_profile(os.path.join(os.path.dirname(path), parent + ".toml")), profile)


class Wiring:
    """What each state of the lines closes: contacts are ("crossing", row, column) or ("line", number)."""

    def __init__(self, wiring, keys):
        self.wiring = wiring
        self.active_low = set(wiring.get("active_low", []))
        self.shift = next((key for key, name in keys.items() if name == "shift"), None)
        self.levels, self.closed, self.strobe = {}, set(), False

    def active(self, line):
        level = self.levels.get(line, "z")
        if level == "z":
            return line == self.wiring.get("reset")
        return (level == 1) != (line in self.active_low)

    def number(self, lines):
        return sum(self.active(line) << i for i, line in enumerate(lines))

    def contacts(self, changes):
        self.levels.update(changes)
        wiring = self.wiring
        if wiring["kind"] == "lines":
            return {("line", i) for i, line in enumerate(wiring["lines"]) if self.active(line)}
        row, column = self.number(wiring["row_address"]), self.number(wiring["column_address"])
        if wiring["kind"] == "multiplexers":
            closed = {("crossing", row, column)} if self.active(wiring["enable"]) else set()
            return closed | ({self.shift} if "shift" in wiring and self.active(wiring["shift"]) else set())
        strobe = self.active(wiring["strobe"])
        if self.strobe and not strobe:
            place = lambda key, address: wiring[key].index(address) if key in wiring else address
            contact = ("crossing", place("row_addresses", row), place("column_addresses", column))
            (self.closed.add if self.active(wiring["data"]) else self.closed.discard)(contact)
        self.strobe = strobe
        if self.active(wiring["reset"]):
            self.closed.clear()
        return set(self.closed)


def read_keys(table):
    """Contacts to what the profile says is there."""
    keys = {("crossing", row, column): name
            for row, names in enumerate(table.get("matrix", [])) for column, name in enumerate(names) if name}
    return keys | {("line", i): name for i, name in enumerate(table.get("lines", []))}


def closings(path, wiring):
    """The log as times and what is closed from then on."""
    changes, last = {}, None
    with open(path, "rb") as file:
        for nanoseconds, kind, line, _, value, _ in RECORD.iter_unpack(file.read()):
            if kind != ord("o"):
                continue
            if last is not None and nanoseconds != last:
                yield last, wiring.contacts(changes)
                changes = {}
            changes[line] = value if value < 2 else "z"
            last = nanoseconds
    if last is not None:
        yield last, wiring.contacts(changes)


class Typewriter:
    FUNCTIONS = {"space": " ", "return": "\n"}

    def __init__(self, keys, timing):
        self.keys, self.timing = keys, timing
        self.text, self.faults, self.pulses = [], [], 0
        self.down = {}  # contacts, to the time since which they are closed and whether Shift was down then
        self.ready = self.ready_again = 0
        self.last = None
        self.column = 0

    def time(self, key):
        return self.timing.get(key, 0) * 1e6 - SLACK

    def fault(self, now, what):
        self.faults.append(f"{now / 1e9:.6f}: {what}")

    def change(self, now, closed):
        for contact in list(self.down):
            if contact not in closed:
                self.release(now, contact, *self.down.pop(contact))
        for contact in sorted(closed - self.down.keys()):
            self.press(now, contact)

    def press(self, now, contact):
        name = self.keys.get(contact)
        if name is None:
            self.fault(now, f"{contact} is no key")
        others = [self.keys.get(other) for other in self.down]
        if name != "shift":
            if others not in ([], ["shift"]):
                self.fault(now, f"{name} goes down while {others} are")
            ready = self.ready_again if contact == self.last else self.ready
            if now < ready:
                self.fault(now, f"{name} goes down {(ready - now) / 1e6:.1f} ms too early")
        shift = [since for other, (since, _) in self.down.items() if self.keys.get(other) == "shift"]
        if shift and now - shift[0] < self.time("shift_ms"):
            self.fault(now, f"{name} goes down too early after Shift")
        self.down[contact] = now, bool(shift)

    def release(self, now, contact, since, shifted):
        name = self.keys.get(contact)
        if name is None or name == "shift":
            return
        self.pulses += 1
        if now - since < self.time("press_ms"):
            self.fault(now, f"{name} was down for {(now - since) / 1e6:.1f} ms only")
        self.text.append(self.FUNCTIONS.get(name) or (name[shifted] if len(name) <= 2 and shifted < len(name) else f"<{name}>"))
        self.last = contact
        self.ready = now + self.time("gap_ms")
        if name == "return":
            self.ready = now + self.time("return_ms") + self.timing.get("return_ms_per_column", 0) * 1e6 * self.column
        self.column = 0 if name == "return" else self.column + 1
        self.ready_again = self.ready + self.timing.get("same_key_ms", 0) * 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log")
    parser.add_argument("profile")
    parser.add_argument("--expect", help="a file with the text that should have been typed")
    arguments = parser.parse_args()
    profile = read_profile(arguments.profile)
    keys = read_keys(profile["keys"])
    typewriter = Typewriter(keys, profile["timing"])
    begin = end = None
    for now, closed in closings(arguments.log, Wiring(profile["wiring"], keys)):
        typewriter.change(now, closed)
        begin, end = begin or now, now
    if typewriter.down:
        typewriter.fault(end, f"{[keys.get(contact) for contact in typewriter.down]} stay down")
    text = "".join(typewriter.text)
    for fault in typewriter.faults[:20]:
        print("pulses.py:", fault)
    seconds = (end - begin) / 1e9 if begin else 0
    print(f"{typewriter.pulses} keys pressed in {seconds:.0f} s, {len(typewriter.faults)} pulses wrong")
    wrong = bool(typewriter.faults) or not typewriter.pulses
    if arguments.expect:
        with open(arguments.expect, encoding="utf-8") as file:
            expected = file.read()
        if text != expected:
            same = len(os.path.commonprefix([text, expected]))
            print(f"pulses.py: the text differs from {arguments.expect} at character {same}:"
                  f" {text[same:same + 30]!r} instead of {expected[same:same + 30]!r}")
            wrong = True
    else:
        print(text)
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
