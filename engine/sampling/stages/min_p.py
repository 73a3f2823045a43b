"""Min-p (Nguyen et al. 2024)."""

import math
from collections.abc import Mapping

import numpy as np

from engine.sampling.candidates import Candidates
from engine.sampling.specification import ParameterSpec, StageContext, StageResult, StageSpec


def apply(candidates: Candidates, values: Mapping[str, float], context: StageContext) -> StageResult:
    """Keep what is at least ``p`` times as likely as the most likely token."""
    p = values["p"]
    if p <= 0:
        return StageResult(candidates)
    threshold = np.float32(candidates.maximum + math.log(p))
    count = 1
    while True:
        ids, logits = candidates.head(count)
        # Sorted descending, so the survivors are a prefix.
        kept = int(np.count_nonzero(logits >= threshold))
        if kept < len(ids):
            return StageResult(candidates.keep(max(1, kept)), p)
        if len(ids) == len(candidates):
            return StageResult(candidates if candidates.tail_mass == 0 else candidates.inexact(), p)
        count = 4 * len(ids)


SPEC = StageSpec(
    name="min_p",
    title="Min-p",
    sentence="Drops tokens that are far less likely than the most likely one.",
    parameters=(
        ParameterSpec(
            "p",
            "p",
            "The share of the best token's probability that is needed; 0 keeps all.",
            default=0.05,
            neutral=0.0,
            minimum=0.0,
            maximum=1.0,
            limit=1.0,
        ),
    ),
    apply=apply,
)
