#!/usr/bin/env python3
"""Kills platend at random moments of starting, typing, thinking and printing, starts it again on what is left, and checks each time:

  - the database opens, and SQLite's own integrity check finds nothing; nothing was set aside
  - every turn whose end is on paper is in the database, finished, with the words that stand on the paper
  - no turn that was finished at an earlier kill is gone or changed
  - the page goes on on a fresh line

usage: Tests/Durability/kill-daemon.py [COUNT [SEED]]     after `swift build`; COUNT is 1000

The keys come from a pseudo-terminal as from a serial line, and the paper is a file or a pseudo-terminal; the included model answers.
Half of the time cut answers are finished, half of the time marked. The processor's caches outlive a kill -9: what a power cut does
to the disk beyond it, Tests/TranscriptTests/TornFileTests.swift tears.
"""

import collections
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import termios
import threading
import time
import tty

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
QUESTIONS = ["Who are you?", "What is the capital of France?", "Name three colours.", "Tell me a joke.", "How are you today?",
             "Write a poem about rain.", "What is a typewriter?", "Count to ten."]


def program() -> pathlib.Path:
    """What PLATEND names, or the newest build."""
    if named := os.environ.get("PLATEND"):
        return pathlib.Path(named)
    built = [path for kind in ("release", "debug") if (path := ROOT / ".build" / kind / "platend").exists()]
    if not built:
        sys.exit("kill-daemon: no platend is built; run `swift build` first")
    return max(built, key=lambda path: path.stat().st_mtime)


class Line:
    """A pseudo-terminal that stands for a serial line. What comes out of it is appended to a file."""

    def __init__(self, output: pathlib.Path | None = None):
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        self.path = os.ttyname(self.slave)
        if output is not None:
            threading.Thread(target=self.copy, args=(output,), daemon=True).start()

    def copy(self, output: pathlib.Path):
        with output.open("ab", buffering=0) as file:
            while True:
                file.write(os.read(self.master, 4096))

    def forget(self):
        termios.tcflush(self.slave, termios.TCIOFLUSH)


