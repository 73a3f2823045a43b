"""Mirostat 1 (Basu et al. 2020)."""

import math
from collections.abc import Mapping

import numpy as np

from engine.sampling.candidates import Candidates
from engine.sampling.specification import StageContext, StageResult, StageSpec
from engine.sampling.stages.mirostat import PARAMETERS, follow, start

_LOOKED_AT = 100  # the most likely tokens from which the exponent of Zipf's law is estimated
_RATIOS = np.log(np.arange(2, _LOOKED_AT + 1) / np.arange(1, _LOOKED_AT))


def apply(candidates: Candidates, values: Mapping[str, float], context: StageContext) -> StageResult:
    """Keep the k most likely tokens, k such that under Zipf's law their surprisal is mu; the cut-off tells k."""
    n = len(candidates)
    if n < 2:
        return StageResult(candidates)
    _, logits = candidates.head(min(_LOOKED_AT, n))
    falls = -np.diff(logits[:_LOOKED_AT].astype(np.float64))  # ln(p_i / p_(i+1))
    ratios = _RATIOS[: len(falls)]
    exponent = float(ratios @ falls) / float(ratios @ ratios)
    k = _zipf_k(exponent, (context.state or start(values))[0], max(context.vocabulary_size, n))
    kept = candidates.keep(k) if k < n else candidates
    enough = candidates.unlisted is None or (n >= _LOOKED_AT and candidates.keep(max(k, _LOOKED_AT)).exact and k <= n)
    return StageResult(kept if enough else kept.inexact(), float(k))


def _zipf_k(exponent: float, mu: float, vocabulary_size: int) -> int:
    """The k of the paper's equation 30: ((s - 1) 2^mu / (1 - V^(1 - s)))^(1 / s), at least 1, at most V."""
    if not 1e-9 < exponent < math.inf:  # equal probabilities: no law to be seen; or one token has all
        return vocabulary_size if exponent <= 1e-9 else 1
    epsilon = exponent - 1
    size = math.log(vocabulary_size)
    # -expm1(-x) / epsilon tends to ln V as epsilon goes to 0.
    divisor = size if abs(epsilon * size) < 1e-9 else -math.expm1(-epsilon * size) / epsilon
    log_k = (mu * math.log(2) - math.log(divisor)) / exponent
    return max(1, int(math.exp(min(log_k, size))))


SPEC = StageSpec(
    name="mirostat_1",
    title="Mirostat 1",
    sentence="Keeps as many tokens as Zipf's law says it takes for a steady surprisal; the newer Mirostat 2 is simpler.",
    parameters=PARAMETERS,
    apply=apply,
    start=start,
    follow=follow,
)
