#!/usr/bin/env python3
"""Compare Platen's logits with llama.cpp's on the same files, and print a row for each.

    pip install llama-cpp-python gguf numpy
    compare_logits.py                      # random models of every family, type and RoPE scaling
    compare_logits.py MODEL.gguf ...       # these files
    compare_logits.py --only gemma3,phi3   # of the random ones those families
    compare_logits.py --platen PATH --tokens 100
    compare_logits.py --cache-type q8_0    # keys and values kept as Q8_0 by both; "itself" is then llama.cpp with its cache in F16

NMSE is the squared difference over the squared logits; KL is the mean divergence of the two
distributions in nats; top-1 is how often both name the same most likely token.

Engines round the activations to 8 bits before a product with quantized weights, and a difference in the last bit of a
sum then flips some of those roundings, so two right engines differ. How much is shown by "itself", llama.cpp with flash attention
against llama.cpp without; and, for random models, by the NMSE of both engines against the same weights in F32, where nothing
is rounded: "platen / exact" and "peer / exact". Exits 1 where a row misses the bounds NMSE <= 1e-4, KL <= 1e-3 and
top-1 >= 99 % although the peer agrees with itself that well, unless Platen is nearer to the exact logits than the peer, which
for instance rounds activations to BF16 before a product with BF16 weights.
"""
import argparse
import os
import subprocess
import sys
import tempfile

import gguf
import numpy as np
from llama_cpp import Llama

from random_model import FAMILIES, TYPES

HERE = os.path.dirname(os.path.abspath(__file__))


CACHE_TYPES = {"f16": 1, "q8_0": 8}  # ggml_type in ggml.h


def peer_logits(path, ids, flash=True, cache="f16"):
    model = Llama(model_path=path, n_ctx=max(512, len(ids)), n_batch=512, n_threads=2, logits_all=True, verbose=False,
                  flash_attn=flash, type_k=CACHE_TYPES[cache], type_v=CACHE_TYPES[cache])
    model.eval(ids)
    return np.array(model.scores[:len(ids)], dtype=np.float64)


def own_logits(platen, path, ids, out, cache="f16"):
    subprocess.run([platen, "logits", path, "--ids", " ".join(map(str, ids)), "--out", out, "--cache-type", cache], check=True)
    return np.fromfile(out, dtype="<f4").reshape(len(ids), -1).astype(np.float64)


def log_softmax(x):
    x = x - x.max(axis=1, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=1, keepdims=True))


def nmse(a, b):
    return ((a - b) ** 2).sum() / (a ** 2).sum()


def differences(a, b):
    """NMSE, KL divergence and top-1 agreement of two engines' logits."""
    p, q = log_softmax(a), log_softmax(b)
    return nmse(a, b), (np.exp(p) * (p - q)).sum(axis=1).mean(), (a.argmax(axis=1) == b.argmax(axis=1)).mean()


def within(difference):
    return difference[0] <= 1e-4 and difference[1] <= 1e-3 and difference[2] >= 0.99


def some_tokens(path, count):
    size = len(gguf.GGUFReader(path).fields["tokenizer.ggml.tokens"].data)
    rng = np.random.default_rng(7)
    return [1] + [int(i) for i in rng.integers(3, size, count - 1)]


ROPES = {"llama": ("linear", "yarn", "llama3"), "gemma3": ("linear",), "phi3": ("longrope", "longrope-short"),
         "granite": ("linear", "yarn", "llama3"), "olmo2": ("yarn",)}


def random_cases():
    for family in FAMILIES:
        # The head of Gemma 2 is its embedding in every file.
        always = ["--family", family] + (["--tied"] if family == "gemma2" else [])
        for kind in TYPES:
            yield f"{family} {kind}", always + ["--type", kind]
        for rope in ROPES.get(family, ("linear", "yarn")):
            yield f"{family} F16 {rope}", always + ["--type", "F16", "--rope", rope]
        if family == "olmo2":
            yield f"{family} F16 windows", always + ["--type", "F16", "--rope", "yarn", "--windows"]
        if family not in ("gemma2", "olmo2"):  # and OLMo 2's never
            yield f"{family} Q8_0 tied", always + ["--type", "Q8_0", "--tied"]


def row(name, path, exact, a, scratch):
    """Prints a model's row; true where Platen differs more than the peer does from itself."""
    ids = some_tokens(path, a.tokens)
    out = os.path.join(scratch, "logits.f32")
    peer, own = peer_logits(path, ids, cache=a.cache_type), own_logits(a.platen, path, ids, out, a.cache_type)
    other = peer_logits(path, ids, flash=False) if a.cache_type == "f16" else peer_logits(path, ids)
    ours, itself = differences(peer, own), differences(peer, other)
    text = f"{name:24} {ours[0]:9.1e} {ours[1]:9.1e} {100 * ours[2]:6.1f}%   {itself[0]:9.1e} {itself[1]:9.1e} {100 * itself[2]:6.1f}%"
    nearer = False
    if exact:
        truth = own_logits(a.platen, exact, ids, out)
        text += f"   {nmse(truth, own):9.1e} {nmse(truth, peer):9.1e}"
        nearer = nmse(truth, own) < nmse(truth, peer)
    missed = within(itself) and not within(ours) and not nearer
    print(text + ("  <- out of bounds" if missed else ""), flush=True)
    return missed


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("models", nargs="*")
    ap.add_argument("--platen", default=os.path.join(HERE, "../../.build/release/platen"))
    ap.add_argument("--tokens", type=int, default=200)
    ap.add_argument("--cache-type", choices=CACHE_TYPES, default="f16")
    ap.add_argument("--only", help="families, separated by commas")
    a = ap.parse_args()
    missed = 0
    print(f"{'':24} {'platen against llama.cpp':^27}   {'llama.cpp against itself':^27}   {'platen /':>9} {'peer /':>9}")
    print(f"{'model':24} {'NMSE':>9} {'KL':>9} {'top-1':>7}   {'NMSE':>9} {'KL':>9} {'top-1':>7}   {'exact':>9} {'exact':>9}")
    with tempfile.TemporaryDirectory() as scratch:
        for path in a.models:
            missed += row(os.path.basename(path), path, None, a, scratch)
        for name, arguments in ([] if a.models else random_cases()):
            if a.only and name.split()[0] not in a.only.split(","):
                continue
            path, exact = os.path.join(scratch, "model.gguf"), os.path.join(scratch, "exact.gguf")
            for more in (["-o", path], ["--dequantized", "-o", exact]):
                subprocess.run([sys.executable, os.path.join(HERE, "random_model.py"), *arguments, *more], check=True)
            missed += row(name, path, exact, a, scratch)
    print(f"{missed} rows out of bounds")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