class Machine:
    def __init__(self, directory: pathlib.Path, rng: random.Random):
        self.directory = directory
        self.rng = rng
        self.page = directory / "page"
        self.page.touch()
        self.log = directory / "log"
        self.keyboard = Line()
        self.printer = Line(self.page)
        self.state = directory / "state"
        self.number = 0
        # Question to answer, of the turns that were seen finished.
        self.finished: dict[str, str] = {}
        self.phases = collections.Counter()
        self.resumed = 0
        self.program = program()

    def start(self) -> subprocess.Popen:
        after_cut = self.rng.choice(["finish", "mark"])
        paper = self.rng.choice(["terminal", "file", "line"])
        settings = self.directory / "platen.toml"
        kind = {"terminal": 'kind = "terminal"', "file": f'kind = "printer"\nprofile = "plain"\ndevice = "{self.page}"',
                "line": f'kind = "printer"\nprofile = "plain"\ndevice = "{self.printer.path}"'}[paper]
        settings.write_text(f"""
[model]
threads = 1
[conversation]
max_tokens = 60
[keyboard]
kind = "serial"
device = "{self.keyboard.path}"
[paper]
{kind}
columns = 60
markdown = false
hyphenates = false
characters_per_second = {self.rng.choice([0, 100, 400, 2000])}.0
[transcript]
after_cut = "{after_cut}"
[state]
directory = "{self.state}"
""")
        with self.log.open("ab") as log, self.page.open("ab") as page:
            return subprocess.Popen([self.program, "--config", settings], stdin=subprocess.DEVNULL, stdout=page, stderr=log)

    def type(self, process: subprocess.Popen, until: float):
        """Types questions as a fast person does, until it is time to kill."""
        start = self.log.stat().st_size
        while time.monotonic() < until and b"memory:" not in self.log.read_bytes()[start:]:
            time.sleep(0.002)
        while time.monotonic() < until:
            self.number += 1
            for character in f"{self.rng.choice(QUESTIONS)} {self.number}\r":
                os.write(self.keyboard.master, character.encode())
                time.sleep(min(self.rng.random() * 0.008, max(0, until - time.monotonic())))
                if time.monotonic() >= until:
                    break
            time.sleep(max(0, min(self.rng.random() * 0.6, until - time.monotonic())))

    def kill(self):
        before = self.page.stat().st_size
        process = self.start()
        self.type(process, time.monotonic() + self.rng.random() * 1.2)
        if process.poll() is not None:
            raise AssertionError(f"platend ended by itself with status {process.returncode}: {self.tail()}")
        process.send_signal(signal.SIGKILL)
        process.wait()
        time.sleep(0.01)  # The printer's line is read by a thread.
        self.keyboard.forget()
        return self.page.read_bytes()[before:].decode(errors="replace").replace("\r\n", "\n")

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-500:]

    def turns(self) -> dict[str, tuple[str, str | None]]:
        """What the database holds, read from a copy, so that the next start finds it as the kill left it."""
        with tempfile.TemporaryDirectory() as copy:
            for name in ("transcripts.db", "transcripts.db-wal"):
                if (self.state / name).exists():
                    shutil.copy(self.state / name, copy)
            if not (pathlib.Path(copy) / "transcripts.db").exists():
                return {}
            with sqlite3.connect(pathlib.Path(copy) / "transcripts.db") as database:
                found = database.execute("PRAGMA integrity_check").fetchall()
                assert found == [("ok",)], f"integrity_check: {found}"
                if not database.execute("SELECT 1 FROM sqlite_schema WHERE name = 'turn'").fetchone():
                    return {}
                return {question: (answer, finish) for question, answer, finish
                        in database.execute("SELECT question, answer, finish FROM turn ORDER BY id")}

    def check(self, text: str, is_first: bool):
        turns = self.turns()
        assert not list(self.state.glob("*.set-aside*")), "the database was set aside"
        for question, answer in self.finished.items():
            assert question in turns, f"the finished turn {question!r} is gone"
            assert turns[question] == (answer, turns[question][1]) and turns[question][1], f"the finished turn {question!r} was changed"
        if text and not is_first:
            assert text.startswith("\n"), f"no fresh line: {text[:40]!r}"
        # A whole turn ends with an empty line. The first may be the rest of one that an earlier kill cut off.
        body = text[1:] if not is_first else text
        *whole, rest = body.split("\n\n")
        for index, turn in enumerate(whole):
            lines = [line for line in turn.split("\n") if line]
            if not lines or lines == ["(interrupted)"]:
                continue
            if lines[0] in turns:
                answer, finish = turns[lines[0]]
                assert finish, f"{lines[0]!r} ended on paper, but not in the database"
                assert words(answer) == words("\n".join(lines[1:])), f"{lines[0]!r}: {answer!r} is kept, {lines[1:]!r} on paper"
            else:
                assert index == 0, f"{lines[0]!r} is on paper with an answer, but not in the database"
                self.resumed += 1
                last = [answer for answer, finish in turns.values() if finish and words(answer).endswith(words(turn))]
                assert last, f"the rest {turn!r} is on paper, but ends no answer in the database"
        for question, (answer, finish) in turns.items():
            if finish:
                self.finished.setdefault(question, answer)
        self.phases[phase(text, rest)] += 1


def words(text: str) -> str:
    return "".join(text.split())


def phase(text: str, rest: str) -> str:
    if not text:
        return "starting"
    if not rest.strip("\n"):
        return "waiting for a key"
    if "\n" not in rest.lstrip("\n"):
        return "typing, or an answer's rest"
    return "thinking" if rest.endswith("\n") and rest.count("\n") == 1 else "printing"


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    directory = pathlib.Path(tempfile.mkdtemp(prefix="platen-kill-"))
    machine = Machine(directory, random.Random(seed))
    start = time.monotonic()
    for number in range(count):
        text = ""
        try:
            text = machine.kill()
            machine.check(text, is_first=number == 0)
        except AssertionError as error:
            print(f"kill {number + 1} of {count} (seed {seed}): {error}\nthe page since the last start: {text!r}\nleft in {directory}")
            return 1
        if number % 100 == 99:
            print(f"{number + 1} kills, {len(machine.finished)} turns finished", flush=True)
    shutil.rmtree(directory)
    phases = ", ".join(f"{count} {name}" for name, count in machine.phases.most_common())
    print(f"{count} kills survived in {time.monotonic() - start:.0f} s (seed {seed}): {len(machine.finished)} finished turns, none lost, "
          f"none changed; {machine.resumed} cut answers finished; killed while: {phases}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
