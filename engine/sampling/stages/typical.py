"""Locally typical sampling (Meister et al. 2022)."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.sampling.candidates import Candidates
from engine.sampling.specification import ParameterSpec, StageContext, StageResult, StageSpec

_FEW, _STEPS, _STEPS_PER_NAT = 1024, 2048, 128


def apply(candidates: Candidates, values: Mapping[str, float], context: StageContext) -> StageResult:
    """Order by abs(-ln p - H), H the entropy in nats, and keep until the sum of probabilities exceeds p."""
    p = values["p"]
    if p >= 1:
        return StageResult(candidates)
    distance = np.abs(np.float32(candidates.log_sum_exp - candidates.entropy) - candidates.logits)
    kept = candidates.keep_places(np.sort(_nearest(candidates, distance, p)))
    # With tokens that are not listed the entropy is only estimated.
    return StageResult(kept if candidates.tail_mass == 0 else kept.inexact(), p)


def _nearest(candidates: Candidates, distance: NDArray[np.float32], p: float) -> NDArray[np.intp]:
    """The places of those that are nearest to the entropy, as many as it takes to exceed p; ties by id."""
    places, before = np.arange(len(distance)), 0.0
    if len(distance) > _FEW:
        # To sort a vocabulary would cost more than all else: first by how far away in coarse steps, then within one step.
        step = np.minimum(distance * _STEPS_PER_NAT, _STEPS - 1).astype(np.intp)
        sums = np.bincount(step, weights=candidates.weights, minlength=_STEPS).cumsum() / candidates.whole_weight
        border = min(int(sums.searchsorted(p, side="right")), _STEPS - 1)
        places, before = (step == border).nonzero()[0], float(sums[border - 1]) if border else 0.0
        nearer = (step < border).nonzero()[0]
    else:
        nearer = places[:0]
    places = places[np.lexsort((candidates.ids[places], distance[places]))]
    sums = before + candidates.probabilities(candidates.logits[places]).cumsum()
    return np.append(nearer, places[: int(sums.searchsorted(p, side="right")) + 1])


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
