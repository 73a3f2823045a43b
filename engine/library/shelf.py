"""The library's file: what the person added, favoured and used, by path. JSON, written whole, under a lock between processes."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock
import msgspec

from engine.errors import UserError

_FILE, _LOCK, _VERSION = "library.json", "library.lock", 1
_MOST_BYTES = 32_000_000
_WAIT_S = 10.0


class Entry(msgspec.Struct, omit_defaults=True):
    """What is kept of one model. added, used: Unix seconds, 0 is never; template: hash of the one that was seen last.

    added alone makes a file from elsewhere stand in the library; failures: ends of a process in a row.
    """

    added: float = 0.0
    program: str = ""
    favourite: bool = False
    used: float = 0.0
    failures: int = 0
    template: str = ""
    name: str = ""


class Shelf(msgspec.Struct):
    version: int = _VERSION
    models: dict[str, Entry] = {}

    def entry(self, path: str) -> Entry:
        """The one of this path, made where there is none."""
        return self.models.setdefault(path, Entry())


def read_shelf(folder: Path) -> Shelf:
    """Raises UserError for a file of a newer version; one that cannot be understood is set aside and begun anew."""
    file = folder / _FILE
    try:
        if file.stat().st_size > _MOST_BYTES:
            raise ValueError("it is too long")
        data = file.read_bytes()
        version = msgspec.json.decode(data, type=_Version).version
    except FileNotFoundError:
        return Shelf()
    except OSError as error:
        raise UserError(
            "library-file", "The library's file cannot be read.", "Check its rights.", f"{file}: {error}"
        ) from error
    except (ValueError, msgspec.MsgspecError):
        return _set_aside(file)
    if version > _VERSION:
        raise UserError(
            "library-newer", "The library was written by a newer version of Próxima.", "Use that version.", str(file)
        )
    try:
        return msgspec.json.decode(data, type=Shelf)
    except msgspec.MsgspecError:
        return _set_aside(file)


@contextmanager
def changing_shelf(folder: Path) -> Iterator[Shelf]:
    """The shelf, which is written when the block ends without an error. Raises UserError where it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder / _LOCK, timeout=_WAIT_S):
            shelf = read_shelf(folder)
            before = msgspec.json.encode(shelf)
            yield shelf
            shelf.models = {path: entry for path, entry in shelf.models.items() if entry != Entry()}
            if msgspec.json.encode(shelf) != before:
                part = folder / f"{_FILE}.part"
                part.write_bytes(msgspec.json.format(msgspec.json.encode(shelf), indent=1))
                part.replace(folder / _FILE)
    except (OSError, filelock.Timeout) as error:
        raise UserError(
            "library-file", "The library could not be saved.", "Check that the disk is not full.", str(error)
        ) from error


def key_of(path: Path) -> str:
    """How a path is called in the file: absolute, without following links, so that a cache's links stay what a person sees."""
    return str(path.expanduser().absolute())


class _Version(msgspec.Struct):
    version: int


def _set_aside(file: Path) -> Shelf:
    kept = file.with_name(f"library.damaged-{int(time.time())}.json")
    try:
        file.replace(kept)
    except OSError as error:
        raise UserError(
            "library-file", "The library's file is damaged.", "Move it away.", f"{file}: {error}"
        ) from error
    return Shelf()
