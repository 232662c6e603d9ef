#!/usr/bin/env python3
"""Thousands of turns with one daemon, whose keyboard and printer come and go: memory must stay flat, no descriptor may be left behind, and every
answer must be on paper.

    Tests/soak.py [--turns 10000] [--program .build/release/platend] [--model deploy/model/platen-tiny.gguf]

The keyboard is a serial line and the printer another, both pseudo-terminals behind links: pulling a plug removes the link and closes the line.
Exit status: 0 when all of that holds. Needs nothing but Python and /proc.
"""

import argparse
import json
import os
import pathlib
import random
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tty

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent


class Line:
    """A serial line that can be plugged in at a path, and pulled out."""

    def __init__(self, path):
        self.path = path
        self.master = self.slave = -1

    def plug(self):
        self.master, self.slave = os.openpty()
        tty.setraw(self.slave)
        os.set_blocking(self.master, False)
        os.symlink(os.ttyname(self.slave), self.path)

    def pull(self):
        os.unlink(self.path)
        os.close(self.slave)
        os.close(self.master)
        self.master = self.slave = -1

    def read(self, seconds):
        if self.master < 0 or not select.select([self.master], [], [], seconds)[0]:
            return b""
        try:
            return os.read(self.master, 65536)
        except (BlockingIOError, OSError):
            return b""


def memory(process):
    """KiB: resident, and of that the process's own."""
    text = pathlib.Path(f"/proc/{process}/status").read_text()
    return tuple(int(re.search(rf"^{name}:\s+(\d+)", text, re.M)[1]) for name in ("VmRSS", "RssAnon"))


def descriptors(process):
    return len(os.listdir(f"/proc/{process}/fd"))


def ticks(process):
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


class Failure(Exception):
    pass


