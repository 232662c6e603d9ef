#!/usr/bin/env python3
"""Judges what a program that was killed left on its GPIO lines.

    cuts.py LOG PROFILE CUTS     LOG is the log of platen_matrix_sim, CUTS the moments at which the program was killed

After each cut every line must be inactive within MOST, and stay so.
"""
import sys

from pulses import Wiring, closings, read_profile

MOST = 20_000_000  # nanoseconds
WATCHED = 250_000_000  # after a cut; before the program starts again


def main():
    log, profile, cuts = sys.argv[1:]
    wiring = Wiring(read_profile(profile)["wiring"], {})
    states = []  # times, whether any line is active from then on, and whether any contact is closed
    for now, closed in closings(log, wiring):
        states.append((now, any(wiring.active(line) for line in wiring.levels), bool(closed)))
    with open(cuts) as file:
        cuts = [int(line) for line in file]
    pulses, active, longest, left = 0, 0, 0, 0
    for cut in cuts:
        before = [state for state in states if state[0] <= cut][-1:]
        after = [state for state in states if cut < state[0] <= cut + WATCHED]
        pulses += any(closed for _, _, closed in before)
        active += any(is_active for _, is_active, _ in before)
        if any(state[1] or state[2] for state in (before + after)[-1:]):
            left += 1
            continue
        ends = [end for (_, is_active, closed), (end, _, _) in zip(before + after, after) if is_active or closed]
        longest = max([longest] + [end - cut for end in ends])
    print(f"killed {len(cuts)} times, {pulses} of them with a key down and {active} with a line active: "
          f"{left} times something stayed active, else for {longest / 1e6:.2f} ms at most")
    return int(left > 0 or longest > MOST or pulses == 0)


if __name__ == "__main__":
    sys.exit(main())
