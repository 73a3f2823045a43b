"""A fetched folder of safetensors turned into a quantised GGUF file, in a process of its own: it takes memory and torch."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from engine.errors import Cancelled, UserError
from engine.records.hub import WEIGHTS_SUFFIX


def converted_name(folder: Path, quantisation: str) -> Path:
    """Where the file goes: into the repository's own folder, and named after it."""
    name = folder.name.removesuffix(WEIGHTS_SUFFIX)
    return folder.parent / name / f"{name}-{quantisation.upper()}.gguf"


def convert_folder(folder: Path, quantisation: str, cancelled: Callable[[], bool]) -> Path:
    """Write the file, whole or not at all. Raises UserError with what the process said, Cancelled where cancelled() turned true."""
    target = converted_name(folder, quantisation)
    if target.exists():
        return target
    target.parent.mkdir(exist_ok=True)
    process = subprocess.Popen(
        [*_program(), "export", str(folder), "--out", str(target), "--quantize", quantisation],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    try:
        while process.poll() is None:
            if cancelled():
                raise Cancelled
            time.sleep(0.05)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(10)
    said = process.stderr.read().strip() if process.stderr else ""
    if process.returncode != 0:
        last = said.splitlines()[-1].removeprefix("proxima: ") if said else f"exit code {process.returncode}"
        raise UserError(
            "convert-failed",
            f"{folder.name} was fetched but could not be converted: {last}",
            "Take a repository whose name ends in GGUF instead.",
            said[-4000:],
        )
    return target


def _program() -> list[str]:
    """This program as a command, in a checkout, installed and frozen."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "app"]
