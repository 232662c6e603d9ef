"""The LLaMA block in JAX, in the layout that training uses: packed rows which share their prompts' preambles.

Every conversation begins with one of a few fixed preambles. They are evaluated once in a step, as one flat row, and
the tokens of every conversation attend to the one that is theirs: the arithmetic is that of the whole conversation.
"""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np


@dataclass(frozen=True)
class Config:
    vocabulary: int = 2048
    width: int = 192
    layers: int = 6
    heads: int = 6
    feed_forward: int = 512
    rope_base: float = 10000.0
    epsilon: float = 1e-5

    @property
    def head_width(self) -> int:
        return self.width // self.heads


MATRICES = ("query", "key", "value", "output", "gate", "up", "down")


def initial(config: Config, seed: int) -> dict:
    """Named parameters; a layer's end in its number. Matrices are [rows in, columns out]; the head is the embedding,
    transposed."""
    rng = np.random.default_rng(seed)
    width, hidden = config.width, config.feed_forward
    shapes = {name: (width, width) for name in MATRICES[:4]} | {"gate": (width, hidden), "up": (width, hidden),
        "down": (hidden, width)}
    parameters = {"embedding": rng.standard_normal((config.vocabulary, width), dtype=np.float32) * 0.02,
                  "norm.last": np.ones(width)}
    for layer in range(config.layers):
        for name, shape in shapes.items():
            scale = shape[0] ** -0.5 * ((2 * config.layers) ** -0.5 if name in ("output", "down") else 1)
            parameters[f"{name}.{layer}"] = rng.standard_normal(shape, dtype=np.float32) * scale
        parameters[f"norm.attention.{layer}"] = parameters[f"norm.feed.{layer}"] = np.ones(width)
    return {name: jnp.asarray(value, jnp.float32) for name, value in parameters.items()}


def norm(x, gain, epsilon):
    return x * jax.lax.rsqrt(jnp.mean(x * x, axis=-1, keepdims=True) + epsilon) * gain


def rotate(x, cosine, sine):
    """RoPE on neighbouring pairs (the NORM ordering of GGUF's llama). x [..., heads, head_width]."""
    pairs = x.reshape(*x.shape[:-1], -1, 2)
    a, b = pairs[..., 0], pairs[..., 1]
    return jnp.stack([a * cosine - b * sine, a * sine + b * cosine], axis=-1).reshape(x.shape)


def angles(config: Config, positions):
    rates = config.rope_base ** (-np.arange(0, config.head_width, 2, dtype=np.float32) / config.head_width)
    angle = positions[..., None, None].astype(jnp.float32) * rates
    return jnp.cos(angle), jnp.sin(angle)


def attend(query, key, value, allowed):
    """query [B, T, H, d], key and value [B, S, H, d], allowed [B, T, S] -> [B, T, H * d]."""
    scores = jnp.einsum("bthd,bshd->bhts", query, key) * query.shape[-1] ** -0.5
    weights = jax.nn.softmax(jnp.where(allowed[:, None], scores, -1e30), axis=-1)
    return jnp.einsum("bhts,bshd->bthd", weights, value).reshape(*query.shape[:2], -1)


def hidden_states(config: Config, parameters: dict, preamble: dict, batch: dict):
    """The last layer's states of the rows, [B * T, width]. `preamble` holds tokens, positions and segment of Q
    tokens; `batch` holds tokens, positions, segment (0 is padding) and preamble (whose segment) as [B, T]."""
    rows, length = batch["tokens"].shape
    shared = preamble["tokens"].shape[0]
    order = jnp.arange(shared)
    in_preamble = (preamble["segment"][:, None] == preamble["segment"][None]) & (order[:, None] >= order[None])
    order = jnp.arange(length)
    in_row = (batch["segment"][:, :, None] == batch["segment"][:, None]) & (order[:, None] >= order[None])
    to_preamble = batch["preamble"][:, :, None] == preamble["segment"][None, None]
    allowed = jnp.concatenate([to_preamble, in_row], axis=2)
    cosine, sine = angles(config, jnp.concatenate([preamble["positions"], batch["positions"].reshape(-1)]))

    x = parameters["embedding"][jnp.concatenate([preamble["tokens"], batch["tokens"].reshape(-1)])]
    for layer in range(config.layers):
        p = {name: parameters[f"{name}.{layer}"] for name in MATRICES}
        y = norm(x, parameters[f"norm.attention.{layer}"], config.epsilon)
        qkv = y @ jnp.concatenate([p["query"], p["key"], p["value"]], axis=1)
        q, k, v = (z.reshape(-1, config.heads, config.head_width) for z in jnp.split(qkv, 3, axis=1))
        q, k = rotate(q, cosine, sine), rotate(k, cosine, sine)

        def in_rows(z):
            return z[shared:].reshape(rows, length, config.heads, config.head_width)

        def with_preamble(z):
            first = jnp.broadcast_to(z[None, :shared], (rows, shared, config.heads, config.head_width))
            return jnp.concatenate([first, in_rows(z)], axis=1)

        first = attend(q[None, :shared], k[None, :shared], v[None, :shared], in_preamble[None])[0]
        rest = attend(in_rows(q), with_preamble(k), with_preamble(v), allowed).reshape(rows * length, -1)
        x = x + jnp.concatenate([first, rest]) @ p["output"]
        y = norm(x, parameters[f"norm.feed.{layer}"], config.epsilon)
        gate, up = jnp.split(y @ jnp.concatenate([p["gate"], p["up"]], axis=1), 2, axis=1)
        x = x + (jax.nn.silu(gate) * up) @ p["down"]
    return norm(x[shared:], parameters["norm.last"], config.epsilon)


def loss(config: Config, parameters: dict, preamble: dict, batch: dict):
    """Cross entropy of the next token, weighted, and the same over answers alone for the log."""
    logits = hidden_states(config, parameters, preamble, batch) @ parameters["embedding"].T
    target = batch["targets"].reshape(-1)
    nll = jax.nn.logsumexp(logits, axis=-1) - jnp.take_along_axis(logits, target[:, None], axis=-1)[:, 0]
    weight = batch["weights"].reshape(-1)
    answers = weight > 0.5
    return (nll * weight).sum() / weight.sum(), (nll * answers).sum() / answers.sum()
