#!/usr/bin/env python3
"""Measure Platen beside other engines on the same files: alternating, medians of several rounds, and the ratios.

    deploy/bench-beside.py MODEL.gguf... --peer PATH/TO/llama-bench [--peer PATH/TO/another/llama-bench] --threads 2 --rounds 5

A peer is llama.cpp's llama-bench or a program that takes the same options (ik_llama.cpp's does); it may carry options of
its own and a name: --peer "llama.cpp=PATH/TO/llama-bench -fa 1". Each round runs every engine on the prompts and then every engine on the writing, one
after another, so that whatever else the machine does meets all of them. A ratio is the median of the rounds' ratios,
Platen's rate over the peer's: above 1 Platen is faster. A dash: the peer cannot measure that.
"""
import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def output(command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        sys.exit(f"bench-beside: {shlex.join(command)}: exit status {done.returncode}: {last}")
    return done.stdout


class Platen:
    name = "Platen"

    def __init__(self, program, model, threads):
        self.command = [program, "bench", model, "--threads", str(threads), "--runs", "1", "--json"]

    def prefill(self, lengths):
        return self.rates("prefill", ["--prefill", join(lengths), "--decode", "0"], "tokens")

    def decode(self, tokens, depths):
        return self.rates("decode", ["--prefill", "0", "--decode", str(tokens), "--depth", join(depths)], "depth")

    def rates(self, work, options, key):
        results = json.loads(output(self.command + options))["results"]
        return {row[key]: row["tokens_per_second"] for row in results if row["work"] == work}


class LlamaBench:
    def __init__(self, command, model, threads):
        self.name, words = named(command)
        self.command = words + ["-m", model, "-t", str(threads), "-r", "1", "-o", "json"]
        usage = subprocess.run(words[:1] + ["--help"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        usage = usage.stdout + usage.stderr
        self.takes_depth = "--n-depth" in usage  # llama.cpp
        self.takes_prompt_before = "-gp <pp,tg>" in usage  # ik_llama.cpp: rates of tg tokens behind pp

    def prefill(self, lengths):
        rows = json.loads(output(self.command + ["-p", join(lengths), "-n", "0"]))
        return {row["n_prompt"]: row["avg_ts"] for row in rows if row["n_gen"] == 0}

    def decode(self, tokens, depths):
        options = ["-p", "0", "-n", str(tokens)]
        if self.takes_depth:
            options += ["-d", join(depths)]
        elif self.takes_prompt_before:
            options = ["-p", "0", "-n", str(tokens) if 0 in depths else "0"]
            for depth in depths:
                options += ["-gp", f"{depth},{tokens}"] if depth > 0 else []
        elif 0 not in depths:
            return {}
        rows = json.loads(output(self.command + options))
        return {row.get("n_depth", row["n_prompt"]): row["avg_ts"] for row in rows if row["n_gen"] > 0}


def named(command):
    """The name and the words of NAME=COMMAND or COMMAND."""
    words = shlex.split(command)
    name, separator, program = words[0].partition("=")
    if separator and "/" not in name:
        words[0] = program
        return name, words
    return os.path.basename(words[0]), words


def join(numbers):
    return ",".join(map(str, numbers))


def counts(text):
    numbers = sorted({int(part) for part in text.split(",")})
    if numbers[0] < 0:
        raise ValueError
    return numbers


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("models", nargs="+", metavar="MODEL")
    options.add_argument("--peer", action="append", required=True, metavar="COMMAND")
    options.add_argument("--platen", default=os.path.join(ROOT, ".build/release/platen"), metavar="PROGRAM")
    options.add_argument("--threads", type=int, default=os.cpu_count())
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--prefill", type=counts, default=[128, 512], help="lengths of prompts; 0 for none")
    options.add_argument("--decode", type=int, default=32, help="tokens to write; 0 for none")
    options.add_argument("--depth", type=counts, default=[0, 512, 2048], help="tokens in the context before them")
    options.add_argument("--json", metavar="FILE", help="write every round's rates to this file, too")
    given = options.parse_args()
    for path in given.models + [given.platen] + [named(peer)[1][0] for peer in given.peer]:
        if not os.path.isfile(path):
            sys.exit(f"bench-beside: {path}: no such file")
    prompts = [length for length in given.prefill if length > 0]
    depths = given.depth if given.decode > 0 else []

    works = [("prefill", length) for length in prompts] + [("decode", depth) for depth in depths]
    rows = []
    for model in given.models:
        engines = [Platen(given.platen, model, given.threads)]
        engines += [LlamaBench(peer, model, given.threads) for peer in given.peer]
        rounds = measure(given, engines, prompts, depths)
        report(given, model, engines, works, rounds)
        rows += [
            {"model": model, "threads": given.threads, "round": number + 1, "engine": engine.name, "work": work, "at": at,
             "tokens_per_second": found[work, at]}
            for number, rates in enumerate(rounds) for engine, found in zip(engines, rates) for work, at in works if (work, at) in found
        ]
    if given.json:
        with open(given.json, "w") as file:
            json.dump(rows, file, indent=1)


def measure(given, engines, prompts, depths):
    """For each round, for each engine: rates by work."""
    rounds = []
    for number in range(given.rounds):
        rates = [{} for _ in engines]
        for engine, found in zip(engines, rates):
            if prompts:
                print(f"round {number + 1} of {given.rounds}: {engine.name}, prefill", file=sys.stderr)
                found.update({("prefill", length): rate for length, rate in engine.prefill(prompts).items()})
        for engine, found in zip(engines, rates):
            if depths:
                print(f"round {number + 1} of {given.rounds}: {engine.name}, decode", file=sys.stderr)
                found.update({("decode", depth): rate for depth, rate in engine.decode(given.decode, depths).items()})
        rounds.append(rates)
    return rounds


def report(given, model, engines, works, rounds):
    print(f"{os.path.basename(model)}, {given.threads} threads, tokens per second, medians of {given.rounds} rounds\n")
    header = ["work", engines[0].name]
    for engine in engines[1:]:
        header += [engine.name, "ratio"]
    print("| " + " | ".join(header) + " |")
    print("| --- |" + " ---: |" * (len(header) - 1))
    for work in works:
        cells = [f"prefill {work[1]}" if work[0] == "prefill" else f"decode at depth {work[1]}"]
        for i in range(len(engines)):
            rates = [rates[i][work] for rates in rounds if work in rates[i]]
            cells.append(f"{statistics.median(rates):.1f}" if rates else "-")
            if i > 0:
                ratios = [rates[0][work] / rates[i][work] for rates in rounds if work in rates[i] and rates[i][work] > 0]
                cells.append(f"{statistics.median(ratios):.2f}" if ratios else "-")
        print("| " + " | ".join(cells) + " |")
    print(flush=True)


if __name__ == "__main__":
    main()
