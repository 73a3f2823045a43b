"""Mirostat 1 and 2 (Basu et al. 2020): what both have in common."""

import math
from collections.abc import Mapping

from engine.sampling.specification import ParameterSpec, State


def start(values: Mapping[str, float]) -> State:
    """mu = 2 tau."""
    return (2 * values["tau"],)


def follow(state: State, values: Mapping[str, float], before: float, after: float) -> State:
    """mu -= eta * (surprisal - tau), the surprisal in bits among the tokens that were kept."""
    surprisal = -math.log2(max(after, 1e-300))
    return (state[0] - values["eta"] * (surprisal - values["tau"]),)


PARAMETERS = (
    ParameterSpec(
        "tau",
        "Tau",
        "The surprisal that is aimed at, in bits.",
        default=5.0,
        neutral=None,
        minimum=0.0,
        maximum=10.0,
        limit=100.0,
    ),
    ParameterSpec(
        "eta",
        "Eta",
        "How fast it corrects itself.",
        default=0.1,
        neutral=None,
        minimum=0.0,
        maximum=1.0,
        limit=10.0,
    ),
)
