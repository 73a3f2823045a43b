"""What the maker of a model recommends: carried in its file as ``general.sampling.*``."""

import math
from collections.abc import Mapping

import msgspec

from engine.records import SamplingSettings, StageSettings
from engine.sampling.llama_names import PARAMETER_NAMES, STAGE_NAMES
from engine.sampling.registry import default_settings, stage, with_values

_PREFIX = "general.sampling."
#: Key in a GGUF file -> (stage, parameter); llama.cpp's enum llama_model_meta_key.
_KEYS = {
    "top_k": ("top_k", "k"),
    "top_p": ("top_p", "p"),
    "min_p": ("min_p", "p"),
    **{name: PARAMETER_NAMES[name] for name in ("xtc_probability", "xtc_threshold", "temp")},
    **{name: PARAMETER_NAMES[name] for name in ("penalty_last_n", "penalty_repeat")},
}


class RecommendedSampling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Settings that suit a model; None says nothing."""

    temperature: float | None = None
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None


def recommended_chain(given: RecommendedSampling) -> SamplingSettings:
    """llama.cpp's default chain with what is recommended."""
    said = {"temp": given.temperature, "top_k": given.top_k, "top_p": given.top_p, "min_p": given.min_p}
    return with_values(default_settings(), {_KEYS[key]: value for key, value in said.items() if value is not None})


def recommended_settings(metadata: Mapping[str, str]) -> SamplingSettings | None:
    """The chain that a file's metadata recommends, None where it does not. What it leaves open stays llama.cpp's default.

    What cannot be read or does not fit its parameter is passed over: the file may come from anywhere.
    """
    given = {key.removeprefix(_PREFIX): value for key, value in metadata.items() if key.startswith(_PREFIX)}
    changes = {place: number for key, place in _KEYS.items() if (number := _number(given.get(key), *place)) is not None}
    settings = with_values(default_settings(), changes)
    order = [STAGE_NAMES.get(name, name) for name in given.get("sequence", "").split(";")]
    known = [item.name for item in settings.stages]
    order = [name for name in dict.fromkeys(order) if name in known]
    if order:
        settings = _in_order(settings, order)
    mirostat = {"1": "mirostat_1", "2": "mirostat_2"}.get(given.get("mirostat", ""))
    if mirostat is not None:
        settings = _with_mirostat(settings, mirostat, given)
    return settings if changes or order or mirostat else None


def _number(text: str | None, stage_name: str, parameter: str) -> float | None:
    spec = next(p for p in stage(stage_name).parameters if p.name == parameter)
    try:
        number = float(text or "")
    except ValueError:
        return None
    highest = spec.maximum if spec.limit is None else spec.limit
    return number if math.isfinite(number) and spec.minimum <= number <= highest else None


def _in_order(settings: SamplingSettings, order: list[str]) -> SamplingSettings:
    """The named stages in that order, the others after them and off; a logit bias comes first in llama.cpp, said or not."""
    by_name = {item.name: item for item in settings.stages}
    first = [] if "logit_bias" in order else [by_name["logit_bias"]]
    named = [msgspec.structs.replace(by_name[name], enabled=True) for name in order]
    rest = [item for item in settings.stages if item.name not in order and item not in first]
    return SamplingSettings((*first, *named, *(msgspec.structs.replace(item, enabled=False) for item in rest)))


def _with_mirostat(settings: SamplingSettings, name: str, given: Mapping[str, str]) -> SamplingSettings:
    """In llama.cpp only a logit bias and the temperature come before Mirostat."""
    values = {
        key: number
        for key in ("tau", "eta")
        if (number := _number(given.get(f"mirostat_{key}"), name, key)) is not None
    }
    stages: list[StageSettings] = []
    for item in settings.stages:
        if item.name == name:
            stages.append(StageSettings(name, True, {**item.values, **values}))
        else:
            on = item.enabled and item.name in ("logit_bias", "temperature")
            stages.append(msgspec.structs.replace(item, enabled=on))
    return SamplingSettings(tuple(stages))
