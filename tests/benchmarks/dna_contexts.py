"""What contexts of up to twelve bases tell of the next one: the baseline of the recipe dna, made as strong as counting allows.

Run: python -m tests.benchmarks.dna_contexts RUN. Every order is smoothed towards the one below,
p = (n(context, base) + a q) / (n(context) + a), and the a that is best on the held-out bases themselves is told, which favours the
counts. They also see the bases before the beginning of a row, which the model does not.
"""

import math
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.corpus.packing import PackedStream
from engine.runs.recipe import read_recipe
from engine.tokenizer.bpe import BytePairVocabulary

ORDERS = (0, 2, 4, 6, 8, 10, 11, 12)
WEIGHTS = (2, 8, 32, 128, 512, 2048)


def main() -> None:
    run = Path(sys.argv[1])
    recipe, name = read_recipe(run), read_recipe(run).sources[0].name
    vocabulary = BytePairVocabulary.load(run / "tokenizer.json")
    of_base = {vocabulary.encode(base)[0]: number for number, base in enumerate("ACGT")}
    train, held_out = (
        bases(PackedStream(run / "data" / f"{name}-{part}").ids, of_base) for part in ("train", "validation")
    )
    rows = recipe.evaluation_rows * recipe.block
    print(f"{len(train):,} bases counted, {min(rows, len(held_out)):,} held out")
    best = {order: min((bits(train, held_out[:rows], order, weight), weight) for weight in WEIGHTS) for order in ORDERS}
    for order, (found, weight) in best.items():
        print(f"order {order:2}: {found:.4f} bits per base (a = {weight})")


def bases(ids: NDArray[np.uint32], of_base: dict[int, int]) -> NDArray[np.int64]:
    """0 to 3 for each base, everything else left out."""
    table = np.full(int(ids.max()) + 1, -1)
    for id, number in of_base.items():
        table[id] = number
    found = table[ids]
    return found[found >= 0]


def bits(train: NDArray[np.int64], held_out: NDArray[np.int64], order: int, weight: float) -> float:
    """Mean bits of a held-out base after contexts of up to ``order`` bases, from the order-th base on."""
    probabilities = np.full(len(held_out) - order, 0.25)
    for size in range(order + 1):
        counts = np.bincount(keys(train, size + 1), minlength=4 ** (size + 1)).reshape(-1, 4)
        seen = keys(held_out, size + 1)[order - size :]
        context, base = seen // 4, seen % 4
        probabilities = (counts[context, base] + weight * probabilities) / (counts[context].sum(1) + weight)
    return float(-np.log(probabilities).mean() / math.log(2))


def keys(sequence: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """The number of each run of ``size`` bases (n - size + 1,)."""
    found = np.zeros(len(sequence) - size + 1, dtype=np.int64)
    for place in range(size):
        found = 4 * found + sequence[place : place + len(found)]
    return found


if __name__ == "__main__":
    main()
