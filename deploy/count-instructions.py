#!/usr/bin/env python3
"""Count the instructions that Platen executes per token on Arm cores, where there is no Arm core to time.

    deploy/arm64/toolchain.sh DIR && deploy/arm64/build.sh DIR
    deploy/count-instructions.py DIR MODEL.gguf... [--cycles] [--peer LLAMA_BENCH]

The program runs under qemu's user emulation, which counts exactly. The same work is done for fewer and for more tokens, and the
counts are subtracted: a decoded token stands at the beginning of a text, and its logits are part of it; a prefilled one is of
the second 64 of a prompt of 128, without logits. One thread.

--cycles has llvm-mca tell how many cycles each straight piece of code takes on the core's pipelines, when it repeats and all
data is in the first cache, and adds them up as often as they were executed: what the core would need if memory cost nothing.
--peer counts a llama-bench built for arm64 on the same work. Needs qemu-user, a C compiler, and llvm (19 or newer, whose tables
know the Cortex-A76) for --cycles.
"""
import argparse
import collections
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
CORES = ["cortex-a53", "cortex-a72", "cortex-a76"]


def fail(message):
    sys.exit(f"count-instructions: {message}")


def output(command, what):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        fail(f"{what}: exit status {done.returncode}: {(done.stderr.strip().splitlines() or ['no message'])[-1]}")
    return done.stdout


class Emulator:
    def __init__(self, sysroot, directory):
        if not shutil.which("qemu-aarch64"):
            fail("qemu-aarch64 is missing; install the package qemu-user")
        self.sysroot = sysroot
        self.plugin = os.path.join(directory, "plugin.so")
        self.counts = os.path.join(directory, "counts")
        version = re.search(r"version (\d+)", output(["qemu-aarch64", "--version"], "qemu-aarch64"))
        interface = 2 if version and int(version[1]) >= 9 else 1
        output(["cc", "-O2", "-shared", "-fPIC", f"-DPLUGIN_VERSION={interface}", os.path.join(HERE, "instructions/plugin.c"),
                "-o", self.plugin], "the plugin")

    def command(self, core, command):
        return ["qemu-aarch64", "-cpu", core, "-L", self.sysroot] + command

    def executions(self, core, command):
        """How often each piece of code is executed: Counter of (distance from the code's beginning, instructions)."""
        emulation = ["-plugin", self.plugin, "-d", "plugin", "-D", self.counts]
        output(["qemu-aarch64", "-cpu", core, "-L", self.sysroot] + emulation + command, f"{core}: {' '.join(command)}")
        found = collections.Counter()
        with open(self.counts) as file:
            for line in file:
                distance, instructions, executed = map(int, line.split())
                found[distance, instructions] += executed
        return found


class Platen:
    name = "Platen"

    def __init__(self, toolchain):
        self.program = os.path.join(toolchain, "bin/platen")

    def decode(self, model, tokens):
        return self.bench(model, ["--prefill", "0", "--depth", "0", "--decode", str(tokens)])

    def prefill(self, model, tokens):
        return self.bench(model, ["--prefill", str(tokens), "--decode", "0", "--context", "128"])

    def bench(self, model, options):
        return [self.program, "bench", model, "--bare", "--threads", "1"] + options


class LlamaBench:
    name = "peer"

    def __init__(self, program):
        self.program = program

    def decode(self, model, tokens):
        return [self.program, "-m", model, "--no-warmup", "-t", "1", "-r", "1", "-p", "0", "-n", str(tokens)]

    def prefill(self, model, tokens):
        return [self.program, "-m", model, "--no-warmup", "-t", "1", "-r", "1", "-p", str(tokens), "-n", "0"]


class Pipelines:
    """llvm-mca's opinion of pieces of a program's code."""

    def __init__(self):
        versions = [f"-{n}" for n in range(30, 18, -1)] + [""]
        suffix = next((s for s in versions if shutil.which("llvm-mca" + s) and shutil.which("llvm-objdump" + s)), None)
        if suffix is None:
            fail("--cycles: llvm-mca is missing; install the package llvm-19")
        self.mca, self.objdump = "llvm-mca" + suffix, "llvm-objdump" + suffix
        self.known = {}

    def start(self, program):
        """The address in the file at which the code begins."""
        headers = output([self.objdump, "--private-headers", program], program)
        loads = re.findall(r"LOAD off +\S+ vaddr (\S+) .*\n.*flags (\S+)", headers)
        return min(int(address, 16) for address, flags in loads if "x" in flags)

    def cycles(self, core, program, distance, instructions):
        """Cycles of one repetition, or None where the code is not the program's."""
        key = (core, program, distance, instructions)
        if key not in self.known:
            self.known[key] = self.measure(core, program, self.start(program) + distance, instructions)
        return self.known[key]

    def measure(self, core, program, address, instructions):
        listing = output([self.objdump, "-d", "--no-show-raw-insn", "--no-leading-addr", f"--start-address={address}",
                          f"--stop-address={address + 4 * instructions}", program], program)
        lines = [re.sub(r" <.*>| *//.*", "", line) for line in listing.splitlines() if line.startswith("\t") or line.startswith(" ")]
        # A jump within the code is always to a far label here, and costs the same.
        lines = [re.sub(r"\b0x[0-9a-f]+$", "far", line) if re.match(r"\s*(b|bl|b\.\w+|cbn?z|tbn?z|adrp?)\s", line) else line for line in lines]
        if len(lines) != instructions:
            return None
        done = subprocess.run([self.mca, "-mtriple=aarch64", f"-mcpu={core}", "-iterations=200", "-instruction-info=0", "-resource-pressure=0"],
                              input="\n".join(lines) + "\n", capture_output=True, text=True)
        total = re.search(r"Total Cycles: +(\d+)", done.stdout)
        return int(total[1]) / 200 if total else None


