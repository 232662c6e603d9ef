"""Conversations as token ids, packed into rows. A batch depends on the seed, the step and its stage alone."""

import random

import numpy as np

import corpus
import prompts
import tokenizer

BOS, EOS = 1, 2
PROMPT_WEIGHT = 0.1
LEAST_ANSWER = 6  # from the third stage on, a shorter answer weighs as much as one of so many tokens: labels count
GAP_SHARE = 0.3  # of the conversations with several turns get a jump in their positions,
LONGEST_GAP = 200  # so that distances beyond a row's length are known too


class Packer:
    def __init__(self, tokenizer_path: str, rows: int, length: int, seed: int):
        self.pieces = tokenizer.load(tokenizer_path)
        self.rows, self.length, self.seed = rows, length, seed
        texts = [prompts.PREAMBLE, prompts.PREAMBLE_WITH_INPUT]
        self.preambles = [[BOS]] + [[BOS] + self.pieces.encode(" " + text) for text in texts]

    def preamble(self) -> dict:
        """All preambles as one flat row: tokens, positions, and which one each token belongs to."""
        flat = [(token, at, which) for which, tokens in enumerate(self.preambles) for at, token in enumerate(tokens)]
        return {name: np.array(column, np.int32) for name, column in zip(("tokens", "positions", "segment"),
            zip(*flat))}

    def encoded(self, conversation: corpus.Example, rng: random.Random, least: int):
        """Token ids after the preamble, the weight with which each is predicted, its position; and the preamble."""
        ids, weights, jumps = [BOS], [0.0], []
        for at, (text, written) in enumerate(prompts.segments(conversation)):
            if at and not written:
                jumps.append(len(ids))
            pieces = self.pieces.encode(text)
            ids += pieces
            is_observation = conversation.react and at == 2
            answer = max(1.0, least / (len(pieces) + 1))
            weights += [answer if written else 0.0 if is_observation else PROMPT_WEIGHT] * len(pieces)
            # The engine's tool speaks after "Observation:" and a turn ends everywhere else.
            if written and not (conversation.observation is not None and at == 1):
                ids.append(EOS)
                weights.append(answer)
            if len(ids) > self.length and at > 1 and written:
                break
        which = max(i for i, start in enumerate(self.preambles) if ids[: len(start)] == start)
        start = len(self.preambles[which])
        positions = np.arange(len(ids))
        if jumps and not conversation.react and rng.random() < GAP_SHARE:
            positions[rng.choice(jumps):] += rng.randrange(LONGEST_GAP)
        return ids[start:], weights[start:], positions[start:], which

    def batch(self, step: int, stage: int) -> dict:
        rng = random.Random(f"{self.seed} {step}")
        found, total = [], 0
        while total < self.rows * self.length:
            one = self.encoded(corpus.conversation(rng, stage), rng, LEAST_ANSWER if stage >= 2 else 0)
            if 2 <= len(one[0]) <= self.length + 1:
                found.append(one)
                total += len(one[0]) - 1
        found.sort(key=lambda one: -len(one[0]))
        shape = (self.rows, self.length)
        out = {name: np.zeros(shape, np.int32) for name in ("tokens", "targets", "positions", "segment", "preamble")}
        out["weights"] = np.zeros(shape, np.float32)
        used = [0] * self.rows
        for number, (ids, weights, positions, which) in enumerate(found, 1):
            count = len(ids) - 1
            row = next((r for r in range(self.rows) if used[r] + count <= self.length), None)
            if row is None:
                continue
            place = slice(used[row], used[row] + count)
            out["tokens"][row, place], out["targets"][row, place] = ids[:-1], ids[1:]
            out["weights"][row, place], out["positions"][row, place] = weights[1:], positions[:-1]
            out["segment"][row, place], out["preamble"][row, place] = number, which
            used[row] += count
        return out
