"""The chain of samplers as a person writes it on the command line."""

import math
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from engine.errors import UserError
from engine.records import SamplingSettings, StageSettings
from engine.sampling.llama_names import OFF_BELOW_ZERO, STAGE_NAMES, other_names, place_of, plain_name
from engine.sampling.preset_file import read_presets
from engine.sampling.presets import PRESETS
from engine.sampling.registry import STAGES, stage, stage_settings
from engine.sampling.specification import ParameterSpec, StageSpec

RECOMMENDED = "recommended"  # the preset that the model's own file names
_FILES = {"grammar_file": "grammar", "json_schema_file": "json_schema"}  # llama.cpp's names


def _names() -> str:
    """Every sampler, with llama.cpp's names for it and its numbers."""
    return ", ".join(
        spec.name + (f" ({', '.join(others)})" if (others := other_names(spec.name)) else "") for spec in STAGES
    )


STAGE_HELP = (
    "A sampler, as in top_k=40, penalties:repeat=1.1,last_n=64, logit_bias:15=-3, xtc=off, grammar=@file.gbnf; again for the next "
    "one, in the order in which they act. Without --preset nothing else is in the chain. "
    f"Samplers, with llama.cpp's names in brackets, which do as well: {_names()}."
)
Stages = Annotated[list[str] | None, typer.Option("--stage", metavar="NAME=VALUE", help=STAGE_HELP)]
Preset = Annotated[
    str,
    typer.Option(
        help=f"A named chain: {', '.join(PRESETS)}; {RECOMMENDED}: what the model's file recommends; or a FILE.json that the "
        "window exported. Samplers by --stage change it."
    ),
]


def chain_settings(
    written: list[str], preset: str = "", recommended: Callable[[], SamplingSettings | None] = lambda: None
) -> SamplingSettings:
    """The samplers as written, in that order; with a preset its chain, in which those that are written take their new values.

    recommended: what the model's file recommends, asked for where that is the preset.

    What llama.cpp has as a sampler's number by itself, as repeat_last_n, changes the one that is already there.
    """
    chain = list(_preset(preset, recommended).stages) if preset else []
    beside = _beside(written)
    for text in written:
        name, values_given, _ = _split(text)
        item, number = parse_stage(text, beside), _llama_number(name, values_given, beside)
        version = name == "mirostat" and not values_given and item.enabled
        place = next((at for at, there in enumerate(chain) if there.name == item.name), None)
        if place is None or not (preset or number or version):
            chain.append(item)
        elif version:
            chain[place] = msgspec.structs.replace(chain[place], enabled=True)
        elif number and item.enabled:
            values = {**chain[place].values, number: item.values[number]}
            chain[place] = StageSettings(item.name, True, values, chain[place].texts)
        else:
            chain[place] = item
    return SamplingSettings(tuple(_one_temperature(chain) if "dynatemp_range" in beside else chain))


def parse_stage(text: str, beside: Collection[str] = ()) -> StageSettings:
    """name, name=value, name=on, name=off, or name:parameter=value,parameter=value; llama.cpp's names do as well.

    beside: the names of all that is written with it. Raises UserError with what is wrong.
    """
    name, values_given, rest = _split(text)
    place = None if values_given else place_of(name, beside)
    if name == "mirostat" and not values_given and rest.isdecimal():
        return _mirostat(text, rest)
    if name in _FILES and rest:
        name, rest = _FILES[name], f"@{rest}"
    spec = stage(place[0] if place else STAGE_NAMES.get(name, name))
    settings = stage_settings(spec, True)
    if not rest or (not values_given and rest.lower() == "on"):
        return settings
    if not values_given and rest.lower() == "off":
        return stage_settings(spec, False)
    if not spec.parameters and spec.texts:
        return StageSettings(spec.name, True, {}, {spec.texts[0].name: _text(rest)})
    if not values_given and spec.name in OFF_BELOW_ZERO and _is_negative(rest):
        return stage_settings(spec, False)
    values, texts = dict(settings.values), dict(settings.texts)
    key, colon, value = rest.partition(":")
    if colon and not values_given and key in (*values, *texts):
        raise UserError("stage", f"{text!r} cannot be used.", f"Write {name}:{key}={value}.")
    single = place[1] if place else "" if values_given else _main(spec, text)
    pairs = [pair.partition("=")[::2] for pair in rest.split(",")] if values_given else [(single, rest)]
    for key, value in pairs:
        if key in texts:
            texts[key] = _text(value)
        else:
            parameter = _parameter(spec, key)
            values[key if parameter is spec.per_token else parameter.name] = _number(parameter, value, text)
    return StageSettings(spec.name, True, values, texts)


