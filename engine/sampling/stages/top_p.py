"""Top-p, nucleus sampling (Holtzman et al. 2020)."""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.sampling.candidates import Candidates
from engine.sampling.specification import ParameterSpec, StageContext, StageResult, StageSpec


def apply(candidates: Candidates, values: Mapping[str, float], context: StageContext) -> StageResult:
    """Largest first, keep until the sum of probabilities reaches p; at least one stays."""
    p = values["p"]
    if p >= 1:
        return StageResult(candidates)
    count = 1
    while True:
        ids, _ = candidates.head(count)
        sums = candidates.head_p(len(ids)).cumsum()
        place = int(sums.searchsorted(p, side="left"))
        if place < len(ids):
            kept = candidates.keep(place + 1)
            return StageResult(kept if _is_sure(candidates, sums, place, p) else kept.inexact(), p)
        if len(ids) == len(candidates):
            # The sum of all that is listed stays below p: rounding, or tokens that are not listed.
            return StageResult(candidates if candidates.tail_mass == 0 else candidates.inexact(), p)
        count = 4 * len(ids)


def _is_sure(candidates: Candidates, sums: NDArray[np.float64], place: int, p: float) -> bool:
    """Whether the sum reaches p at this place, however likely the tokens are that are not listed."""
    if candidates.unlisted is None:
        return True
    lows_and_highs = (sums * math.exp(candidates.log_sum_exp - bound) for bound in candidates.log_sum_exp_bounds)
    return all(int(bounded.searchsorted(p, side="left")) == place for bounded in lows_and_highs)


SPEC = StageSpec(
    name="top_p",
    title="Top-p",
    sentence="Keeps the most likely tokens until together they reach the probability p.",
    parameters=(
        ParameterSpec(
            "p",
            "p",
            "The mass that must be reached; 1 keeps all.",
            default=0.95,
            neutral=1.0,
            minimum=0.0,
            maximum=1.0,
            limit=1.0,
        ),
    ),
    apply=apply,
    starts_on=True,
)
