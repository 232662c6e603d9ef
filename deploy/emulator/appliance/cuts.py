"""Pulls the plug of the emulated appliance at random moments, and looks what is left after the next boot."""
import json
import random
import sqlite3
import time

from machine import Machine

DATABASE = "/var/lib/platen/transcripts.db"
WORDS = "what who is are a the cat dog moon ink paper typewriter you red old tall name capital of in and".split()


class Cuts:
    def __init__(self, directory, disk, work, seed=1):
        self.directory, self.disk, self.work = directory, disk, work
        self.chance = random.Random(seed)
        self.asked = 0
        # Questions whose answers were seen to end, and all that was seen of these.
        self.finished = {}
        # Questions that a cut left without the end of their answers, and where it came.
        self.cut = {}
        # Seconds from Return to the first letter, and from there to the end, of the last answer that was seen whole.
        self.thinking, self.printing = 1.0, 2.0

    def boot(self):
        self.machine = Machine(self.directory, self.disk, self.work, boot="bare")
        self.machine.wait_for_shell(120)
        # What an earlier cut left to be finished is printed first.
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                if all(turn["finish"] for turn in self.history().values()):
                    break
            except RuntimeError:
                pass  # the daemon has not made it yet
        self.machine.printer.wait_for_silence(4, 90)
        return self.machine

    def question(self):
        self.asked += 1
        return " ".join(self.chance.choices(WORDS, k=self.chance.randint(3, 6))) + f" {self.asked}?"

    def type(self, text):
        for character in text:
            self.machine.keyboard.send(character)
            time.sleep(0.04)

    def ask_and_wait(self):
        """One whole turn. It counts as finished when the answer's last line has ended and nothing follows."""
        question = self.question()
        since = len(self.machine.printer.bytes)
        self.type(question + "\r")
        begun = time.monotonic()
        if not self.machine.printer.wait(r"\?\n+[^\n]", 60, since):
            return f"no answer to {question!r}: {self.machine.printer.text(since)!r}"
        self.thinking = time.monotonic() - begun
        # An empty line follows an answer; on a busy host silence alone says nothing.
        self.machine.printer.wait(r"\?\n+[^\n].*\n\n$", 180, since)
        self.machine.printer.wait_for_silence(3, 120, since)
        self.printing = max(0.2, time.monotonic() - begun - self.thinking - 3)
        text = self.machine.printer.text(since)
        _, typed, answer = text.partition(question + "\n")
        if not text.endswith("\n") or not typed:
            return f"this is not the end of an answer to {question!r}: {text!r}"
        self.finished[question] = " ".join(answer.split())
        return None

    def cut_somewhere(self):
        """Begins a turn and pulls the plug in it. Says when."""
        question = self.question()
        since = len(self.machine.printer.bytes)
        moment = self.chance.choice(("typing", "thinking", "printing"))
        if moment == "typing":
            self.type(question[: self.chance.randint(1, len(question))])
        else:
            self.type(question + "\r")
            if moment == "printing":
                self.machine.printer.wait(r"\?\n+[^\n]", 60, since)
            time.sleep(self.chance.uniform(0, 1.1 * (self.thinking if moment == "thinking" else self.printing)))
        self.machine.cut()
        text = self.machine.printer.text(since)
        if "?\n" in text and text.partition("?\n")[2].strip():
            self.cut[question] = moment
        return moment

    def history(self):
        text = self.machine.run(f"platen history export --format json --database {DATABASE}", 60)
        try:
            return {turn["question"]: turn for conversation in json.loads(text) for turn in conversation["turns"]}
        except ValueError as error:
            raise RuntimeError(f"{error}: {text!r}")

    def faults(self):
        """What the history lacks of what was seen on paper."""
        try:
            history = self.history()
        except RuntimeError as error:
            return [f"the history cannot be read: {error}"]
        faults = []
        for question, answer in self.finished.items():
            kept = history.get(question)
            if not kept or kept["finish"] is None:
                faults.append(f"the finished turn {question!r} is lost: {kept}")
            elif "".join(kept["answer"].split()) != "".join(answer.split()):
                faults.append(f"the answer to {question!r} was {answer!r}, and is now {kept['answer']!r}")
        for question, moment in self.cut.items():
            if question not in history:
                faults.append(f"the turn {question!r}, cut while {moment}, had begun on paper and is lost")
        return faults

    def check_database(self):
        """The judge from outside: SQLite's own check of a copy."""
        self.machine.run("mkdir -p /mnt && mount -t 9p -o trans=virtio,version=9p2000.L work /mnt; rm -f /mnt/transcripts.db*; "
                         f"cp {DATABASE}* /mnt/ && umount /mnt", 60)
        copy = f"{self.work}/transcripts.db"
        with sqlite3.connect(copy) as database:
            return database.execute("PRAGMA integrity_check").fetchone()[0]


def cut_power(directory, disk, work, count, check, seed=1):
    cuts = Cuts(directory, disk, work, seed)
    moments, faults, survived, mid_line = {}, [], 0, 0
    page = ""
    for number in range(count + 1):
        machine = cuts.boot()
        found = cuts.faults() if number else []
        if number and (verdict := cuts.check_database()) != "ok":
            found.append(f"SQLite finds the database damaged: {verdict}")
        if page and not page.endswith("\n"):
            mid_line += 1
            # Whatever comes first on the page begins a line.
            machine.printer.wait(r".", 20)
            if machine.printer.bytes and not machine.printer.text().startswith("\n"):
                found.append(f"{page[-30:]!r} goes on with {machine.printer.text()[:30]!r} on the same line")
        if number and not found:
            survived += 1
        if number == count:
            machine.cut()
            break
        if (fault := cuts.ask_and_wait()) is not None:
            found.append(fault)
        for fault in found:
            print(f"        cut {number}: {fault}", flush=True)
        faults += found
        moment = cuts.cut_somewhere()
        moments[moment] = moments.get(moment, 0) + 1
        page = machine.printer.text()
        print(f"        cut {number + 1} while {moment}, {cuts.machine.since_start():.0f} s after power on", flush=True)
    for fault in found if count else []:
        print(f"        cut {count}: {fault}")
    check(not faults and survived == count,
          f"{survived} of {count} cuts survived ({', '.join(f'{n} {moment}' for moment, n in sorted(moments.items()))}); "
          f"{len(cuts.finished)} turns were finished before, {len(cuts.cut)} answers cut, {mid_line} lines cut in their middle")
