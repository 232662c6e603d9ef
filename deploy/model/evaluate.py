"""Asks a model every held-out prompt and prints how many answers of each skill are right.

    python evaluate.py platen-tiny.gguf                      with the project's engine (.build/release/platen)
    python evaluate.py platen-tiny.gguf --backend llama-cpp  with llama-cpp-python instead

The prompts are combinations that the corpus leaves out (corpus.held_out); decoding is greedy.
"""

import argparse
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Callable

import corpus
import prompts

END = "</s>"
LONGEST_ANSWER = 220
PLATEN = Path(__file__).resolve().parents[2] / ".build/release/platen"


def platen(model: str, binary: Path) -> Callable[[str], str]:
    def answer(prompt: str) -> str:
        command = [str(binary), "complete", model, "--prompt", prompt, "--tokens", str(LONGEST_ANSWER), "--temperature",
                   "0", "--parse-special"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{' '.join(command[:3])} failed: {done.stderr.strip()}")
        return done.stdout

    return answer


def llama_cpp(model: str) -> Callable[[str], str]:
    import llama_cpp

    engine = llama_cpp.Llama(model, n_ctx=0, n_threads=1, n_threads_batch=1, verbose=False, logits_all=False)

    def answer(prompt: str) -> str:
        ids = engine.tokenize(prompt.encode(), add_bos=True, special=True)
        return engine.create_completion(ids, max_tokens=LONGEST_ANSWER, temperature=0,
                                        repeat_penalty=1.0)["choices"][0]["text"]

    return answer


def last_question(example: corpus.Example) -> tuple[str, corpus.Example]:
    """The text up to the conversation's last answer, with the right answers before it, and what is expected then."""
    text = prompts.prompt_text(example)
    expected = example.answer
    for prompt, answer in example.turns:
        text += f" {expected}{END}{prompts.NEXT_TURN}{prompt}{prompts.RESPONSE}"
        expected = answer
    return text, replace(example, answer=expected)


def until_tool(example: corpus.Example, answer: str) -> str:
    """A ReAct trace stops where the tool speaks."""
    before, tool, _ = answer.partition("Observation:")
    return before + tool if example.observation is not None else answer


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("model")
    options.add_argument("--platen", type=Path, default=PLATEN, help="the engine's program")
    options.add_argument("--backend", choices=["platen", "llama-cpp"], default="platen")
    options.add_argument("--cases", type=int, default=100, help="held-out prompts a skill, at most (default 100)")
    options.add_argument("--skill", default="", help="only skills whose name contains this")
    options.add_argument("--failures", type=int, default=0, help="wrong answers to show of each skill")
    chosen = options.parse_args()

    if chosen.backend == "platen" and not chosen.platen.exists():
        sys.exit(f"{chosen.platen} is not there: build it (swift build -c release) or name it with --platen")
    ask = platen(chosen.model, chosen.platen) if chosen.backend == "platen" else llama_cpp(chosen.model)
    workers = 2 if chosen.backend == "platen" else 1
    print("| skill | kind | held-out prompts | right | percent |\n| --- | --- | ---: | ---: | ---: |", flush=True)
    with ThreadPoolExecutor(workers) as pool:
        for skill in corpus.SKILLS:
            tests = corpus.tests(skill, chosen.cases)
            if not tests or chosen.skill not in skill.name:
                continue
            asked = [last_question(test) for test in tests]
            answers = list(pool.map(lambda one: until_tool(one[1], ask(one[0])), asked))
            wrong = [(expected, answer) for (_, expected), answer in zip(asked, answers) if not skill.judge(expected,
                answer)]
            right = len(tests) - len(wrong)
            kind, percent = "closed" if skill.closed else "open", 100 * right / len(tests)
            print(f"| {skill.name} | {kind} | {len(tests)} | {right} | {percent:.0f} |", flush=True)
            for test, answer in wrong[: chosen.failures]:
                print(f"    {test.prompt!r} {test.input or ''}", flush=True)
                print(f"      got  {answer!r}\n      want {test.answer!r}", flush=True)


if __name__ == "__main__":
    main()
