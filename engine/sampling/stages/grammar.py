"""Grammar (GBNF), by llama.cpp's own engine: src/llama-grammar.cpp."""

from collections.abc import Mapping

from engine.sampling.candidates import Candidates
from engine.sampling.grammar import NothingAllowedError
from engine.sampling.specification import StageContext, StageResult, StageSpec, TextSpec


def apply(candidates: Candidates, values: Mapping[str, float], context: StageContext) -> StageResult:
    """Keep the tokens that may come next. The chain asks for this only where a draw without it was not allowed.

    Raises NothingAllowedError where there is no such token. Without an engine at hand nothing is known.
    """
    if context.allowed is None:
        return StageResult(candidates.inexact())
    places = context.allowed(candidates.ids).nonzero()[0]
    if len(places) == 0:
        raise NothingAllowedError
    if len(places) == len(candidates):
        return StageResult(candidates)
    kept = candidates.keep_places(places, tail_stays=True)
    return StageResult(kept if candidates.tail_mass == 0 else kept.inexact())


SPEC = StageSpec(
    name="grammar",
    title="Grammar",
    sentence="Lets only those tokens come that the grammar allows.",
    parameters=(),
    texts=(
        TextSpec(
            "grammar",
            "Grammar",
            "Rules in llama.cpp's notation (GBNF); the reply begins at the rule root.",
            kind="gbnf",
        ),
    ),
    apply=apply,
)
