"""How often each run of n tokens occurs, for n from 1 to an order, without a dictionary: sorted keys and where they were seen."""

from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

#: What n-grams that were never seen are given: engine.ngram.model and engine.ngram.backoff.
Smoothing = Literal["kneser-ney", "stupid-backoff"]


class Level(msgspec.Struct, frozen=True):
    """The different n-grams of one length that occur.

    keys (M,) int64, ascending: the place of an n-gram's first n - 1 tokens among the keys of the level before, times V, plus its
    last token. So what may follow one context stands side by side. For n = 1 the keys are the tokens themselves, all V of them.
    counts (M,) int64: how often it occurs at the longest level; at the others how many different tokens stand before it, for
    Kneser-Ney smoothing.
    """

    keys: NDArray[np.int64]
    counts: NDArray[np.int64]

    def find(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """The place of each key (N,), -1 where it does not occur."""
        if not len(self.keys):
            return np.full(len(keys), -1)
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[places] == keys, places, -1)


def count_ngrams(ids: NDArray[np.integer], order: int, vocabulary_size: int, preceded: bool = True) -> list[Level]:
    """The levels 1 to order of a stream of ids (N,).

    Below the longest level an n-gram counts once for each different token before it: "Francisco" may be frequent and still
    unlikely after anything but "San" (Kneser and Ney 1995). With preceded False it counts as often as it occurs.
    """
    places = np.asarray(ids, dtype=np.int64)  # of the n-gram that starts at each position
    everything = np.arange(vocabulary_size, dtype=np.int64)
    levels = [Level(everything, np.bincount(places, minlength=vocabulary_size))]
    for n in range(2, order + 1):
        keys = places[:-1] * vocabulary_size + np.asarray(ids[n - 1 :], dtype=np.int64)
        found, first, longer, counts = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
        if preceded:
            before = np.bincount(places[first + 1], minlength=len(levels[-1].keys))
            # What only starts the stream has nothing before it, and yet it occurs.
            levels[-1] = Level(levels[-1].keys, np.maximum(before, np.minimum(levels[-1].counts, 1)))
        levels.append(Level(found, counts))
        places = longer.astype(np.int64)
    return levels