def weights_read(emulator, platen, model):
    """Weights that a decoded and a prefilled token is multiplied with. Of a prefilled one the last layer takes keys and values only."""
    listing = output(emulator.command(CORES[0], [platen.program, "inspect", model, "--tensors"]), f"platen inspect {model}")
    sizes = {}
    for name, shape in re.findall(r"^(\S+) +\S+ +(\d+ x \d+) +\d+ bytes$", listing, re.MULTILINE):
        columns, rows = shape.split(" x ")
        sizes[name] = int(columns) * int(rows)
    embedding = sizes.pop("token_embd.weight", 0)
    head = sizes.pop("output.weight", embedding)
    last = max(int(name.split(".")[1]) for name in sizes if name.startswith("blk."))
    unread = [f"blk.{last}.{part}.weight" for part in ("attn_output", "ffn_gate", "ffn_up", "ffn_down")]
    layers = sum(sizes.values())
    return {"decode": layers + head, "prefill": layers - sum(sizes.get(name, 0) for name in unread)}


def per_token(emulator, core, engine, work, model):
    """Executions of each piece of code for one token."""
    fewer, more = {"decode": (1, 3), "prefill": (64, 128)}[work]
    command = getattr(engine, work)
    counts = emulator.executions(core, command(model, more))
    counts.subtract(emulator.executions(core, command(model, fewer)))
    return {piece: executed / (more - fewer) for piece, executed in counts.items() if executed}


def table(rows):
    print("| " + " | ".join(rows[0]) + " |")
    print("| --- | --- | --- |" + " ---: |" * (len(rows[0]) - 3))
    for row in rows[1:]:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


def pipeline_row(pipelines, core, program, counts, weights):
    """Share, instructions and cycles of the hottest piece, and all cycles for 128 weights."""
    share = sum(instructions * executed for (_, instructions), executed in counts.items())
    hottest = sorted(counts.items(), key=lambda item: -item[0][1] * item[1])
    cycles = seen = 0
    for (distance, instructions), executed in hottest[:100]:
        of_piece = pipelines.cycles(core, program, distance, instructions)
        if of_piece is not None:
            cycles += of_piece * executed
            seen += instructions * executed
    (distance, instructions), executed = hottest[0]
    one = pipelines.cycles(core, program, distance, instructions)
    # What is not among the first hundred pieces is taken to run as fast as they do.
    whole = cycles * share / seen if seen else 0
    return [f"{100 * instructions * executed / share:.0f} %", str(instructions), "-" if one is None else f"{one:.1f}",
            f"{whole / weights * 128:.1f}", f"{whole / 1e6:.1f}"]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("toolchain", help="the directory of deploy/arm64/toolchain.sh and build.sh")
    options.add_argument("models", nargs="+", metavar="MODEL")
    options.add_argument("--cores", default=",".join(CORES), help="as qemu and llvm-mca name them")
    options.add_argument("--peer", metavar="LLAMA_BENCH")
    options.add_argument("--cycles", action="store_true")
    given = options.parse_args()
    engines = [Platen(given.toolchain)] + ([LlamaBench(given.peer)] if given.peer else [])
    for path in given.models + [engine.program for engine in engines]:
        if not os.path.isfile(path):
            fail(f"{path}: no such file")
    pipelines = Pipelines() if given.cycles else None

    counted = [["file", "core", "work"] + [engine.name for engine in engines] + ["ratio"] * (len(engines) - 1) + ["per weight"]]
    timed = [["file", "core", "work", "hottest piece", "its instructions", "its cycles", "cycles for 128 weights", "M cycles a token"]]
    with tempfile.TemporaryDirectory() as directory:
        emulator = Emulator(os.path.join(given.toolchain, "sysroot"), directory)
        for model in given.models:
            weights = weights_read(emulator, engines[0], model)
            for core in given.cores.split(","):
                for work in ("decode", "prefill"):
                    name = [os.path.basename(model).removesuffix(".gguf"), core, work]
                    print(" ".join(name), file=sys.stderr)
                    counts = [per_token(emulator, core, engine, work, model) for engine in engines]
                    totals = [sum(instructions * executed for (_, instructions), executed in c.items()) for c in counts]
                    counted.append(name + [f"{total / 1e6:.1f}" for total in totals] + [f"{totals[0] / other:.2f}" for other in totals[1:]]
                                   + [f"{totals[0] / weights[work]:.2f}"])
                    if pipelines:
                        timed.append(name + pipeline_row(pipelines, core, engines[0].program, counts[0], weights[work]))
    print("Instructions for a token, in millions\n")
    table(counted)
    if pipelines:
        print("The same on the cores' pipelines (llvm-mca)\n")
        table(timed)


if __name__ == "__main__":
    main()
