"""Runs that are deleted lie aside for a while, so that they can be had back."""

import os
import shutil
import time
from pathlib import Path

from engine.errors import UserError
from engine.runs.control import is_running

ASIDE = ".deleted"
KEPT_DAYS = 30


def set_aside(run: Path) -> Path:
    """Move a run out of the list; returns where it lies now. Raises UserError for one that is going on."""
    if is_running(run):
        raise UserError("run-busy", "This run is going on.", "Stop it first.")
    aside = run.parent / ASIDE
    target = _free(aside / run.name)
    try:
        aside.mkdir(exist_ok=True)
        run.rename(target)
        os.utime(target)  # when it was set aside, for purge()
    except OSError as error:
        raise UserError("run-delete", "The run could not be deleted.", "Try again.", str(error)) from error
    return target


def put_back(aside: Path, run: Path) -> Path:
    """Bring a run back to where it was, or beside what lies there by now; returns where it lies."""
    target = _free(run)
    try:
        aside.rename(target)
    except OSError as error:
        raise UserError("run-put-back", "The run could not be brought back.", "", str(error)) from error
    return target


def bring_back(aside: Path) -> Path:
    """put_back() to the folder of runs that it was taken from. Raises UserError for what was not set aside."""
    if aside.parent.name != ASIDE or not aside.is_dir():
        raise UserError(
            "run-not-aside",
            f"{aside} is no deleted run.",
            "Name the folder that deleting it told.",
        )
    return put_back(aside, aside.parent.parent / aside.name)


def put_aside(name: str, folder: Path) -> Path:
    """The deleted run that a person names: where it lies, or the name that it has below a folder of runs."""
    path, named = Path(name).expanduser(), folder / ASIDE / name
    return named if not path.is_dir() and named.is_dir() else path


def purge(folder: Path, now: float | None = None, days: float = KEPT_DAYS) -> None:
    """Delete for good what was set aside below a folder, of runs or models, more than that many days before now, in seconds."""
    oldest = (time.time() if now is None else now) - days * 86400
    for aside in (folder / ASIDE).glob("*"):
        try:
            over = aside.stat().st_mtime < oldest
        except OSError:
            continue  # it was brought back just now
        if over:
            shutil.rmtree(aside, ignore_errors=True)


def _free(path: Path) -> Path:
    number, free = 2, path
    while free.exists():
        free, number = path.with_name(f"{path.name}-{number}"), number + 1
    return free
