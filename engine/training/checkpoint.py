"""The state of a run on disk, so that a resumed run goes on as if it had not been broken."""

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from engine.decoder.files import is_full, write_atomically
from engine.decoder.folder import BEST, LATEST, best_checkpoint, is_whole, newest_checkpoint
from engine.decoder.tokenizer_files import copy_tokenizer
from engine.errors import UserError
from engine.runs.recipe import Optimiser
from engine.training.optimisers import Optimisers

_TENSORS, _NUMBERS, _PROGRESS = "optimiser.safetensors", "optimiser.json", "progress.json"


class Progress(msgspec.Struct, frozen=True):
    """Where a run stands: the number of steps done and the seconds spent on them."""

    step: int
    seconds: float


def save_checkpoint(
    run: Path, save_weights: Callable[[Path], None], optimisers: Optimisers, progress: Progress
) -> Path:
    """Write ``checkpoint-STEP`` whole, point ``latest`` at it, and keep the one before it and the best one besides.

    save_weights writes the weights, or the adapter, into the folder that it is given. Killed at any moment, this leaves a run
    that can be resumed: everything is written and flushed to the disk under another name first, the weights last.
    """
    folder, temporary, old = run / f"checkpoint-{progress.step:07d}", run / "checkpoint.part", run / "checkpoint.old"
    for left in (temporary, old):
        shutil.rmtree(left, ignore_errors=True)
    if is_whole(folder) and (run / LATEST).is_file() and (run / LATEST).read_text().strip() == folder.name:
        return folder  # as when a run is paused and then stopped; to replace it would leave a moment without it
    try:
        _write(temporary, save_weights, optimisers, progress, run)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)  # what is told of this needs a little room
        raise UserError(
            "checkpoint-write",
            f"The disk is full: the checkpoint of step {progress.step:,} could not be saved."
            if is_full(error)
            else f"The checkpoint of step {progress.step:,} could not be saved.",
            "Make room on the disk, then resume: the run goes on from its last checkpoint, which was kept."
            if newest_checkpoint(run) is not None
            else "Make room on the disk, then begin again.",
            str(error),
        ) from error
    if folder.exists():
        folder.rename(old)
    temporary.rename(folder)
    write_atomically(run / LATEST, lambda path: _write_bytes(path, folder.name.encode()))
    whole = sorted(path for path in run.glob("checkpoint-???????") if is_whole(path))
    best = best_checkpoint(run)
    kept = [folder, *[path for path in whole if path.name < folder.name][-1:], *([best[0]] if best else [])]
    for other in [old, *run.glob("checkpoint-???????")]:
        if other not in kept:
            shutil.rmtree(other, ignore_errors=True)
    return folder


def check_room(run: Path, saved: int, trained: int, plan: Optimiser) -> None:
    """Raise UserError where not even one checkpoint has room on the disk. saved, trained: numbers of parameters."""
    needed = 4 * (saved + trained * (2 if plan.kind in ("adam", "adamw") else 1))
    free = shutil.disk_usage(run).free
    if free < needed:
        raise UserError(
            "checkpoint-room",
            f"A checkpoint of this model takes {needed / 1e9:.2f} GB, and {free / 1e9:.2f} GB are free on the disk of {run}.",
            "Make room, or choose a folder on another disk.",
        )


def mark_best(run: Path, loss: float) -> None:
    """From now on the newest checkpoint of a run is its best on what is held out. loss: in nats a token."""
    newest = newest_checkpoint(run)
    if newest is not None:
        write_atomically(run / BEST, lambda path: _write_bytes(path, f"{newest.name} {loss!r}".encode()))


def _write(
    folder: Path, save_weights: Callable[[Path], None], optimisers: Optimisers, progress: Progress, run: Path
) -> None:
    folder.mkdir()
    tensors, numbers = _flatten(optimisers)
    write_atomically(folder / _TENSORS, lambda path: save_file(tensors, path))
    write_atomically(folder / _NUMBERS, lambda path: _write_bytes(path, msgspec.json.encode(numbers)))
    write_atomically(folder / _PROGRESS, lambda path: _write_bytes(path, msgspec.json.encode(progress)))
    copy_tokenizer(run, folder)
    save_weights(folder)


def load_progress(folder: Path, optimisers: Optimisers) -> Progress:
    """Bring the optimisers to where the checkpoint left them.

    Raises UserError for files that are damaged, and for a checkpoint of another kind of optimiser.
    """
    try:
        tensors = load_file(folder / _TENSORS)
        numbers = msgspec.json.decode((folder / _NUMBERS).read_bytes(), type=list[list[float]])
        progress = msgspec.json.decode((folder / _PROGRESS).read_bytes(), type=Progress)
    except (OSError, SafetensorError, msgspec.MsgspecError) as error:
        raise UserError(
            "checkpoint-broken",
            f"The checkpoint {folder} is damaged.",
            "Write the name of an older one into the file latest of the run, or start anew.",
            str(error),
        ) from error
    states = optimisers.state_dict()
    stored: list[dict[int, dict[str, Tensor]]] = [{} for _ in states]
    try:
        for name, tensor in tensors.items():
            owner, parameter, key = name.split("/")
            stored[int(owner)].setdefault(int(parameter), {})[key] = tensor
        for state, values, rates in zip(states, stored, numbers, strict=True):
            state["state"] = values
            for group, rate in zip(state["param_groups"], rates, strict=True):
                group["lr"] = rate
        optimisers.load_state_dict(states)
    except (ValueError, IndexError) as error:
        raise UserError(
            "optimiser-mismatch",
            "The checkpoint was made with another optimiser.",
            "Resume with the recipe that the run was started with.",
            str(error),
        ) from error
    return progress


def _flatten(optimisers: Optimisers) -> tuple[dict[str, Tensor], list[list[float]]]:
    tensors: dict[str, Tensor] = {}
    numbers: list[list[float]] = []
    for place, state in enumerate(optimisers.state_dict()):
        for parameter, values in state["state"].items():
            for key, value in values.items():
                tensors[f"{place}/{parameter}/{key}"] = torch.as_tensor(value).contiguous()
        numbers.append([group["lr"] for group in state["param_groups"]])
    return tensors, numbers


def _write_bytes(path: Path, data: bytes) -> None:
    path.write_bytes(data)