def _beside(written: list[str]) -> set[str]:
    """The names that are written, and the version of Mirostat that llama.cpp's number means."""
    names = set()
    for text in written:
        name, values_given, rest = _split(text)
        is_version = name == "mirostat" and not values_given and rest in ("1", "2")
        names.add(f"mirostat_{rest}" if is_version else STAGE_NAMES.get(name, name))
    return names


def _llama_number(name: str, values_given: bool, beside: Collection[str]) -> str:
    """The parameter of which the name is llama.cpp's own, or nothing."""
    place = None if values_given else place_of(name, beside)
    return place[1] if place else ""


def _one_temperature(chain: list[StageSettings]) -> list[StageSettings]:
    """In llama.cpp a range makes the temperature itself dynamic."""
    fixed = next((item for item in chain if item.name == "temperature" and item.enabled), None)
    if fixed is None:
        return chain
    value = fixed.values["temperature"]
    rest = [item for item in chain if item is not fixed]
    return [
        msgspec.structs.replace(item, values={**item.values, "temperature": value})
        if item.name == "dynamic_temperature"
        else item
        for item in rest
    ]


def _mirostat(text: str, version: str) -> StageSettings:
    """llama.cpp's --mirostat N."""
    if version not in ("0", "1", "2"):
        raise UserError(
            "stage", f"{text!r} cannot be used.", "mirostat is 0 (off), 1 or 2; or write mirostat_2:tau=5,eta=0.1."
        )
    return stage_settings(stage("mirostat_1" if version == "1" else "mirostat_2"), version != "0")


def _is_negative(text: str) -> bool:
    try:
        return float(text) < 0
    except ValueError:
        return False


def _split(text: str) -> tuple[str, bool, str]:
    """The stage's name, whether parameters are named, and what follows."""
    ends = [place for mark in ":=" if (place := text.find(mark)) >= 0]
    end = min(ends, default=len(text))
    return plain_name(text[:end]), text[end : end + 1] == ":", text[end + 1 :]


def _main(spec: StageSpec, text: str) -> str:
    """The parameter that a single number means: the one that can turn the stage off, else the first."""
    if not spec.parameters:
        raise UserError("stage", f"{text!r} names no token.", f"Write {spec.name}:ID=NUMBER.")
    return next((p.name for p in spec.parameters if p.neutral is not None), spec.parameters[0].name)


def _parameter(spec: StageSpec, key: str) -> ParameterSpec:
    if spec.per_token is not None and key.isdecimal():
        return spec.per_token
    place = place_of(plain_name(key), {spec.name})
    for parameter in spec.parameters:
        if parameter.name == key or place == (spec.name, parameter.name):
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


def _preset(name: str, recommended: Callable[[], SamplingSettings | None]) -> SamplingSettings:
    if name.casefold() == RECOMMENDED:
        found = recommended()
        if found is None:
            raise UserError("preset-recommended", "No model here recommends samplers.", "Choose another preset.")
        return found
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
    raise UserError(
        "preset-unknown", f"There is no preset {name!r}.", f"Known ones are: {RECOMMENDED}, {', '.join(PRESETS)}."
    )


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
