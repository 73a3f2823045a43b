"""Exclude top choices (p-e-w 2024, text-generation-webui pull request 6335)."""

import math
from collections.abc import Mapping

import numpy as np

from engine.sampling.candidates import Candidates
from engine.sampling.specification import ParameterSpec, StageContext, StageResult, StageSpec
from engine.sampling.unlisted import Unlisted


def apply(candidates: Candidates, values: Mapping[str, float], context: StageContext) -> StageResult:
    """With the given probability: of the tokens with p >= threshold drop all but the least likely."""
    probability, threshold = values["probability"], values["threshold"]
    if probability <= 0 or threshold > 0.5 or len(candidates) < 2 or context.uniform() > probability:
        return StageResult(candidates)
    count = 1
    while True:
        ids, _ = candidates.head(count)
        likely = int(np.count_nonzero(candidates.head_p(len(ids)) >= max(threshold, 1e-12)))
        if likely < len(ids) or len(ids) == len(candidates):
            break
        count = 4 * len(ids)
    sure = candidates.unlisted is None or _is_sure(candidates, candidates.unlisted, likely, max(threshold, 1e-12))
    if likely < 2:
        return StageResult(candidates if sure else candidates.inexact(), threshold)
    stays = np.ones(len(candidates), dtype=np.bool_)
    stays[candidates.find(ids[: likely - 1])[0]] = False
    kept = candidates.keep_places(stays.nonzero()[0], tail_stays=True)
    return StageResult(kept if sure else kept.inexact(), threshold)


def _is_sure(candidates: Candidates, unlisted: Unlisted, likely: int, threshold: float) -> bool:
    """Whether just so many are likely, and none that is not listed, however likely those are together."""
    for bound in candidates.log_sum_exp_bounds:
        p = np.exp(candidates.logits.astype(np.float64) - bound)
        if int(np.count_nonzero(p >= threshold)) != likely or math.exp(min(0.0, unlisted.ceiling - bound)) >= threshold:
            return False
    return True


SPEC = StageSpec(
    name="xtc",
    title="XTC",
    sentence="Now and then leaves out all likely tokens but the least likely of them, for less expected texts.",
    parameters=(
        ParameterSpec(
            "probability",
            "Probability",
            "How often it acts; 0 never.",
            default=0.0,
            neutral=0.0,
            minimum=0.0,
            maximum=1.0,
            limit=1.0,
        ),
        ParameterSpec(
            "threshold",
            "Threshold",
            "From which probability a token counts as likely; above 0.5 nothing is left out.",
            default=0.1,
            neutral=None,
            minimum=0.0,
            maximum=0.5,
            limit=1.0,
        ),
    ),
    apply=apply,
)
