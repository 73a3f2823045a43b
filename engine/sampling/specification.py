"""How a stage describes itself: the window builds its card from this, the chain runs it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import msgspec

from engine.sampling.candidates import Candidates
from engine.sampling.dart import dart
from engine.sampling.grammar import Allowed


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


class TextSpec(msgspec.Struct, frozen=True):
    """One text of a stage, such as a grammar. With all texts empty a stage that has any does nothing, unless it has numbers too."""

    name: str
    title: str
    sentence: str
    default: str = ""
    kind: Literal["gbnf", "json_schema", "lines"] = "lines"


State = tuple[float, ...]


def _unknown(id: int) -> bytes | None:
    return None


class StageContext(msgspec.Struct, frozen=True):
    """What a stage may know beside its candidates: the tokens before this one (prompt and reply), and the place in the reply.

    seed and number, the stage's own, give its darts; state is what the stage learned from the tokens before (see StageSpec.follow);
    piece gives the bytes of a token, None where they are not known; allowed is the mask of the stage's grammar.
    """

    history: Sequence[int]
    position: int
    seed: int
    number: int
    vocabulary_size: int = 0
    state: State = ()
    texts: Mapping[str, str] = {}
    piece: Callable[[int], bytes | None] = _unknown
    allowed: Allowed | None = None

    def uniform(self) -> float:
        """This position's own number in [0, 1) for this stage."""
        return dart(self.seed, self.position, self.number)


class StageResult(msgspec.Struct, frozen=True):
    """What a stage hands on, and the threshold that it applied where it has one."""

    candidates: Candidates
    cutoff: float | None = None


class StageSpec(msgspec.Struct, frozen=True):
    """A registered sampler. apply is a pure function of candidates, values and context.

    per_token describes the number that single tokens may have; values then holds those too, keyed by the token's id. A stage
    that learns from what was picked has start, its state before the first token, and follow: the state after a token that had
    the probabilities ``before`` and ``after`` on entering and leaving the stage. starts_on: whether it is on by default.
    """

    name: str
    title: str
    sentence: str
    parameters: tuple[ParameterSpec, ...]
    apply: Callable[[Candidates, Mapping[str, float], StageContext], StageResult]
    texts: tuple[TextSpec, ...] = ()
    per_token: ParameterSpec | None = None
    start: Callable[[Mapping[str, float]], State] | None = None
    follow: Callable[[State, Mapping[str, float], float, float], State] | None = None
    starts_on: bool = False

    def values(self, given: Mapping[str, float]) -> dict[str, float]:
        """The given values, with the defaults for what is missing; after them the numbers of single tokens."""
        values = {parameter.name: float(given.get(parameter.name, parameter.default)) for parameter in self.parameters}
        if self.per_token is not None:
            values.update({key: float(value) for key, value in given.items() if key.isdecimal()})
        return values

    def text_values(self, given: Mapping[str, str]) -> dict[str, str]:
        """The given texts, with the defaults for what is missing."""
        return {text.name: given.get(text.name, text.default) for text in self.texts}

    @property
    def can_be_neutral(self) -> bool:
        """Whether it can be on and do nothing."""
        return self.per_token is not None or any(p.neutral is not None for p in self.parameters) or not self.parameters

    def is_neutral(self, values: Mapping[str, float], texts: Mapping[str, str] | None = None) -> bool:
        """Whether the stage does nothing with these values."""
        if not self.parameters and self.per_token is None:
            return not any((texts or {}).values())
        if not self.can_be_neutral:
            return False
        numbers = all(values[p.name] == p.neutral for p in self.parameters if p.neutral is not None)
        return numbers and (self.per_token is None or not any(values[key] for key in values if key.isdecimal()))
