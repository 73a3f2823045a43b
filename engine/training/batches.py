"""Rows of tokens for each step: a pure function of seed and step, so that a resumed run draws what an unbroken one would."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.corpus.packing import PackedStream
from engine.errors import UserError
from engine.runs.recipe import Recipe

#: What the loss leaves out.
IGNORED = -100


class Batches:
    """Draws rows of block + 1 tokens from the packed streams of a run.

    Rows of plain text start anywhere; rows of conversations start with one and go on with those that follow, or end with the
    last one. All are cut at block tokens, the next row goes on elsewhere.
    """

    def __init__(self, recipe: Recipe, run: Path) -> None:
        self._recipe = recipe
        self._seed = recipe.seed
        train = {source.name: PackedStream(run / "data" / f"{source.name}-train") for source in recipe.sources}
        held_out = {source.name: PackedStream(run / "data" / f"{source.name}-validation") for source in recipe.sources}
        short = [name for name, stream in train.items() if len(stream.ids) <= recipe.block]
        if short:
            raise UserError(
                "corpus-short",
                f"The texts of {', '.join(short)} are shorter than one row of {recipe.block} tokens.",
                f"Give more text, or set block to at most {min(len(train[name].ids) for name in short) - 1}.",
            )
        if recipe.objective == "instruction" and not any(stream.learnt[:-1].any() for stream in train.values()):
            raise UserError(
                "corpus-no-answers",
                "There is nothing to learn an answer from: no conversation has words of an assistant.",
                "Give conversations with messages of the assistant, or choose the objective pretraining.",
            )
        self.streams = [train[source.name] for source in recipe.sources]
        weights = np.array([source.weight for source in recipe.sources])
        self._cumulative = np.cumsum(weights / weights.sum())
        self.validation = {name: stream for name, stream in held_out.items() if len(stream.starts)}

    def training(self, step: int, part: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Inputs and targets, each (batch, block), of one part of an accumulated step."""
        random = np.random.Generator(np.random.Philox(key=self._seed, counter=[0, 0, part, step]))
        rows = []
        for _ in range(self._recipe.batch):
            stream = self.streams[int(np.searchsorted(self._cumulative, random.random(), side="right"))]
            rows.append(self._row(stream, random))
        return _stack(rows)

    def evaluation(self, name: str, rows: int) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """The first rows of a held-out stream, in batches, without overlap. What is shorter than one row is a shorter row."""
        stream = self.validation[name]
        block = min(self._recipe.block, len(stream.ids) - 1)
        count = min(rows, (len(stream.ids) - 1) // block)
        drawn = [self._cut(stream, row * block, block) for row in range(count)]
        size = self._recipe.batch
        return [_stack(drawn[start : start + size]) for start in range(0, count, size)]

    def _row(self, stream: PackedStream, random: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        last = len(stream.ids) - self._recipe.block - 1
        if self._recipe.objective == "pretraining" or stream.all_learnt:
            return self._cut(stream, int(random.integers(last + 1)), self._recipe.block)
        start = int(stream.starts[int(random.integers(len(stream.starts)))])
        return self._cut(stream, min(start, last), self._recipe.block)

    def _cut(self, stream: PackedStream, start: int, block: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        end = start + block + 1
        ids = stream.ids[start:end].astype(np.int64)
        targets = ids[1:].copy()
        if self._recipe.objective == "instruction":
            targets[stream.learnt[start + 1 : end] == 0] = IGNORED
        return ids[:-1], targets


def _stack(rows: list[tuple[NDArray[np.int64], NDArray[np.int64]]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return np.stack([inputs for inputs, _ in rows]), np.stack([targets for _, targets in rows])
