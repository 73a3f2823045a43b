"""Temperature (Ackley, Hinton & Sejnowski 1985)."""

from collections.abc import Mapping

import numpy as np

from engine.sampling.candidates import Candidates
from engine.sampling.specification import ParameterSpec, StageContext, StageResult, StageSpec

_COLDEST = 1e-30  # below, float32 could not hold what is left of a logit: the most likely token has all there is


def apply(candidates: Candidates, values: Mapping[str, float], context: StageContext) -> StageResult:
    """l / T. At T <= 0 only the most likely token stays: greedy choice."""
    return StageResult(scaled(candidates, values["temperature"]))


def scaled(candidates: Candidates, temperature: float) -> Candidates:
    """The candidates at a temperature."""
    if temperature < _COLDEST:
        return candidates.keep(1)
    head_ids, head_logits = candidates.head(1)
    scale = np.float32(1 / temperature)
    unlisted = None if candidates.unlisted is None else candidates.unlisted.scaled(float(scale))
    exact = candidates.exact
    if len(head_ids) == len(candidates):  # sorted already; a positive factor keeps the order
        return Candidates(head_ids, head_logits * scale, ordered=True, unlisted=unlisted, exact=exact)
    return Candidates(candidates.ids, candidates.logits * scale, unlisted=unlisted, exact=exact)


SPEC = StageSpec(
    name="temperature",
    title="Temperature",
    sentence="Sharpens the distribution below 1 and flattens it above; at 0 the most likely token is always taken.",
    parameters=(
        ParameterSpec(
            "temperature",
            "Temperature",
            "Divides every logit.",
            default=0.8,
            neutral=1.0,
            minimum=0.0,
            maximum=2.0,
            limit=5.0,
        ),
    ),
    apply=apply,
    starts_on=True,
)
