"""The chain: stages in the user's order, then the draw."""

import math
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.records import KEPT, SamplingSettings, StageTrace
from engine.sampling.candidates import Candidates
from engine.sampling.dart import dart
from engine.sampling.registry import stage
from engine.sampling.specification import StageContext, StageSpec

LN2 = math.log(2)


class Outcome(msgspec.Struct, frozen=True):
    """What the chain did at one position.

    final and removed_by are for the ids that were asked about: probability after the chain, and index of the stage that
    removed it (KEPT for survivors). exact is false where a token that is not listed might change something.
    """

    id: int
    dart: float
    final_probability: float
    stages: tuple[StageTrace, ...]
    survivors: Candidates
    final: NDArray[np.float32]
    removed_by: NDArray[np.uint8]
    exact: bool


class Chain:
    """An ordered list of stages, ready to run. Holds no state between positions."""

    def __init__(self, settings: SamplingSettings) -> None:
        self._stages: list[tuple[StageSpec, dict[str, float]]] = []
        for item in settings.stages:
            spec = stage(item.name)
            values = spec.values(item.values)
            if item.enabled and not spec.is_neutral(values):
                self._stages.append((spec, values))

    def run(
        self, raw: Candidates, history: Sequence[int], position: int, seed: int, asked: NDArray[np.int32]
    ) -> Outcome:
        """Apply the stages to the raw candidates and throw the dart of this position.

        raw: every token (ids ascending), or what is known of them. asked: ids (m,) to tell the fate of.
        """
        candidates = raw
        traces: list[StageTrace] = []
        removed_by = np.full(len(asked), KEPT, dtype=np.uint8)
        for number, (spec, values) in enumerate(self._stages):
            context = StageContext(history, position, lambda number=number: dart(seed, position, number))  # type: ignore[misc]
            result = spec.apply(candidates, values, context)
            after = result.candidates
            if len(after) < len(candidates):
                removed_by[(removed_by == KEPT) & ~_members(asked, after.ids)] = number
                mass = min(1.0, float(candidates.probabilities(_logits_of(candidates, after)).sum()))
                divergence = -math.log2(mass) if mass > 0 else 0.0
            else:
                mass, divergence = 1.0, 0.0 if after is candidates else _divergence_bits(after, candidates)
            traces.append(StageTrace(spec.name, len(after), mass, divergence, result.cutoff))
            candidates = after
        number_drawn = dart(seed, position)
        id, probability = _draw(candidates, raw, number_drawn)
        return Outcome(
            id=id,
            dart=number_drawn,
            final_probability=probability,
            stages=tuple(traces),
            survivors=candidates,
            final=_final(candidates, asked, removed_by),
            removed_by=removed_by,
            exact=candidates.exact and candidates.tail_mass == 0,
        )


def _members(asked: NDArray[np.int32], ids: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which of the asked ids are among ids."""
    if len(asked) == 0:
        return np.zeros(0, dtype=bool)
    alive = np.zeros(max(int(asked.max()), int(ids.max())) + 1, dtype=bool)
    alive[ids] = True
    return alive[asked]


def _logits_of(before: Candidates, after: Candidates) -> NDArray[np.float32]:
    """The logits that the survivors had before the stage. A stage that cuts keeps a prefix of the sorted head."""
    ids, logits = before.head(len(after))
    if np.array_equal(ids[: len(after)], after.ids):
        return logits[: len(after)]
    order = np.argsort(before.ids)
    return before.logits[order[np.searchsorted(before.ids, after.ids, sorter=order)]]


def _divergence_bits(after: Candidates, before: Candidates) -> float:
    """KL(after || before) over the listed tokens, in bits; both list the same tokens."""
    if np.array_equal(after.ids, before.ids):
        logits_before = before.logits
    else:
        ids, logits_before = before.head(len(before))
        if not np.array_equal(after.ids, ids):
            logits_before = _logits_of(before, after)
    p = after.probabilities(after.logits)
    alive = p > 0
    log_ratio = (after.logits - logits_before)[alive].astype(np.float64) - after.log_sum_exp + before.log_sum_exp
    return max(0.0, float(np.dot(p[alive], log_ratio)) / LN2)


def _draw(survivors: Candidates, raw: Candidates, number: float) -> tuple[int, float]:
    """The token at ``number`` of the cumulative final distribution, in the order raw logit descending, then id."""
    if len(survivors) == 1:
        return int(survivors.ids[0]), 1.0 - survivors.tail_mass
    by_raw = raw if survivors.ids is raw.ids else Candidates(survivors.ids, _raw_logits(survivors.ids, raw))
    count = 1
    while True:
        ids, _ = by_raw.head(count)
        p = survivors.probabilities(_reorder(survivors, ids))
        sums = np.cumsum(p)
        place = int(np.searchsorted(sums, number, side="right"))
        if place < len(ids) or len(ids) == len(survivors):
            break
        count = 4 * len(ids)
    if place >= len(ids):  # the dart hit the rounding error at the end, or what is not listed
        place = int(np.flatnonzero(p > 0)[-1])
    return int(ids[place]), float(p[place])


def _raw_logits(ids: NDArray[np.int32], raw: Candidates) -> NDArray[np.float32]:
    if len(raw) and int(raw.ids[-1]) == len(raw) - 1 and raw.tail_mass == 0:
        return raw.logits[ids]  # the whole vocabulary, ids ascending
    order = np.argsort(raw.ids)
    return raw.logits[order[np.searchsorted(raw.ids, ids, sorter=order)]]


def _reorder(survivors: Candidates, ids: NDArray[np.int32]) -> NDArray[np.float32]:
    """Final logits of some of the survivors."""
    if len(ids) <= len(survivors) and np.array_equal(survivors.ids[: len(ids)], ids):
        return survivors.logits[: len(ids)]
    size = int(survivors.ids.max()) + 1
    table = np.empty(size, dtype=np.float32)
    table[survivors.ids] = survivors.logits
    return table[ids]


def _final(survivors: Candidates, asked: NDArray[np.int32], removed_by: NDArray[np.uint8]) -> NDArray[np.float32]:
    final = np.zeros(len(asked), dtype=np.float32)
    kept = removed_by == KEPT
    if kept.any():
        final[kept] = survivors.probabilities(_reorder(survivors, asked[kept]))
    return final
