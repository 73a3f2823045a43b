"""Adaptive-p (llama.cpp pull request 17927)."""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.sampling.candidates import Candidates
from engine.sampling.specification import ParameterSpec, StageContext, StageResult, StageSpec, State
from engine.sampling.unlisted import Unlisted

_PEAK, _SHARPNESS, _WIDTH = 5.0, 10.0, 0.3


def apply(candidates: Candidates, values: Mapping[str, float], context: StageContext) -> StageResult:
    """Prefer tokens whose probability is near a target that makes up for the picks before: 2 target - their average.

    l = peak - sharpness d^2 / (1 + d), d = abs(p - adapted target) / width. The cut-off tells the adapted target. A target
    below 0 does nothing.
    """
    if values["target"] < 0:
        return StageResult(candidates)
    total, weight = context.state or start(values)
    target = min(1.0, values["target"])
    adapted = min(1.0, max(0.0, 2 * target - total / weight if weight else target))
    p = candidates.p.astype(np.float32)
    logits = np.where(candidates.logits > -np.inf, _logits(p, adapted), np.float32(-np.inf))
    if candidates.unlisted is None:
        return StageResult(Candidates(candidates.ids, logits, exact=candidates.exact), adapted)
    # As if those that are not listed were all alike.
    count = candidates.unlisted.count
    weight = math.log(count) + float(_logits(np.array([candidates.tail_mass / count], dtype=np.float32), adapted)[0])
    unlisted = Unlisted(count, math.inf, weight, weight)
    return StageResult(Candidates(candidates.ids, logits, unlisted=unlisted, exact=False), adapted)


def start(values: Mapping[str, float]) -> State:
    """(sum of p_i decay^i, sum of decay^i), as if all tokens before had met the target."""
    decay = _decay(values)
    return (values["target"] / (1 - decay), 1 / (1 - decay))


def follow(state: State, values: Mapping[str, float], before: float, after: float) -> State:
    """The average follows the probability that the picked token had on entering the stage."""
    decay = _decay(values)
    return (before + decay * state[0], 1 + decay * state[1])


def _decay(values: Mapping[str, float]) -> float:
    return min(0.99, max(0.0, values["decay"]))


def _logits(p: NDArray[np.float32], target: float) -> NDArray[np.float32]:
    distance = np.abs(p - np.float32(target)) * np.float32(1 / _WIDTH)
    logits: NDArray[np.float32] = np.float32(_PEAK) - np.float32(_SHARPNESS) * distance * distance / (1 + distance)
    return logits


SPEC = StageSpec(
    name="adaptive_p",
    title="Adaptive-p",
    sentence="Prefers tokens of about the target probability, and makes up for picks that missed it; put a min-p before it.",
    parameters=(
        ParameterSpec(
            "target",
            "Target",
            "The probability that is aimed at.",
            default=0.5,
            neutral=None,
            minimum=0.0,
            maximum=1.0,
            limit=1.0,
        ),
        ParameterSpec(
            "decay",
            "Decay",
            "How slowly earlier picks are forgotten.",
            default=0.9,
            neutral=None,
            minimum=0.0,
            maximum=0.99,
            limit=0.99,
        ),
    ),
    apply=apply,
    start=start,
    follow=follow,
)
