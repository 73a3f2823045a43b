"""The set of tokens that a stage receives and hands on, with only as much sorting as is asked for."""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.errors import UserError
from engine.sampling.unlisted import Unlisted

_FIRST_HEAD = 64
_FOLDS = 32
_FEW = 1024
_LEAST_TAIL = 1e-12
_LEAST_LOGIT = -1e30
_T = TypeVar("_T")


class once(Generic[_T]):  # noqa: N801 - used like property
    """functools.cached_property without the lock that it takes before Python 3.12, which cost a sixth of a record."""

    def __init__(self, compute: Callable[[Any], _T]) -> None:
        self._compute = compute
        self._name = compute.__name__
        self.__doc__ = compute.__doc__

    def __get__(self, instance: object, owner: type) -> _T:
        value = instance.__dict__[self._name] = self._compute(instance)
        return value


@lru_cache(maxsize=8)
def whole_vocabulary(size: int) -> NDArray[np.int32]:
    """The ids 0 to size - 1; candidates that list every token share this array, and are known by it."""
    ids = np.arange(size, dtype=np.int32)
    ids.flags.writeable = False
    return ids


def _border(logits: NDArray[np.float32], count: int) -> np.float32:
    """A number of which at least ``count`` of the logits are no smaller, and not many more in general."""
    columns = len(logits) // _FOLDS
    # The largest of each column are as many different logits; to look among them is many times faster.
    folded = columns >= 2 * count
    logits = np.maximum.reduce(logits[: _FOLDS * columns].reshape(_FOLDS, columns)) if folded else logits.copy()
    place = len(logits) - count
    logits.partition(place)
    border: np.float32 = logits[place]
    return border


def _sum_of_products(p: NDArray[np.float64], logits: NDArray[np.float32]) -> float:
    """sum p l; a logit of -inf, whose probability is 0, adds nothing."""
    total = float(np.einsum("i,i->", p, logits))
    return float(np.einsum("i,i->", p[p > 0], logits[p > 0])) if math.isnan(total) else total


def same_ids(left: NDArray[np.int32], right: NDArray[np.int32]) -> bool:
    """np.array_equal for a few ids, without its overhead."""
    return left is right or left.tobytes() == right.tobytes()


