"""Top-k (Fan, Lewis & Dauphin 2018)."""

from collections.abc import Mapping

from engine.sampling.candidates import Candidates
from engine.sampling.specification import ParameterSpec, StageContext, StageResult, StageSpec


def apply(candidates: Candidates, values: Mapping[str, float], context: StageContext) -> StageResult:
    """The k largest; k <= 0 keeps all."""
    k = int(values["k"])
    if k <= 0:
        return StageResult(candidates)
    if k >= len(candidates):
        cuts = candidates.unlisted is not None and k < len(candidates) + candidates.unlisted.count
        return StageResult(candidates.inexact() if cuts else candidates, float(k))
    return StageResult(candidates.keep(k), float(k))


SPEC = StageSpec(
    name="top_k",
    title="Top-k",
    sentence="Keeps only the k most likely tokens.",
    parameters=(
        ParameterSpec(
            "k",
            "k",
            "How many tokens stay; 0 keeps all.",
            default=40,
            neutral=0,
            minimum=0,
            maximum=200,
            scale="log",
            integer=True,
            step=1,
            limit=1_000_000,
        ),
    ),
    apply=apply,
    starts_on=True,
)
