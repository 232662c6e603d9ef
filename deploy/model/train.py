"""Trains the included model. Run it again and it goes on from its last checkpoint.

    python train.py build/tokenizer.model build/checkpoint.npz

Matrices learn by Muon (Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks"), the embedding
and the norms by Adam. The rate is constant after a warm-up and falls to nothing along a line over the last part.
"""

import argparse
import os
import time
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from batches import Packer
from model import MATRICES, Config, initial, loss

SEED = 1
ROWS, LENGTH = 16, 256
RATES = ((-1, 0.0), (59, 1.0), (950, 1.0), (1300, 0.63158), (2000, 0.0), (2020, 0.4),
    (2600, 0.0))  # (step, share of the full rate), with lines between
STEPS = RATES[-1][0]
STAGES = (1100, 1400, 1700, 2000)  # the steps from which the corpus's later shares are drawn
MUON_RATE, ADAM_RATE = 0.02, 4e-3
MOMENTUM, BETAS, EPSILON = 0.95, (0.9, 0.98), 1e-8
MATRIX_DECAY = 0.02


def rate(step: int) -> float:
    return float(np.interp(step, *zip(*RATES)))


def orthogonalized(update):
    """Newton-Schulz iteration towards the nearest orthogonal matrix, over the last two axes."""
    tall = update.shape[-2] > update.shape[-1]
    x = update.swapaxes(-1, -2) if tall else update
    x = x / (jnp.linalg.norm(x, axis=(-2, -1), keepdims=True) + 1e-7)
    for _ in range(5):
        square = x @ x.swapaxes(-1, -2)
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    x = x.swapaxes(-1, -2) if tall else x
    return x * max(1.0, update.shape[-1] / update.shape[-2]) ** 0.5


@partial(jax.jit, static_argnums=0, donate_argnums=(1, 2, 3))
def step_once(config, parameters, first, second, step, scale, preamble, batch):
    """`first` and `second` are the moments of the gradients; matrices use the first alone."""
    (total, answers), gradient = jax.value_and_grad(lambda p: loss(config, p, preamble, batch),
        has_aux=True)(parameters)
    for kind in MATRICES:
        names = [f"{kind}.{layer}" for layer in range(config.layers)]
        for name in names:
            first[name] = MOMENTUM * first[name] + (1 - MOMENTUM) * gradient[name]
        ahead = jnp.stack([MOMENTUM * first[name] + (1 - MOMENTUM) * gradient[name] for name in names])
        for name, change in zip(names, orthogonalized(ahead)):
            parameters[name] = parameters[name] * (1 - scale * MUON_RATE * MATRIX_DECAY) - scale * MUON_RATE * change
    for name in second:
        g = gradient[name]
        first[name] = BETAS[0] * first[name] + (1 - BETAS[0]) * g
        second[name] = BETAS[1] * second[name] + (1 - BETAS[1]) * g * g
        mean = first[name] / (1 - BETAS[0] ** (step + 1))
        spread = jnp.sqrt(second[name] / (1 - BETAS[1] ** (step + 1)))
        parameters[name] = parameters[name] - scale * ADAM_RATE * mean / (spread + EPSILON)
    return parameters, first, second, total, answers


def save(path: Path, parameters, first, second, step: int) -> None:
    trees = {"p": parameters, "m": first, "v": second}
    arrays = {f"{kind}/{name}": value for kind, tree in trees.items() for name, value in tree.items()}
    np.savez(path.with_suffix(".new.npz"), step=step, **arrays)
    os.replace(path.with_suffix(".new.npz"), path)


def load(path: Path):
    data = np.load(path)
    trees = {kind: {name[2:]: jnp.asarray(data[name]) for name in data.files if name.startswith(kind + "/")}
             for kind in "pmv"}
    return trees["p"], trees["m"], trees["v"], int(data["step"])


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("tokenizer")
    arguments.add_argument("checkpoint", type=Path)
    arguments.add_argument("--stop-after", type=int, default=STEPS, help="steps at which to pause")
    options = arguments.parse_args()

    config = Config()
    packer = Packer(options.tokenizer, ROWS, LENGTH, SEED)
    preamble = packer.preamble()
    if options.checkpoint.exists():
        parameters, first, second, begin = load(options.checkpoint)
    else:
        parameters, begin = initial(config, SEED), 0
        first = {name: jnp.zeros_like(value) for name, value in parameters.items()}
        others = [name for name in parameters if name.split(".")[0] not in MATRICES]
        second = {name: jnp.zeros_like(parameters[name]) for name in others}
    print(f"{sum(value.size for value in parameters.values())} parameters, from step {begin}", flush=True)

    started, seen, average = time.monotonic(), 0, None
    for step in range(begin, min(STEPS, options.stop_after)):
        batch = packer.batch(step, sum(step >= start for start in STAGES))
        parameters, first, second, total, answers = step_once(
            config, parameters, first, second, step, rate(step), preamble, batch)
        seen += int((batch["segment"] > 0).sum())
        average = float(answers) if average is None else 0.95 * average + 0.05 * float(answers)
        if step % 20 == 0 or step == STEPS - 1:
            seconds = time.monotonic() - started
            print(f"step {step} loss on answers {average:.3f} now {float(answers):.3f}, "
                  f"{seen / seconds:.0f} tokens/s, {seconds / 60:.1f} min", flush=True)
        if (step + 1) % 100 == 0 or step + 1 in (STEPS, options.stop_after):
            save(options.checkpoint, parameters, first, second, step + 1)


if __name__ == "__main__":
    main()
