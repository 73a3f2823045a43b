"""The bias of single tokens in a chain, as values."""

import msgspec

from engine.records import SamplingSettings
from engine.sampling.registry import completed, stage

_STAGE = "logit_bias"
BANNED = -100.0  # at which a token hardly ever comes


def bias_of(sampling: SamplingSettings, id: int) -> float:
    """What is added to the token's logit; 0 for nothing."""
    found = next((item for item in sampling.stages if item.name == _STAGE and item.enabled), None)
    return 0.0 if found is None else found.values.get(str(id), 0.0)


def with_bias(sampling: SamplingSettings, id: int, bias: float) -> SamplingSettings:
    """The chain with another bias for one token, 0 for none; the stage is on while any token has one."""
    spec = stage(_STAGE).per_token
    if spec is None:
        raise ValueError(f"{_STAGE} has no numbers of single tokens")
    bias = min(max(bias, spec.minimum), spec.maximum)
    stages = []
    for item in completed(sampling).stages:
        if item.name == _STAGE:
            # What was switched off before is not switched on along with it.
            values = {key: value for key, value in item.values.items() if item.enabled and key != str(id)}
            if bias:
                values[str(id)] = bias
            item = msgspec.structs.replace(item, enabled=bool(values), values=values)
        stages.append(item)
    return SamplingSettings(tuple(stages), sampling.seed)


def biased_ids(sampling: SamplingSettings) -> tuple[int, ...]:
    """The tokens that the stage names, whether it is on or not."""
    found = next((item for item in sampling.stages if item.name == _STAGE), None)
    return () if found is None else tuple(int(key) for key in found.values if key.isdecimal())


def nudged(bias: float, step: float) -> float:
    """A bias moved by a step; the way back from a ban leads to none at all."""
    return 0.0 if bias <= BANNED and step > 0 else bias + step
