"""Logit bias: llama.cpp, src/llama-sampler.cpp."""

from collections.abc import Mapping

import numpy as np

from engine.sampling.candidates import Candidates
from engine.sampling.specification import ParameterSpec, StageContext, StageResult, StageSpec


def apply(candidates: Candidates, values: Mapping[str, float], context: StageContext) -> StageResult:
    """l += b for the tokens that have a bias; values is keyed by their ids."""
    biased = {int(key): bias for key, bias in values.items() if bias and int(key) < 2**31}
    ids = np.fromiter(biased.keys(), dtype=np.int32, count=len(biased))
    biases = np.fromiter(biased.values(), dtype=np.float32, count=len(biased))
    places, listed = candidates.find(ids)
    # An id that the vocabulary does not have is not missing from the list.
    missing = biases[~listed & (ids < context.vocabulary_size)]
    fall, rise = (max(0.0, -float(missing.min())), max(0.0, float(missing.max()))) if len(missing) else (0.0, 0.0)
    return StageResult(candidates.changed(places, candidates.logits[places] + biases[listed], len(missing), fall, rise))


SPEC = StageSpec(
    name="logit_bias",
    title="Logit bias",
    sentence="Makes single tokens more or less likely; at -100 a token hardly ever comes.",
    parameters=(),
    per_token=ParameterSpec(
        "bias", "Bias", "Added to the token's logit.", default=0.0, neutral=0.0, minimum=-100.0, maximum=100.0, step=0.1
    ),
    apply=apply,
)
