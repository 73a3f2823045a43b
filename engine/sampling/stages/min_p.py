"""Min-p (Nguyen et al. 2024)."""

import math
from collections.abc import Mapping

from engine.sampling.candidates import Candidates
from engine.sampling.specification import ParameterSpec, StageContext, StageResult, StageSpec


def apply(candidates: Candidates, values: Mapping[str, float], context: StageContext) -> StageResult:
    """Keep what is at least ``p`` times as likely as the most likely token."""
    p = values["p"]
    if p <= 0:
        return StageResult(candidates)
    return StageResult(candidates.keep_at_least(candidates.maximum + math.log(p)), p)


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
    starts_on=True,
)
