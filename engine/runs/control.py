"""Who runs a run, and what it is told: a lock that dies with its process, and a file with one word."""

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, cast, get_args

import filelock

from engine.errors import UserError

#: save: a checkpoint now. pause: save, keep everything in memory and wait. stop: save and end.
Command = Literal["save", "pause", "resume", "stop"]
_LOCK, _PID, _CONTROL = "run.lock", "run.pid", "control"
_ASKING_S = 1.0


@contextmanager
def locked(run: Path) -> Iterator[None]:
    """Hold the run's lock. The system lets it go when the process ends in any way. Raises UserError while another holds it."""
    lock = filelock.FileLock(run / _LOCK)
    try:
        lock.acquire(timeout=_ASKING_S)  # whoever asks whether the run is going on holds it for a moment
    except filelock.Timeout as error:
        raise UserError(
            "run-busy",
            f"The run in {run} is going on already.",
            f"It can be followed with: proxima runs show {run}",
        ) from error
    try:
        (run / _CONTROL).unlink(missing_ok=True)  # meant for the process before
        (run / _PID).write_text(str(os.getpid()))
        yield
    finally:
        with contextlib.suppress(OSError):
            (run / _PID).unlink(missing_ok=True)
        lock.release()


def running_pid(run: Path) -> int | None:
    """The process that runs the run, None where it is not going on."""
    try:
        pid = int((run / _PID).read_text())
    except (FileNotFoundError, ValueError):
        return None
    return pid if is_running(run) else None


def is_running(run: Path) -> bool:
    """Whether a process holds the run's lock."""
    if not (run / _LOCK).exists():
        return False
    lock = filelock.FileLock(run / _LOCK)
    try:
        lock.acquire(blocking=False)
    except filelock.Timeout:
        return True
    lock.release()
    return False


def was_cut_off(run: Path) -> bool:
    """Whether its process ended without a word, as by a kill or a power cut; true once for each time that it did."""
    if not (run / _PID).exists() or is_running(run):
        return False
    (run / _PID).unlink(missing_ok=True)
    return True


def tell(run: Path, command: Command) -> None:
    """Say it to the process that runs the run. Raises UserError where there is none."""
    if not is_running(run):
        raise UserError("run-not-running", f"The run in {run} is not going on.", "Resume it first.")
    part = run / f"{_CONTROL}.part"
    part.write_text(command)
    part.replace(run / _CONTROL)


def heard(run: Path) -> Command | None:
    """What was said since the last call; words that are no command are passed over."""
    try:
        word = (run / _CONTROL).read_text().strip()
        (run / _CONTROL).unlink()
    except FileNotFoundError:
        return None
    return cast(Command, word) if word in get_args(Command) else None
