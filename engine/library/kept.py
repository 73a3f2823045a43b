"""What is kept of each model on this machine: how it is to be loaded, and what it took when it was.

A small JSON file for each model and each of the two, in the data folder: processes that write at once do not meet.
"""

import hashlib
import platform
from pathlib import Path
from typing import TypeVar

import msgspec

from engine.errors import UserError
from engine.inference.load import Backend
from engine.inference.machine import physical_cores
from engine.records.loading import AUTO, LoadSettings
from engine.resources import data_folder

_Kept = TypeVar("_Kept")
_MOST_BYTES = 65_536


class Measurement(msgspec.Struct, frozen=True):
    """What one load of a model showed. estimated_bytes: without any correction; resident_bytes 0, tokens_per_s 0: not measured.

    bytes_per_token: read for each token of a reply. layers: of the model, its output counted as one (0: not kept). backend: the
    decoder's figures say nothing of llama.cpp's. probed: its speed was to be measured; a probe that ended the process is not tried
    again. machine: see machine_name().
    """

    path: str
    name: str
    machine: str
    architecture: str
    quantisation: str
    file_size: int
    settings: LoadSettings
    estimated_bytes: int
    resident_bytes: int = 0
    bytes_per_token: int = 0
    tokens_per_s: float = 0.0
    prompt_tokens_per_s: float = 0.0
    probed: bool = False
    layers: int = 0
    backend: Backend = "llama_cpp"


def machine_name() -> str:
    """Tells machines apart that share a data folder, as far as it matters for what is measured."""
    return f"{platform.node()} {platform.machine()} {physical_cores()}"


def kept_settings(path: Path) -> LoadSettings:
    """How this model is to be loaded; auto where nobody said anything else, or what is kept cannot be read."""
    return _read(_place("settings", path), LoadSettings) or AUTO


def keep_settings(path: Path, settings: LoadSettings) -> None:
    """From the next load on. Raises UserError where they cannot be written."""
    place = _place("settings", path)
    if settings == AUTO:
        place.unlink(missing_ok=True)
    else:
        _write(place, settings)


def measurement(path: Path) -> Measurement | None:
    """Of this model on this machine; None where it never was loaded here."""
    found = _read(_place("measured", path), Measurement)
    return found if found is not None and found.machine == machine_name() else None


def measurements() -> list[Measurement]:
    """Of all models on this machine."""
    found = [_read(place, Measurement) for place in sorted((data_folder() / "loading" / "measured").glob("*.json"))]
    here = machine_name()
    return [one for one in found if one is not None and one.machine == here]


def keep_measurement(measured: Measurement) -> None:
    """In place of the one before. Raises UserError where it cannot be written."""
    _write(_place("measured", Path(measured.path)), measured)


def _place(kind: str, path: Path) -> Path:
    name = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:32]
    return data_folder() / "loading" / kind / f"{name}.json"


def _read(place: Path, kind: type[_Kept]) -> _Kept | None:
    try:
        if place.stat().st_size > _MOST_BYTES:
            return None
        return msgspec.json.decode(place.read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError):
        return None


def _write(place: Path, value: object) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        temporary = place.with_suffix(".part")
        temporary.write_bytes(msgspec.json.format(msgspec.json.encode(value), indent=1))
        temporary.replace(place)
    except OSError as error:
        raise UserError(
            "not-kept", "This could not be kept.", "Check that the disk is not full.", str(error)
        ) from error
