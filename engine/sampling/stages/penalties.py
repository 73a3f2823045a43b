"""Repetition (Keskar et al. 2019), frequency and presence penalties, as llama.cpp joins them."""

import math
from collections.abc import Mapping

import numpy as np

from engine.sampling.candidates import Candidates
from engine.sampling.specification import ParameterSpec, StageContext, StageResult, StageSpec


def apply(candidates: Candidates, values: Mapping[str, float], context: StageContext) -> StageResult:
    """For each token among the last n (the prompt's count too): l > 0 -> l / r, else l * r; then l -= count * f + pr."""
    last_n = int(values["last_n"])
    recent = (
        context.history if last_n < 0 else context.history[len(context.history) - min(last_n, len(context.history)) :]
    )
    if last_n == 0 or not len(recent):
        return StageResult(candidates)
    seen, counts = np.unique(np.asarray(recent, dtype=np.int32), return_counts=True)
    places, listed = candidates.find(seen)
    touched, repeat = candidates.logits[places], np.float32(values["repeat"])
    touched = np.where(touched > 0, touched / repeat, touched * repeat)
    taken = counts * values["frequency"] + values["presence"]
    touched -= taken[listed].astype(np.float32)
    missing = taken[~listed]
    if candidates.unlisted is None or len(missing) == 0:
        return StageResult(candidates.changed(places, touched))
    fall, rise = max(0.0, float(missing.max())), max(0.0, -float(missing.min()))
    if values["repeat"] != 1:
        fall = math.inf  # of a logit that is not known
    return StageResult(candidates.changed(places, touched, len(missing), fall, rise))


SPEC = StageSpec(
    name="penalties",
    title="Penalties",
    sentence="Makes tokens that occurred lately less likely, in the prompt too.",
    parameters=(
        ParameterSpec(
            "repeat",
            "Repetition",
            "Weakens each recent token by this factor.",
            default=1.0,
            neutral=1.0,
            minimum=1.0,
            maximum=2.0,
            limit=5.0,
        ),
        ParameterSpec(
            "frequency",
            "Frequency",
            "Taken off once for each time it occurred.",
            default=0.0,
            neutral=0.0,
            minimum=-2.0,
            maximum=2.0,
            limit=10.0,
        ),
        ParameterSpec(
            "presence",
            "Presence",
            "Taken off once if it occurred at all.",
            default=0.0,
            neutral=0.0,
            minimum=-2.0,
            maximum=2.0,
            limit=10.0,
        ),
        ParameterSpec(
            "last_n",
            "Look back",
            "How many tokens count as recent; -1 means all.",
            default=64,
            neutral=None,
            minimum=-1,
            maximum=2048,
            scale="log",
            integer=True,
            step=1,
            limit=1_000_000,
        ),
    ),
    apply=apply,
    starts_on=True,
)
