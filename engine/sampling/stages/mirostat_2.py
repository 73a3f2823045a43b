"""Mirostat 2 (Basu et al. 2020)."""

import math
from collections.abc import Mapping

from engine.sampling.candidates import Candidates
from engine.sampling.specification import StageContext, StageResult, StageSpec
from engine.sampling.stages.mirostat import PARAMETERS, follow, start


def apply(candidates: Candidates, values: Mapping[str, float], context: StageContext) -> StageResult:
    """Drop the tokens whose surprisal in bits exceeds mu, which follows what was picked; the cut-off tells mu."""
    mu = (context.state or start(values))[0]
    below = mu * math.log(2)
    kept = candidates.keep_at_least(candidates.log_sum_exp - below)
    if candidates.unlisted is None:
        return StageResult(kept, mu)
    bounded = [candidates.keep_at_least(bound - below) for bound in candidates.log_sum_exp_bounds]
    sure = all(len(other) == len(kept) and other.exact for other in bounded)
    return StageResult(kept if sure else kept.inexact(), mu)


SPEC = StageSpec(
    name="mirostat_2",
    title="Mirostat 2",
    sentence="Drops tokens that are too surprising, and moves the border so that the text keeps a steady surprisal.",
    parameters=PARAMETERS,
    apply=apply,
    start=start,
    follow=follow,
)
