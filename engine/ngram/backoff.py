"""Stupid back-off (Brants et al. 2007): how often a token followed a context, or else 0.4 of what the shorter context says.

As published the scores do not sum to one; here they are divided by their sum, so that they can be compared and drawn from.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.ngram.counts import Level, Smoothing
from engine.ngram.model import NgramModel

#: What a step to a shorter context costs.
ALPHA = 0.4


class StupidBackoff(NgramModel):
    """Levels with plain counts (count_ngrams(..., preceded=False))."""

    @cached_property
    def unigram(self) -> NDArray[np.float64]:
        """(V,): with one added to each count, so that nothing is impossible."""
        counts = (self.levels[0].counts + 1).astype(np.float64)
        counts /= counts.sum()
        return counts

    @cached_property
    def _shares(self) -> list[NDArray[np.float64]]:
        """For each level (M,): how often an n-gram occurs, of all that follow its context."""
        shares = [self.unigram]
        for before, level in zip(self.levels, self.levels[1:], strict=False):
            context = level.keys // self.vocabulary_size
            totals = np.bincount(context, weights=level.counts, minlength=len(before.keys))
            shares.append(level.counts / totals[context])
        return shares

    @cached_property
    def _sums(self) -> list[NDArray[np.float64]]:
        """For each level but the last (M,): what the scores of all tokens after an n-gram sum to, where it is the context."""
        size = self.vocabulary_size
        sums: list[NDArray[np.float64]] = []
        shorter = np.zeros(size, dtype=np.int64)  # of each context, the place of what it is without its first token
        for n, (before, level) in enumerate(zip(self.levels, self.levels[1:], strict=False)):
            context, last = level.keys // size, level.keys % size
            # An n-gram that occurs without its first token occurs as well.
            suffix = last if n == 0 else self.levels[n].find(shorter[context] * size + last)
            taken = np.bincount(context, weights=self._shares[n][suffix], minlength=len(before.keys))
            follows = np.bincount(context, minlength=len(before.keys)) > 0
            whole = np.ones(len(before.keys)) if n == 0 else sums[n - 1][shorter]
            sums.append(follows + ALPHA * (whole - taken))
            shorter = suffix
        return sums

    def log_probabilities(self, ids: NDArray[np.integer]) -> NDArray[np.float64]:
        ids = np.asarray(ids, dtype=np.int64)
        p, sums = self.unigram[ids], np.ones(len(ids))
        places = ids
        for level, shares, whole in zip(self.levels[1:], self._shares[1:], self._sums, strict=True):
            context = np.concatenate([[-1], places[:-1]])
            known = context >= 0
            places = np.where(known, level.find(context * self.vocabulary_size + ids), -1)
            found = places >= 0
            p[known] *= ALPHA
            p[found] = shares[places[found]]
            sums[known] = whole[context[known]]
        logarithms: NDArray[np.float64] = np.log(p / sums)
        return logarithms

    def probabilities(self, context: Sequence[int]) -> NDArray[np.float64]:
        p, size = self.unigram.copy(), self.vocabulary_size
        for length in range(1, min(self.order - 1, len(context)) + 1):
            place = self._place(context[len(context) - length :])
            if place < 0:
                break
            level = self.levels[length]
            start, end = np.searchsorted(level.keys, [place * size, (place + 1) * size])
            p *= ALPHA
            p[level.keys[start:end] - place * size] = self._shares[length][start:end]
        p /= p.sum()
        return p


def ngram_model(levels: Sequence[Level], vocabulary_size: int, smoothing: Smoothing) -> NgramModel:
    """The model of these counts; those for "kneser-ney" are other ones than those for "stupid-backoff"."""
    return (NgramModel if smoothing == "kneser-ney" else StupidBackoff)(levels, vocabulary_size)
