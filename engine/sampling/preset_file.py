"""Chains with names as a JSON file, to pass on and take in. A file is read with suspicion: it may come from anywhere."""

import unicodedata
from collections.abc import Collection, Sequence
from pathlib import Path

import msgspec

from engine.errors import UserError
from engine.records import SamplingSettings, StageSettings
from engine.sampling.registry import STAGES
from engine.sampling.specification import StageSpec

VERSION = 1
LONGEST_NAME = 60  # characters
LARGEST_FILE = 4 * 1024 * 1024  # bytes; a chain with a long grammar takes some kilobytes
MOST_PRESETS = 1000
_FORMAT = "proxima-presets"
_SPECS = {spec.name: spec for spec in STAGES}


class Preset(msgspec.Struct, frozen=True):
    """A chain with a name."""

    name: str
    sampling: SamplingSettings


class _File(msgspec.Struct, frozen=True):
    format: str
    version: int
    presets: tuple[Preset, ...]


def encode_presets(presets: Sequence[Preset]) -> bytes:
    """The file's bytes: UTF-8 JSON that a person can read. Seeds are left out: they belong to replies."""
    unseeded = tuple(Preset(preset.name, SamplingSettings(preset.sampling.stages)) for preset in presets)
    return msgspec.json.format(msgspec.json.encode(_File(_FORMAT, VERSION, unseeded)), indent=2) + b"\n"


def decode_presets(data: bytes) -> list[Preset]:
    """The presets of a file. Raises UserError where anything in it cannot be used as it is written."""
    try:
        head = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        if msgspec.json.decode(head["format"]) != _FORMAT:
            raise KeyError("format")
        version = msgspec.json.decode(head["version"], type=int)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError, KeyError) as error:
        raise UserError(
            "presets-format",
            "This file holds no presets that Próxima exported.",
            "Choose a .json file that was made with Export.",
            repr(error),
        ) from error
    if version > VERSION:
        raise UserError(
            "presets-newer", "These presets were exported by a newer version of Próxima.", "Update Próxima to use them."
        )
    try:
        presets = msgspec.json.decode(data, type=_File).presets
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise UserError(
            "presets-damaged", "This file of presets is damaged.", "Export the presets again.", str(error)
        ) from error
    if not presets or len(presets) > MOST_PRESETS:
        raise UserError(
            "presets-count", "This file holds no presets, or too many of them.", "Export the presets again."
        )
    return [_checked(preset) for preset in presets]


def read_presets(path: Path) -> list[Preset]:
    """The presets of a file on the disk. Raises UserError."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UserError("file-not-found", f"{path.name} cannot be read.", "Check the path.", str(error)) from error
    if len(data) > LARGEST_FILE:
        raise UserError(
            "presets-large", "This file is too large to be one of presets.", "Choose a file that was made with Export."
        )
    return decode_presets(data)


def free_name(name: str, taken: Collection[str]) -> str:
    """The name, or one with a number after it where it is taken; upper and lower case are not told apart."""
    known = {other.casefold() for other in taken}
    number, free = 1, name
    while free.casefold() in known:
        number += 1
        ending = f" ({number})"
        free = name[: LONGEST_NAME - len(ending)] + ending
    return free


def _checked(preset: Preset) -> Preset:
    name = " ".join(preset.name.split())
    if not name or len(name) > LONGEST_NAME or any(unicodedata.category(char) == "Cc" for char in name):
        raise UserError(
            "presets-name",
            "A preset of this file has a name that cannot be used.",
            "Change the name in the file, or export the preset again.",
            repr(preset.name[:200]),
        )
    names = [item.name for item in preset.sampling.stages]
    if len(set(names)) < len(names):
        raise UserError(
            "presets-stage", f"The preset “{name}” has a sampler twice.", "Remove one of them, or export it again."
        )
    return Preset(name, SamplingSettings(tuple(_checked_stage(item, name) for item in preset.sampling.stages)))


def _checked_stage(item: StageSettings, preset: str) -> StageSettings:
    spec = _SPECS.get(item.name)
    if spec is None:
        raise UserError(
            "presets-stage",
            f"The preset “{preset}” has a sampler that this version does not know: {item.name[:LONGEST_NAME]}.",
            "Update Próxima to use it.",
        )
    for key, value in item.values.items():
        if not _is_possible(spec, key, value):
            raise UserError(
                "presets-number",
                f"The preset “{preset}” has a number that cannot be used: {item.name}, {key[:LONGEST_NAME]}, {value:g}.",
                "Correct it in the file, or export the preset again.",
            )
    if not item.texts.keys() <= {text.name for text in spec.texts}:
        raise UserError(
            "presets-text", f"The preset “{preset}” has a text that {item.name} does not know.", "Export it again."
        )
    return item


def _is_possible(spec: StageSpec, key: str, value: float) -> bool:
    """Whether a person could set this number in the panel."""
    parameter = next((p for p in spec.parameters if p.name == key), None)
    if parameter is None and key.isascii() and key.isdecimal():
        parameter = spec.per_token
    if parameter is None:
        return False
    highest = parameter.maximum if parameter.limit is None else parameter.limit
    return parameter.minimum <= value <= highest and (not parameter.integer or value == int(value))
