"""The chain of samplers as a person writes it on the command line."""

import math
from pathlib import Path
from typing import Annotated

import typer

from engine.errors import UserError
from engine.records import SamplingSettings, StageSettings
from engine.sampling.preset_file import read_presets
from engine.sampling.presets import PRESETS
from engine.sampling.registry import STAGES, stage, stage_settings
from engine.sampling.specification import ParameterSpec, StageSpec

STAGE_HELP = (
    "A sampler, as in top_k=40, penalties:repeat=1.1,last_n=64, logit_bias:15=-3, xtc=off, grammar=@file.gbnf; again for the next "
    "one, in the order in which they act. Without --preset nothing else is in the chain."
)
Stages = Annotated[list[str] | None, typer.Option("--stage", metavar="NAME=VALUE", help=STAGE_HELP)]
Preset = Annotated[
    str,
    typer.Option(
        help=f"A named chain: {', '.join(PRESETS)}; or a FILE.json that the window exported. Samplers by --stage change it."
    ),
]


def chain_settings(written: list[str], preset: str = "") -> SamplingSettings:
    """The samplers as written, in that order; with a preset its chain, in which those that are written take their new values."""
    given = [parse_stage(text) for text in written]
    if not preset:
        return SamplingSettings(tuple(given))
    by_name = {item.name: item for item in given}
    stages = tuple(by_name.pop(item.name, item) for item in _preset(preset).stages)
    return SamplingSettings((*stages, *by_name.values()))


def parse_stage(text: str) -> StageSettings:
    """name, name=value, name=on, name=off, or name:parameter=value,parameter=value. Raises UserError with what is wrong."""
    name, values_given, rest = _split(text)
    spec = stage(name)
    settings = stage_settings(spec, True)
    if not rest or (not values_given and rest.lower() == "on"):
        return settings
    if not values_given and rest.lower() == "off":
        return stage_settings(spec, False)
    if not spec.parameters and spec.texts:
        return StageSettings(name, True, {}, {spec.texts[0].name: _text(rest)})
    values, texts = dict(settings.values), dict(settings.texts)
    pairs = [pair.partition("=")[::2] for pair in rest.split(",")] if values_given else [(_main(spec, text), rest)]
    for key, value in pairs:
        if key in texts:
            texts[key] = _text(value)
        else:
            parameter = _parameter(spec, key)
            values[key if parameter is spec.per_token else parameter.name] = _number(parameter, value, text)
    return StageSettings(name, True, values, texts)


def _split(text: str) -> tuple[str, bool, str]:
    """The stage's name, whether parameters are named, and what follows."""
    ends = [place for mark in ":=" if (place := text.find(mark)) >= 0]
    if not ends:
        return text, False, ""
    end = min(ends)
    return text[:end], text[end] == ":", text[end + 1 :]


def _main(spec: StageSpec, text: str) -> str:
    """The parameter that a single number means: the one that can turn the stage off, else the first."""
    if not spec.parameters:
        raise UserError("stage", f"{text!r} names no token.", f"Write {spec.name}:ID=NUMBER.")
    return next((p.name for p in spec.parameters if p.neutral is not None), spec.parameters[0].name)


def _parameter(spec: StageSpec, key: str) -> ParameterSpec:
    if spec.per_token is not None and key.isdecimal():
        return spec.per_token
    for parameter in spec.parameters:
        if parameter.name == key:
            return parameter
    known = [p.name for p in spec.parameters] + [t.name for t in spec.texts] + (["token ids"] if spec.per_token else [])
    raise UserError("stage", f"{spec.name} has no {key!r}.", f"It has: {', '.join(known)}.")


def _number(parameter: ParameterSpec, text: str, whole: str) -> float:
    highest = parameter.maximum if parameter.limit is None else parameter.limit
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not parameter.minimum <= number <= highest or (parameter.integer and number != int(number)):
        kind = "a whole number" if parameter.integer else "a number"
        raise UserError(
            "stage",
            f"{whole!r} cannot be used.",
            f"{parameter.name} is {kind} from {parameter.minimum:g} to {highest:g}.",
        )
    return number


def _text(text: str) -> str:
    """The text itself, or what the file after an @ holds."""
    if not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise UserError("file-not-found", f"{text[1:]} cannot be read.", "Check the path.", str(error)) from error


def _preset(name: str) -> SamplingSettings:
    if name.endswith(".json"):
        presets = read_presets(Path(name))
        if len(presets) > 1:
            raise UserError(
                "preset-several", f"{name} holds {len(presets)} presets.", "Export the one that is wanted alone."
            )
        return presets[0].sampling
    for known, make in PRESETS.items():
        if known.casefold() == name.casefold():
            return make()
    raise UserError("preset-unknown", f"There is no preset {name!r}.", f"Known ones are: {', '.join(PRESETS)}.")


def written(settings: SamplingSettings) -> list[str]:
    """The chain as it would be written: the samplers that are on, with what differs from their defaults."""
    return [_written(item) for item in settings.stages if item.enabled and item.name in {spec.name for spec in STAGES}]


def _written(item: StageSettings) -> str:
    spec = stage(item.name)
    values, usual = spec.values(item.values), spec.values({})
    parts = [f"{key}={value:g}" for key, value in values.items() if value != usual.get(key)]
    if spec.texts and not spec.parameters:
        return f"{item.name}={next(iter(item.texts.values()), '')}"
    return item.name + (":" + ",".join(parts) if parts else "")
