"""Shows what the model answers to a stranger's first prompts, as the README prints it.

    python samples.py platen-tiny.gguf --platen ../../.build/release/platen
"""

import argparse
from pathlib import Path

import corpus
import prompts
from evaluate import PLATEN, platen

ASKED = [
    "Hello", "Who are you?", "what can you do", "Tell me a story about a fox named Zerbina who finds a golden umbrella.",
    "What is an alpaca?", "How does an alpaca differ from a llama?", "what is the capital of mongolia", "47 + 38",
    "Sort these numbers: 71, 8, 40, 23", "What is the opposite of brave?", "Write a letter to Ottoline about the broken bell.",
    "Write a poem about the rain.", "Tell me a joke.", "Is this positive or negative? The soup was cold and nasty.",
    "Who was Ada Lovelace?", "What is inflation?", "Wie geht es dir?", "asdfkjh", "", "Thank you!",
]
TRACE = "Question: What is 142.07 / 58.08?\nThought:"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("model")
    options.add_argument("--platen", type=Path, default=PLATEN)
    chosen = options.parse_args()
    ask = platen(chosen.model, chosen.platen)
    for asked in ASKED:
        answer = ask(prompts.prompt_text(corpus.Example(asked, ""))).strip()
        print(f"> {asked}\n{answer}\n")
    step = ask(TRACE).split("Observation:")[0] + "Observation:"
    seen = f"{TRACE}{step} 2.446"
    print(seen + ask(seen))


if __name__ == "__main__":
    main()
