"""A run in a process of its own, which goes on when the one that started it ends."""

import subprocess
import sys
import time
from pathlib import Path

from engine.errors import UserError
from engine.runs.begun import gone_unless_trained
from engine.runs.control import running_pid
from engine.runs.recipe import RECIPE, Recipe
from engine.runs.stored import write_recipe

#: What the process writes that no event says: warnings of libraries, the traceback of a bug.
LOG = "run.log"
_PATIENCE_S = 60.0


def start_detached(recipe: Recipe, data: Path, out: Path, resume: bool = False) -> None:
    """Start the run and return as soon as it holds its lock. Raises UserError where it ends at once, and leaves nothing then."""
    with gone_unless_trained(out):
        _start(recipe, data, out, resume)


def _start(recipe: Recipe, data: Path, out: Path, resume: bool) -> None:
    out.mkdir(parents=True, exist_ok=True)
    write_recipe(out, recipe)
    command = [*_program(), "train", str(out / RECIPE), "--data", str(data), "--out", str(out), *["--resume"] * resume]
    with (out / LOG).open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
            creationflags=getattr(subprocess, "DETACHED_PROCESS", 0),
        )
    end = time.monotonic() + _PATIENCE_S
    while process.poll() is None and time.monotonic() < end:
        if running_pid(out) == process.pid:
            return
        time.sleep(0.05)
    lines = (out / LOG).read_text(encoding="utf-8", errors="replace").splitlines()
    raise UserError(
        "run-not-started",
        lines[-1].removeprefix("proxima: ") if lines else "The training did not start.",
        "",
        "\n".join(lines[-40:]),
    )


def _program() -> list[str]:
    """This program as a command, in a checkout, installed and frozen."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "app"]