class Candidates:
    """Tokens and their logits, in any order; what is derived from them is computed once, when it is asked for.

    ids int32 (n,), logits float32 (n,). unlisted: what is known of the tokens that exist but are not listed (a stored record
    keeps 64 candidates only), None where all are; tail_mass is their probability in the present distribution, which is a guess
    where its bounds differ. exact: whether what is listed is right whatever the unlisted ones are. Never changed once made.
    """

    # What most never have is kept here: a token makes half a dozen of these, and each attribute takes time.
    tail_mass = 0.0
    unlisted: Unlisted | None = None
    exact = True
    changed_at: tuple["Candidates", NDArray[np.intp]] | None = None  # these are others, but for these places
    _source: "Candidates | None" = None  # what these were kept from
    _is_head = False  # whether they are the most likely ones of those
    _ascending = False  # whether the ids are known to ascend
    _head: tuple[NDArray[np.int32], NDArray[np.float32]] | None = None
    _head_p: NDArray[np.float64] | None = None

    def __init__(
        self,
        ids: NDArray[np.int32],
        logits: NDArray[np.float32],
        *,
        ordered: bool = False,
        unlisted: Unlisted | None = None,
        exact: bool = True,
    ) -> None:
        self.ids = ids
        self.logits = logits
        if ordered:
            self._head = (ids, logits)
        if unlisted is not None:
            self._add(unlisted)
        if not exact:
            self.exact = False

    def _add(self, unlisted: Unlisted) -> None:
        self.unlisted = unlisted
        # Impossible ones exist too, and everything divides by what is left for the listed.
        listed = math.log(self.weight_sum) + max(self.maximum, _LEAST_LOGIT)
        self.tail_mass = min(max(1 / (1 + math.exp(min(700.0, listed - unlisted.guess))), _LEAST_TAIL), 1 - _LEAST_TAIL)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def is_ordered(self) -> bool:
        """Whether the most likely one is known to stand first, and so on."""
        return self._head is not None and self._head[0] is self.ids

    @property
    def is_whole(self) -> bool:
        """Whether every token of the vocabulary is listed, in the order of ids."""
        return self.ids is whole_vocabulary(len(self.ids))

    @once
    def maximum(self) -> float:
        if self._head is not None:
            return float(self._head[1][0])
        return float(np.maximum.reduce(self.logits))

    @once
    def entropy(self) -> float:
        """Entropy in nats; tokens that are not listed count as one."""
        p = self.p
        nats = self.log_sum_exp * float(np.add.reduce(p)) - _sum_of_products(p, self.logits)
        return nats - (self.tail_mass * math.log(self.tail_mass) if self.tail_mass > 0 else 0.0)

    @once
    def shifted(self) -> NDArray[np.float32]:
        """logits - maximum, (n,), in the order of ids."""
        if self.maximum == -math.inf:  # all candidates are impossible: treat them alike
            return np.zeros_like(self.logits)
        return self.logits - np.float32(self.maximum)

    @once
    def weights(self) -> NDArray[np.float32]:
        """exp(logits - maximum), (n,), in the order of ids."""
        return np.exp(self.shifted)

    @once
    def weight_sum(self) -> float:
        """Sum of the weights. numpy adds in pairs: the error stays near that of one float32."""
        if self.changed_at is not None and "weights" not in self.__dict__:
            rest = self._changed_weight_sum(*self.changed_at)
            if rest is not None:
                return rest
        return float(np.add.reduce(self.weights))

    def _changed_weight_sum(self, before: "Candidates", places: NDArray[np.intp]) -> float | None:
        """The sum from the one before the change; None where so much was taken away that what is left would be inexact."""
        if self.maximum == -math.inf or before.maximum == -math.inf:
            return None
        old = np.add.reduce(np.exp(before.logits[places].astype(np.float64) - before.maximum))
        stays = before.weight_sum - float(old)
        if stays < 0.1 * before.weight_sum:
            return None
        new = float(np.add.reduce(np.exp(self.logits[places].astype(np.float64) - self.maximum)))
        return stays * math.exp(before.maximum - self.maximum) + new

    @property
    def whole_weight(self) -> float:
        """What all weights would add up to, those of unlisted tokens included."""
        return self.weight_sum / (1 - self.tail_mass)

    @once
    def log_sum_exp(self) -> float:
        """Natural logarithm of the normaliser, unlisted tokens included."""
        listed = math.log(self.weight_sum) + (0.0 if self.maximum == -math.inf else self.maximum)
        return listed - math.log1p(-self.tail_mass) if self.tail_mass < 1 else math.inf

    @property
    def log_sum_exp_bounds(self) -> tuple[float, float]:
        """Between which numbers log_sum_exp is known to be."""
        if self.unlisted is None:
            return self.log_sum_exp, self.log_sum_exp
        listed = math.log(self.weight_sum) + max(self.maximum, _LEAST_LOGIT)
        return float(np.logaddexp(listed, self.unlisted.low)), float(np.logaddexp(listed, self.unlisted.high))

    def head(self, count: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The ids and logits of at least min(count, n) tokens, by logit descending, then id; a stable order of the largest."""
        n = len(self.ids)
        if self._head is None or len(self._head[0]) < min(count, n):
            self._head = self._sorted(max(count, _FIRST_HEAD))
        return self._head

    @once
    def p(self) -> NDArray[np.float64]:
        """Probability of each listed token, (n,), in the order of ids."""
        if len(self.logits) > _FEW or self.tail_mass or self.maximum == -math.inf:
            return self.probabilities(self.logits)
        # The same in fewer calls, and without the rounding of float32: for a few tokens it is the calls that take time.
        weights = np.exp(self.logits.astype(np.float64) - self.maximum)
        total = float(np.add.reduce(weights))
        self.__dict__["log_sum_exp"] = self.maximum + math.log(total)
        weights /= total
        return weights

    @once
    def share(self) -> float:
        """The probability that these had together among those that they were kept from, unlisted tokens included."""
        source = self._source
        if source is None:
            return 1.0
        if self._is_head:  # probabilities that others ask for as well
            listed = float(np.add.reduce(source.head_p(len(self))))
        elif len(self) > _FEW and source.maximum > -math.inf:  # float32 is enough for a sum, and twice as fast
            listed = float(np.add.reduce(np.exp(self.logits - np.float32(source.log_sum_exp))))
        else:
            listed = float(np.add.reduce(source.probabilities(self.logits)))
        return min(1.0, listed + (source.tail_mass if self.tail_mass else 0.0))

    def head_p(self, count: int) -> NDArray[np.float64]:
        """Probability of each token of head(count), (min(count, n),)."""
        logits = self.head(count)[1]
        if logits is self.logits:
            return self.p[:count]
        if self._head_p is None or len(self._head_p) != len(logits):
            self._head_p = self.probabilities(logits)
        return self._head_p[:count]

    def probabilities(self, logits: NDArray[np.float32]) -> NDArray[np.float64]:
        """Probability of each of the given logits under this distribution, float64."""
        if self.maximum == -math.inf:
            return np.full(len(logits), (1 - self.tail_mass) / max(1, len(self.ids)))
        return np.exp(logits.astype(np.float64) - self.log_sum_exp)

    def p_of(self, id: int) -> float:
        """Probability of one token; for one that is not listed all that is left for such."""
        places, _ = self.find(np.array([id], dtype=np.int32))
        if len(places):
            return float(self.probabilities(self.logits[places])[0])
        return self.tail_mass

    def logits_at(self, ids: NDArray[np.int32]) -> NDArray[np.float32]:
        """The logits of some of the listed tokens."""
        n = len(ids)
        if same_ids(self.ids[:n], ids):
            return self.logits[:n]
        if self.is_whole:
            return self.logits[ids]
        if self._ascending:
            return self.logits[np.searchsorted(self.ids, ids)]
        order = np.argsort(self.ids)
        return self.logits[order[np.searchsorted(self.ids, ids, sorter=order)]]

    def keep(self, count: int) -> "Candidates":
        """The ``count`` most likely tokens; nothing is left outside."""
        ids, logits = self.head(count)
        kept = Candidates(ids[:count], logits[:count], ordered=True, exact=self.exact)
        if self.unlisted is not None and not self.unlisted.come_after(float(logits[min(count, len(logits)) - 1])):
            kept.exact = False
        kept._source, kept._is_head = self, True
        return kept

    def keep_at_least(self, threshold: float) -> "Candidates":
        """The tokens whose logit is no smaller than the threshold, the most likely one in any case."""
        border = np.float32(threshold)
        if self.unlisted is not None:
            return self._keep_listed_at_least(border, self.unlisted)
        if self._head is not None or len(self) <= _FEW:
            _, logits = self.head(1)
            kept = int(np.count_nonzero(logits >= border))
            if kept < len(logits):
                return self.keep(max(1, kept))  # sorted descending, so the survivors come first
        survives = self.logits >= border
        kept = int(np.count_nonzero(survives))
        if kept == len(self):
            return self
        # To sort many costs more than all else, and whoever wants them sorted may want only the first.
        return self.keep(max(1, kept)) if kept <= _FIRST_HEAD else self.keep_places(survives.nonzero()[0])

    def _keep_listed_at_least(self, border: np.float32, unlisted: Unlisted) -> "Candidates":
        """keep_at_least() where some are not listed: they all go only where even the best possible one of them would."""
        kept = self.keep(max(1, int(np.count_nonzero(self.logits >= border))))
        if border > unlisted.ceiling:
            return kept
        return self.inexact() if len(kept) == len(self) else kept.inexact()

    def keep_places(self, places: NDArray[np.intp], tail_stays: bool = False) -> "Candidates":
        """The tokens at these ascending places of ids; what is not listed goes, or stays."""
        kept = Candidates(self.ids[places], self.logits[places], exact=self.exact)
        kept._source = self
        if self._head is not None and self._head[1] is self.logits:  # all of them are sorted, and stay so
            kept._head = (kept.ids, kept.logits)
        else:
            kept._ascending = self._ascending or self.is_whole
        if tail_stays and self.unlisted is not None:
            kept._add(self.unlisted)
        return kept

    def find(self, ids: NDArray[np.int32]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Where some tokens stand, (m,), and which of the given ones (n,) are listed; m of the n are."""
        if self.is_whole:
            listed = (ids >= 0) & (ids < len(self.ids))
            return ids[listed].astype(np.intp), listed
        if self._ascending:
            at = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
            listed = self.ids[at] == ids
            return at[listed], listed
        order = np.argsort(self.ids, kind="stable")
        at = np.minimum(np.searchsorted(self.ids, ids, sorter=order), len(order) - 1)
        listed = self.ids[order[at]] == ids
        return order[at[listed]], listed

    def changed(
        self,
        places: NDArray[np.intp],
        logits: NDArray[np.float32],
        missing: int = 0,
        fall: float = 0.0,
        rise: float = 0.0,
    ) -> "Candidates":
        """The same tokens with other logits at some places.

        missing: how many of those that change are not listed; each of their logits changes by -fall to rise.
        """
        if len(places) == 0 and (missing == 0 or self.unlisted is None):
            return self
        new = self.logits.copy()
        new[places] = logits
        unlisted = None if self.unlisted is None else self.unlisted.moved(missing, fall, rise)
        result = Candidates(self.ids, new, unlisted=unlisted, exact=self.exact)
        result._ascending = self._ascending
        result.changed_at = (self, places)
        return result

    def inexact(self) -> "Candidates":
        """The same, with a mark that an unlisted token might change what follows."""
        return Candidates(self.ids, self.logits, unlisted=self.unlisted, exact=False)

    def _sorted(self, count: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        n = len(self.ids)
        if count < n:
            # Everything at least as large as a lower bound of the count-th, so that ties are broken by id as well.
            places = (self.logits >= _border(self.logits, count)).nonzero()[0]
            if len(places) == 0:
                raise UserError(
                    "logits-nan",
                    "The model's numbers broke down: what it computed is not a number.",
                    "The file may be damaged; try another one.",
                )
            ids = places.astype(np.int32) if self.is_whole else self.ids[places]
            logits = self.logits[places]
        else:
            ids, logits = self.ids, self.logits
        order = (-logits).argsort(kind="stable") if self.is_whole else np.lexsort((ids, -logits))
        return ids[order], logits[order]
