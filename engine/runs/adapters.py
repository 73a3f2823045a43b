"""The runs that trained an adapter for a model."""

import contextlib
from pathlib import Path

import msgspec

from engine.decoder.folder import newest_checkpoint
from engine.errors import UserError
from engine.runs.about import read_about
from engine.runs.recipe import read_recipe
from engine.runs.status import find_runs


class TrainedAdapter(msgspec.Struct, frozen=True):
    """A run with LoRA that has a checkpoint; step is that of the newest one."""

    run: Path
    title: str
    step: int


def trained_adapters(runs: Path, model: Path) -> tuple[TrainedAdapter, ...]:
    """Those in a folder of runs that began from this very file, the latest first; what cannot be read is passed over."""
    found = []
    for run in find_runs(runs):
        with contextlib.suppress(UserError, OSError, ValueError):
            recipe, checkpoint = read_recipe(run), newest_checkpoint(run)
            if recipe.lora is None or checkpoint is None or Path(recipe.start_from).resolve() != model.resolve():
                continue
            step = int(checkpoint.name.rpartition("-")[2])
            found.append(TrainedAdapter(run, read_about(run).title or recipe.title or run.name, step))
    return tuple(found)
