"""Locally typical sampling (Meister et al. 2022)."""

from collections.abc import Mapping

import numpy as np

from engine.sampling.candidates import Candidates
from engine.sampling.specification import ParameterSpec, StageContext, StageResult, StageSpec


def apply(candidates: Candidates, values: Mapping[str, float], context: StageContext) -> StageResult:
    """Order by abs(-ln p - H), H the entropy in nats, and keep until the sum of probabilities exceeds p."""
    p = values["p"]
    if p >= 1:
        return StageResult(candidates)
    n = len(candidates)
    # The nearest to the entropy first: the largest of minus the distance, for which candidates know a quick way.
    distance = np.abs(np.float32(candidates.log_sum_exp - candidates.entropy) - candidates.logits)
    nearest = Candidates(candidates.place_ids, -distance)
    count = 1
    while True:
        places, _ = nearest.head(count)
        sums = candidates.probabilities(candidates.logits[places]).cumsum()
        place = int(sums.searchsorted(p, side="right"))
        if place < len(places):
            kept = candidates.keep_places(np.sort(places[: place + 1]))
            break
        if len(places) == n:
            kept = candidates
            break
        count = 4 * len(places)
    # With tokens that are not listed the entropy is only estimated.
    return StageResult(kept if candidates.tail_mass == 0 else kept.inexact(), p)


SPEC = StageSpec(
    name="typical",
    title="Typical",
    sentence="Keeps the tokens that are about as surprising as the model expects on average, until together they exceed p.",
    parameters=(
        ParameterSpec(
            "p",
            "p",
            "The mass that must be exceeded; 1 keeps all.",
            default=1.0,
            neutral=1.0,
            minimum=0.0,
            maximum=1.0,
            limit=1.0,
        ),
    ),
    apply=apply,
)
