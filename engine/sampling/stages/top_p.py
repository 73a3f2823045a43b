"""Top-p, nucleus sampling (Holtzman et al. 2020)."""

from collections.abc import Mapping

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
            return StageResult(candidates.keep(place + 1), p)
        if len(ids) == len(candidates):
            # The sum of all that is listed stays below p: rounding, or tokens that are not listed.
            return StageResult(candidates if candidates.tail_mass == 0 else candidates.inexact(), p)
        count = 4 * len(ids)


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
