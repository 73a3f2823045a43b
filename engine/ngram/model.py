"""Interpolated modified Kneser-Ney smoothing (Chen and Goodman 1999): what is taken from each count goes to shorter contexts."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.ngram.counts import Level

#: What is taken from counts of 1, 2 and more where there are too few n-grams to estimate it.
_USUAL_DISCOUNTS = (0.5, 1.0, 1.5)


class NgramModel:
    """p(next token | the last order - 1 tokens), from the levels of ``count_ngrams``."""

    def __init__(self, levels: Sequence[Level], vocabulary_size: int) -> None:
        self.levels, self.vocabulary_size = list(levels), vocabulary_size

    @cached_property
    def _smooth(self) -> "list[_Smoothed]":
        contexts = [1, *(len(level.keys) for level in self.levels[:-1])]
        return [_Smoothed(level, self.vocabulary_size, n) for level, n in zip(self.levels, contexts, strict=True)]

    @property
    def order(self) -> int:
        return len(self.levels)

    @property
    def ngram_count(self) -> int:
        return sum(int(np.count_nonzero(level.counts)) for level in self.levels)

    @cached_property
    def unigram(self) -> NDArray[np.float64]:
        """(V,): each token's probability where nothing is known of what stands before; none is impossible."""
        first = self._smooth[0]
        everywhere = np.full(self.vocabulary_size, float(first.backoff[0]) / self.vocabulary_size)
        if first.totals[0]:
            everywhere += first.weights / first.totals[0]
        return everywhere

    def log_probabilities(self, ids: NDArray[np.integer]) -> NDArray[np.float64]:
        """ln p of each token of a text (T,) after those before it."""
        ids = np.asarray(ids, dtype=np.int64)
        p = self.unigram[ids]
        places = ids  # of the n-gram that ends at each position, -1 where it never occurred
        for level, smooth in zip(self.levels[1:], self._smooth[1:], strict=True):
            context = np.concatenate([[-1], places[:-1]])
            known = context >= 0
            places = np.where(known, level.find(context * self.vocabulary_size + ids), -1)
            p[known] *= smooth.backoff[context[known]]
            found = places >= 0
            p[found] += smooth.weights[places[found]] / smooth.totals[context[found]]
        logarithms: NDArray[np.float64] = np.log(p)
        return logarithms

    def probabilities(self, context: Sequence[int]) -> NDArray[np.float64]:
        """(V,): the distribution of the token after a context, of which the last order - 1 tokens count."""
        p = self.unigram.copy()
        size = self.vocabulary_size
        for length in range(1, min(self.order - 1, len(context)) + 1):
            place = self._place(context[len(context) - length :])
            if place < 0:
                break  # what never occurred did not occur after anything else either
            level, smooth = self.levels[length], self._smooth[length]
            start, end = np.searchsorted(level.keys, [place * size, (place + 1) * size])
            p *= smooth.backoff[place]
            if start < end:
                p[level.keys[start:end] - place * size] += smooth.weights[start:end] / smooth.totals[place]
        return p

    def _place(self, ngram: Sequence[int]) -> int:
        place = ngram[0]
        for level, id in zip(self.levels[1:], ngram[1:], strict=False):
            place = int(level.find(np.array([place * self.vocabulary_size + id]))[0])
            if place < 0:
                break
        return place


class _Smoothed:
    """weights (M,): counts less their discounts; totals, backoff (contexts,): sum of counts, and the share that was taken."""

    def __init__(self, level: Level, vocabulary_size: int, contexts: int) -> None:
        first_level = contexts == 1 and len(level.keys) == vocabulary_size
        context = np.zeros(len(level.keys), dtype=np.int64) if first_level else level.keys // vocabulary_size
        taken = np.array([0.0, *_discounts(level.counts)])[np.minimum(level.counts, 3)]
        self.weights = level.counts - taken
        self.totals = np.bincount(context, weights=level.counts, minlength=contexts)
        sums = np.bincount(context, weights=taken, minlength=contexts)
        # A context that nothing follows, such as the end of the stream, leaves all to the shorter one.
        self.backoff = np.divide(sums, self.totals, out=np.ones(contexts), where=self.totals > 0)


def _discounts(counts: NDArray[np.int64]) -> tuple[float, float, float]:
    """What is taken from a count of 1, of 2, and of 3 or more, from how many n-grams have the counts 1 to 4."""
    n1, n2, n3, n4 = (int(np.count_nonzero(counts == count)) for count in (1, 2, 3, 4))
    if not (n1 and n2 and n3 and n4):
        return _USUAL_DISCOUNTS
    y = n1 / (n1 + 2 * n2)
    estimates = (1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3)
    if not all(0 < estimate < count for count, estimate in enumerate(estimates, start=1)):
        return _USUAL_DISCOUNTS
    return estimates
