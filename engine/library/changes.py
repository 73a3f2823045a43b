"""What a person does with a line of the library. A file that is not ours is never touched."""

import contextlib
import time
from pathlib import Path
from typing import Literal

from engine.decoder.folder import newest_checkpoint
from engine.errors import UserError
from engine.header.gguf import read_gguf_header
from engine.inference.load import check_kind
from engine.library.catalogue import MODELS, RUNS
from engine.library.parts import model_parts
from engine.library.shelf import changing_shelf, key_of, read_shelf
from engine.library.summary import TEMPLATE, folder_header, template_hash
from engine.resources import bundled_model
from engine.runs.removal import ASIDE, purge, put_back, set_aside

Note = Literal["favourite", "plain", "used", "failed", "worked", "template"]
#: A deleted model takes much room on the disk, so it is kept for a shorter time than a run.
KEPT_DAYS = 1


def add(folder: Path, path: Path, program: str = "", name: str = "") -> str:
    """Refer to a model where it lies; returns its path in the library. Raises UserError for what is none, and why."""
    first = model_parts(path)[0] if path.is_file() else path
    if first.is_dir():
        folder_header(newest_checkpoint(first) or first)
    else:
        check_kind(first)
        read_gguf_header(first)
    key = key_of(first)
    with changing_shelf(folder) as shelf:
        entry = shelf.entry(key)
        entry.added, entry.program, entry.name = entry.added or time.time(), program or entry.program, name
    return key


def note(folder: Path, path: str, what: Note) -> None:
    """Remember something about a model."""
    with changing_shelf(folder) as shelf:
        entry = shelf.entry(path)
        match what:
            case "favourite" | "plain":
                entry.favourite = what == "favourite"
            case "used":
                entry.used = time.time()
                with contextlib.suppress(UserError):
                    entry.template = entry.template or present_template(Path(path))
                if not _ours(folder, path) and Path(path).exists():
                    entry.added = entry.added or time.time()
            case "failed":
                entry.failures += 1
            case "worked":
                entry.failures = 0
            case "template":
                entry.template = present_template(Path(path))


def note_used(folder: Path, path: Path) -> None:
    """Remember when a model of the library was used; one that is not in it does not come into it by this."""
    key = key_of(path)
    if key in read_shelf(folder).models or _ours(folder, key) or path == _bundled():
        note(folder, key, "used")


def _bundled() -> Path | None:
    """The model that came with the program; None in a copy without one."""
    with contextlib.suppress(UserError):
        return bundled_model()
    return None


def present_template(path: Path) -> str:
    """The hash of the chat template of a GGUF file; "" for what has none."""
    return template_hash(read_gguf_header(path, (TEMPLATE,)).metadata.get(TEMPLATE)) if path.is_file() else ""


def remove(folder: Path, path: str) -> None:
    """Refer to a file no longer. It stays where it is, and so does what else is known of it."""
    with changing_shelf(folder) as shelf:
        shelf.entry(path).added = 0.0


def delete(folder: Path, path: str) -> Path:
    """Set the files of a model of ours aside; returns where they lie, for restore(). Raises UserError where that fails."""
    model = Path(path)
    if not _ours(folder, path):
        raise UserError(
            "library-not-ours", f"{model.name} is not Próxima's to delete.", "Take it off the list instead."
        )
    if (model / "recipe.json").is_file():
        return set_aside(model)
    aside = folder / MODELS / ASIDE / f"{time.time_ns()}"
    files = [file for file in model_parts(model) if file.exists()]
    try:
        aside.mkdir(parents=True)
        for file in files:
            file.replace(aside / file.name)
    except OSError as error:
        raise UserError("library-delete", f"{model.name} could not be deleted.", "Try again.", str(error)) from error
    return aside


def restore(aside: Path, path: str) -> None:
    """Bring back what delete() set aside. Raises UserError where something is in the way."""
    model = Path(path)
    if (aside / "recipe.json").is_file():
        put_back(aside, model)
        return
    try:
        model.parent.mkdir(parents=True, exist_ok=True)
        for file in sorted(aside.iterdir()):
            if (model.parent / file.name).exists():
                raise UserError("library-in-the-way", f"There is another {file.name} by now.", "Move it away first.")
        for file in sorted(aside.iterdir()):
            file.replace(model.parent / file.name)
        aside.rmdir()
    except OSError as error:
        raise UserError(
            "library-restore", f"{model.name} could not be brought back.", "", f"{aside}: {error}"
        ) from error


def empty(folder: Path, now: float | None = None) -> None:
    """Delete for good the models that were set aside more than KEPT_DAYS before now, a time in seconds."""
    purge(folder / MODELS, now, KEPT_DAYS)


def _ours(folder: Path, path: str) -> bool:
    """Whether a path lies among what we fetched or trained."""
    real = Path(path).resolve()
    return any(real.is_relative_to((folder / name).resolve()) and real != folder / name for name in (MODELS, RUNS))
