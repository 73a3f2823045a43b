"""Top-n-sigma (Tang et al. 2024, "Top-nσ: Not All Logits Are You Need")."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.sampling.candidates import Candidates
from engine.sampling.specification import ParameterSpec, StageContext, StageResult, StageSpec


def apply(candidates: Candidates, values: Mapping[str, float], context: StageContext) -> StageResult:
    """Keep l >= max - n * std(l); impossible tokens (-inf) do not count for the standard deviation."""
    n = values["n"]
    if n <= 0 or len(candidates) <= 1:
        return StageResult(candidates)
    deviation = _deviation(candidates.logits)
    if not np.isfinite(deviation):
        possible = candidates.logits[candidates.logits > -np.inf]
        if len(possible) == 0:
            return StageResult(candidates)
        deviation = _deviation(possible)
    threshold = candidates.maximum - n * deviation
    kept = candidates.keep_at_least(threshold)
    # The deviation over the listed tokens is not that over all of them.
    return StageResult(kept if candidates.tail_mass == 0 else kept.inexact(), threshold)


def _deviation(logits: NDArray[np.float32]) -> float:
    """Standard deviation over all (not n - 1), in two passes as llama.cpp takes it, float32 summed in pairs."""
    mean = np.add.reduce(logits) / len(logits)
    if mean == -np.inf:
        return np.nan
    centred = logits - np.float32(mean)
    return float(np.sqrt(np.einsum("i,i->", centred, centred) / len(logits)))


SPEC = StageSpec(
    name="top_n_sigma",
    title="Top-n-sigma",
    sentence="Keeps the tokens whose logit is within n standard deviations of the best one; temperature does not change which.",
    parameters=(
        ParameterSpec(
            "n",
            "n",
            "How many standard deviations below the best; 0 keeps all.",
            default=0.0,
            neutral=0.0,
            minimum=0.0,
            maximum=5.0,
            limit=100.0,
        ),
    ),
    apply=apply,
)
