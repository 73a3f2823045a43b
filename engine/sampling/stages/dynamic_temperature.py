"""Dynamic temperature by entropy (Zhu et al. 2023, arXiv 2309.02772), as llama.cpp does it."""

import math
from collections.abc import Mapping

from engine.sampling.candidates import Candidates
from engine.sampling.specification import ParameterSpec, StageContext, StageResult, StageSpec
from engine.sampling.stages.temperature import scaled


def apply(candidates: Candidates, values: Mapping[str, float], context: StageContext) -> StageResult:
    """l / T with T between T - r and T + r by (H / ln n)^exponent, H the entropy over the n candidates; the cut-off tells T."""
    temperature, reach = values["temperature"], values["range"]
    if reach <= 0 or len(candidates) <= 1:
        return StageResult(candidates)
    lowest, highest = max(0.0, temperature - reach), temperature + reach
    share = max(0.0, candidates.entropy) / math.log(len(candidates))
    here = lowest + (highest - lowest) * share ** values["exponent"]
    result = scaled(candidates, here)
    return StageResult(result if candidates.tail_mass == 0 else result.inexact(), here)


SPEC = StageSpec(
    name="dynamic_temperature",
    title="Dynamic temperature",
    sentence="Takes a low temperature where the model is sure and a high one where it is not; use it in place of Temperature.",
    parameters=(
        ParameterSpec(
            "temperature",
            "Temperature",
            "The middle of the range.",
            default=0.8,
            neutral=None,
            minimum=0.0,
            maximum=2.0,
            limit=5.0,
        ),
        ParameterSpec(
            "range",
            "Range",
            "How far the temperature goes to each side; 0 turns the stage off.",
            default=0.0,
            neutral=0.0,
            minimum=0.0,
            maximum=5.0,
            limit=5.0,
        ),
        ParameterSpec(
            "exponent",
            "Exponent",
            "Above 1 the temperature stays low longer as the model becomes unsure.",
            default=1.0,
            neutral=None,
            minimum=0.01,
            maximum=10.0,
            scale="log",
            limit=100.0,
        ),
    ),
    apply=apply,
)
