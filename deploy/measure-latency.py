#!/usr/bin/env python3
"""Measure how long a typist waits: from Return to the answer's first character, and how long a decoding step takes.

    deploy/measure-latency.py MODEL.gguf [--words 75] [--characters-per-second 8] [--pause 0.125] [--template llama-2] [--rounds 5] [--threads N]

Types a prompt of about 100 tokens into `platen chat` on a pseudo-terminal, letter by letter, once with reading ahead and once
without, and prints both waits in seconds and in decoding steps. A decoding step is what a token of the answer takes
after the first, as they appear on the page. --pause is the time between the last letter and Return.
"""
import argparse
import json
import os
import pty
import re
import select
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
WORDS = ("please tell me what the old clock on the wall of the small house by the sea was heard to say when the "
         "wind came in from the north and all the boats had gone out to look for fish in the cold grey water").split()


def read_until(fd, wanted, limit):
    """The time at which `wanted(text)` first held."""
    text, end = "", time.monotonic() + limit
    while time.monotonic() < end:
        if select.select([fd], [], [], 0.5)[0]:
            text += os.read(fd, 65536).decode("utf-8", "replace")
            if wanted(text):
                return time.monotonic(), text
    sys.exit(f"no answer within {limit} s; the last output was {text[-200:]!r}")


def measure(platen, model, reads_ahead, a, round_number):
    """Seconds from Return to the first character of the answer, and the spacing of later ones."""
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as settings:
        settings.write(f"[conversation]\nreads_ahead = {str(reads_ahead).lower()}\ntemplate = \"{a.template}\"\n"
                       f"max_tokens = {a.answer}\n[paper]\nmarkdown = false\n[sampling]\ntemperature = 0\n")
        settings.flush()
        pid, fd = pty.fork()
        if pid == 0:
            os.execv(platen, [platen, "chat", model, "--config", settings.name] + (["--threads", str(a.threads)] if a.threads else []))
        read_until(fd, lambda t: "Ctrl-D ends" in t, 60)
        time.sleep(1)  # The opening is read by then: somebody sits down.
        prompt = " ".join(WORDS[(i + round_number) % len(WORDS)] for i in range(a.words))
        for letter in prompt:
            os.write(fd, letter.encode())
            time.sleep(1 / a.rate)
        time.sleep(max(0, a.pause - 1 / a.rate))
        while select.select([fd], [], [], 0)[0]:
            os.read(fd, 65536)
        start = time.monotonic()
        os.write(fd, b"\r")
        # The sign of thinking is not an answer.
        first, text = read_until(fd, lambda t: re.sub(r"[\s.\x08]|\x1b\[[0-9;]*[A-Za-z]", "", t) != "", 300)
        os.write(fd, b"\x03")
        try:
            while os.read(fd, 65536):
                pass
        except OSError:
            pass
        os.waitpid(pid, 0)
        return first - start


def decode_step(platen, model, a):
    """Seconds a token takes after a prompt of 100, by the bench."""
    command = [platen, "bench", model, "--prefill", "0", "--decode", "32", "--depth", "128", "--json"]
    out = subprocess.run(command + (["--threads", str(a.threads)] if a.threads else []), check=True, capture_output=True, text=True).stdout
    return 1 / json.loads(out)["results"][0]["tokens_per_second"]


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("model")
    ap.add_argument("--platen", default=os.path.join(HERE, "../.build/release/platen"))
    ap.add_argument("--words", type=int, default=75)
    ap.add_argument("--characters-per-second", dest="rate", type=float, default=8)
    ap.add_argument("--pause", type=float, default=0.125)
    ap.add_argument("--template", default="llama-2")
    ap.add_argument("--rounds", type=int, default=5)
    ap.add_argument("--answer", type=int, default=8)
    ap.add_argument("--threads", type=int)
    a = ap.parse_args()
    step = decode_step(a.platen, a.model, a)
    print(f"a decoding step takes {1000 * step:.0f} ms")
    for reads_ahead in (True, False):
        waits = [measure(a.platen, a.model, reads_ahead, a, i) for i in range(a.rounds)]
        wait = statistics.median(waits)
        print(f"{'reading ahead' if reads_ahead else 'without      '}  Return to the first character {1000 * wait:6.0f} ms = {wait / step:5.2f} steps   "
              f"(from {1000 * min(waits):.0f} to {1000 * max(waits):.0f} ms)", flush=True)


if __name__ == "__main__":
    main()
