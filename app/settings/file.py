"""Settings as a JSON file: numbered migrations, and nothing of a broken file is ever lost. No Qt."""

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from app.settings.schema import VERSION, Settings, checked

Migration = Callable[[dict[str, Any]], dict[str, Any]]
#: MIGRATIONS[n] takes the values of version n to version n + 1.
MIGRATIONS: dict[int, Migration] = {}


class Loaded(msgspec.Struct, frozen=True):
    """Settings, and what could not be read: rejected names, and the copy that was kept of the file (None if all was well)."""

    settings: Settings
    kept: Path | None = None
    rejected: tuple[str, ...] = ()


def load(path: Path) -> Loaded:
    """Read the file; one that is missing gives the defaults.

    A file that is no JSON object gives the defaults, a value that is out of range its default; a file of a newer version
    gives what can be understood. Each time a copy is kept beside the file.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Loaded(Settings())
    except (OSError, ValueError):
        return Loaded(Settings(), _keep(path, "damaged"))
    if not isinstance(raw, dict) or not isinstance(raw.get("version"), int):
        return Loaded(Settings(), _keep(path, "damaged"))
    version = raw.pop("version")
    kept = _keep(path, f"version-{version}") if version != VERSION else None
    for number in range(version, VERSION):
        raw = MIGRATIONS[number](raw)
    values, rejected = {}, []
    for name in Settings.__struct_fields__:
        if name in raw:
            try:
                values[name] = checked(name, raw[name])
            except msgspec.ValidationError:
                rejected.append(name)
    if rejected:
        kept = kept or _keep(path, "damaged")
    return Loaded(Settings(**values), kept if rejected or version > VERSION else None, tuple(rejected))


def save(path: Path, settings: Settings) -> None:
    """Write the file in one step: a crash leaves the old or the new one. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    values = {"version": VERSION, **msgspec.to_builtins(settings)}
    temporary = path.with_name(path.name + ".part")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(values, file, indent=2, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _keep(path: Path, why: str) -> Path | None:
    target = path.with_name(f"{path.stem}.{why}-{time.strftime('%Y%m%d-%H%M%S')}{path.suffix}")
    try:
        shutil.copyfile(path, target)
    except OSError:
        return None
    return target
