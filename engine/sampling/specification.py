"""How a stage describes itself: the window builds its card from this, the chain runs it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import msgspec

from engine.sampling.candidates import Candidates


class ParameterSpec(msgspec.Struct, frozen=True):
    """One number of a stage. neutral is the value at which it does nothing, None for one that only shapes the others.

    minimum and maximum bound the slider; limit is the largest value that may be typed.
    """

    name: str
    title: str
    sentence: str
    default: float
    neutral: float | None
    minimum: float
    maximum: float
    scale: Literal["linear", "log"] = "linear"
    integer: bool = False
    step: float = 0.01
    limit: float | None = None


class StageContext(msgspec.Struct, frozen=True):
    """What a stage may know beside its candidates: the tokens before this one (prompt and reply), and the place in the reply.

    uniform is this position's own number in [0, 1) for this stage.
    """

    history: Sequence[int]
    position: int
    uniform: Callable[[], float]


class StageResult(msgspec.Struct, frozen=True):
    """What a stage hands on, and the threshold that it applied where it has one."""

    candidates: Candidates
    cutoff: float | None = None


class StageSpec(msgspec.Struct, frozen=True):
    """A registered sampler. apply is a pure function of candidates, values and context."""

    name: str
    title: str
    sentence: str
    parameters: tuple[ParameterSpec, ...]
    apply: Callable[[Candidates, Mapping[str, float], StageContext], StageResult]

    def values(self, given: Mapping[str, float]) -> dict[str, float]:
        """The given values, with the defaults for what is missing."""
        return {parameter.name: float(given.get(parameter.name, parameter.default)) for parameter in self.parameters}

    def is_neutral(self, values: Mapping[str, float]) -> bool:
        """Whether the stage does nothing with these values."""
        return all(values[p.name] == p.neutral for p in self.parameters if p.neutral is not None)