class Soak:
    def __init__(self, arguments, directory):
        self.arguments, self.directory = arguments, directory
        self.random = random.Random(arguments.seed)
        self.keyboard, self.printer = Line(f"{directory}/keyboard"), Line(f"{directory}/printer")
        self.keyboard.plug()
        self.printer.plug()
        self.paper = ""
        self.plugs = self.retyped = self.lines = 0
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.manager.bind(f"{directory}/notify")
        settings = pathlib.Path(f"{directory}/platen.toml")
        settings.write_text(
            f"""
            [model]
            path = "{arguments.model}"
            threads = 1
            [conversation]
            max_tokens = {arguments.tokens}
            [sampling]
            seed = 1
            [keyboard]
            kind = "serial"
            device = "{self.keyboard.path}"
            [paper]
            kind = "printer"
            device = "{self.printer.path}"
            [log]
            file = "{directory}/log"
            """
        )
        environment = {**os.environ, "NOTIFY_SOCKET": f"{directory}/notify", "RUNTIME_DIRECTORY": directory, "STATE_DIRECTORY": directory}
        self.daemon = subprocess.Popen([arguments.program, "--config", str(settings)], env=environment, stdin=subprocess.DEVNULL)
        self.manager.setblocking(False)
        end = time.monotonic() + 30
        while b"READY=1" not in self.drain():
            if self.daemon.poll() is not None:
                raise Failure(f"the daemon ended with {self.daemon.returncode} before it was ready")
            if time.monotonic() > end:
                self.daemon.kill()
                raise Failure("the daemon was not ready within 30 s")
            time.sleep(0.02)

    def drain(self):
        """Takes what the manager was told."""
        told = b""
        try:
            while message := self.manager.recv(4096):
                told += message + b"\n"
        except BlockingIOError:
            pass
        return told

    def status(self):
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(10)
            client.connect(f"{self.directory}/status.sock")
            text = b""
            while piece := client.recv(65536):
                text += piece
        return json.loads(text.split(b"\n")[0])

    def wait(self, condition, what):
        end = time.monotonic() + 60
        while not condition():
            self.paper += self.printer.read(0.02).decode(errors="replace")
            self.drain()
            if self.daemon.poll() is not None:
                raise Failure(f"the daemon ended with {self.daemon.returncode} while waiting for {what}")
            if time.monotonic() > end:
                raise Failure(f"not within a minute: {what}; on paper stands {self.paper[-500:]!r}, status {self.status()}")

    def turn(self, number):
        question = f"q{number} {self.random.choice(['who', 'what is a cat', 'name a colour', 'why'])}?"
        if number % self.arguments.plug == 0:
            self.replug(number)
        os.write(self.keyboard.master, question.encode() + b"\r")
        # The question as it is typed, an answer of at least a letter, and the empty line behind it.
        pattern = re.compile(re.escape(question) + r"\n(?!\()[^\n]*\S[^\n]*\n(.*\n)*?\n$")
        self.wait(lambda: pattern.search(self.paper.replace("\r\n", "\n")), f"the answer of turn {number}")
        answer = self.paper.replace("\r\n", "\n")
        if answer.count("\n") > 40:
            raise Failure(f"turn {number}: too much on paper: {answer!r}")
        self.paper = ""
        if number % 50 == 0:
            os.write(self.keyboard.master, b"\x0e")
            self.wait(lambda: "* * *" in self.paper and self.paper.endswith("\n"), "a new conversation")
            self.paper = ""

    def replug(self, number):
        """Keyboard, printer or both go away for a moment, between two turns."""
        self.plugs += 1
        gone = self.random.choice([[self.keyboard], [self.printer], [self.keyboard, self.printer]])
        for line in gone:
            line.pull()
        # The printer is missed only when there is something to print.
        if self.keyboard in gone:
            self.wait(lambda: "keyboard" in self.status()["description"], "that the keyboard is missed")
        for line in gone:
            line.plug()
        if self.keyboard in gone:
            self.wait(lambda: "keyboard" not in self.status()["description"], "that the keyboard is there again")

    def measure(self, number):
        # A thread or a connection that is just ending is none that stays.
        time.sleep(0.5)
        resident, own = memory(self.daemon.pid)
        figures = {"turns": number, "resident_kib": resident, "own_kib": own, "descriptors": descriptors(self.daemon.pid), "plugs": self.plugs}
        print(json.dumps(figures), flush=True)
        return figures

    def run(self):
        start = time.monotonic()
        self.measure(0)
        marks = sorted({100, 1000, self.arguments.turns // 2, self.arguments.turns})
        figures = {}
        for number in range(1, self.arguments.turns + 1):
            self.turn(number)
            if number in marks:
                figures[number] = self.measure(number)
        seconds = time.monotonic() - start
        asked = self.status()["turns"]
        before = ticks(self.daemon.pid)
        time.sleep(10)
        idle = ticks(self.daemon.pid) - before
        print(json.dumps({"seconds": round(seconds), "turns_of_status": asked, "idle_ticks_in_10_s": idle}), flush=True)
        self.daemon.send_signal(signal.SIGTERM)
        ended = self.daemon.wait(20)
        first, last = figures[min(figures)], figures[self.arguments.turns]
        # The first hundred turns reach every buffer's size; what follows may not add to it. A page more or less is the allocator's.
        checks = {
            "every answer is on paper": asked == self.arguments.turns,
            "no descriptor is left behind": last["descriptors"] <= first["descriptors"],
            "memory is flat": last["own_kib"] <= first["own_kib"] + self.arguments.slack,
            "idle costs nothing": idle == 0,
            "ends cleanly": ended == 0,
        }
        for name, holds in checks.items():
            print(f"{'ok  ' if holds else 'FAIL'}  {name}")
        return all(checks.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=10000)
    parser.add_argument("--tokens", type=int, default=4, help="of an answer, at most")
    parser.add_argument("--plug", type=int, default=25, help="turns between two plugs that are pulled")
    parser.add_argument("--slack", type=int, default=1024, help="KiB that memory may grow after the first hundred turns")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--program", default=str(REPOSITORY / ".build/release/platend"))
    parser.add_argument("--model", default=str(REPOSITORY / "deploy/model/platen-tiny.gguf"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="platen-soak-") as directory:
        soak = None
        try:
            soak = Soak(arguments, directory)
            holds = soak.run()
        except Failure as failure:
            print(f"FAIL  {failure}")
            holds = False
        finally:
            if soak and soak.daemon.poll() is None:
                soak.daemon.kill()
        if not holds and os.path.exists(f"{directory}/log"):
            print("".join(open(f"{directory}/log").readlines()[-20:]), end="")
        sys.exit(0 if holds else 1)


if __name__ == "__main__":
    main()
