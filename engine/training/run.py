"""A training run from its recipe to its last checkpoint, in a folder that can be resumed."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import torch

from engine.decoder.checkpoint import load_decoder
from engine.decoder.model import Decoder
from engine.errors import UserError
from engine.tokenizer.bpe import BytePairVocabulary
from engine.training.batches import Batches
from engine.training.checkpoint import Progress, latest_checkpoint, load_progress
from engine.training.events import Preparing, TrainingEvent, append_event
from engine.training.loop import Loop
from engine.training.optimisers import Optimisers
from engine.training.prepare import prepare
from engine.training.recipe import Recipe, load_recipe


def train(
    recipe_name: str,
    data: Path,
    out: Path,
    overrides: tuple[str, ...] = (),
    resume: bool = False,
    stopped: Callable[[], bool] = lambda: False,
    report: Callable[[Preparing], None] = lambda _: None,
) -> Iterator[TrainingEvent]:
    """Run a recipe on the data below a folder, writing everything to the folder out; yields what happens.

    With resume the run in out goes on from its last checkpoint. report hears of the packing of the data, which happens before
    the first event. Raises UserError for a recipe, data or folder that cannot be used.
    """
    recipe = load_recipe(recipe_name, overrides)
    if latest_checkpoint(out) is None and resume:
        raise UserError("nothing-to-resume", f"{out} holds no checkpoint to go on from.", "Start without resume.")
    if (out / "events.jsonl").exists() and not resume:
        raise UserError("run-exists", f"{out} already holds a run.", "Resume it, or choose another folder.")
    torch.set_num_threads(recipe.threads or os.cpu_count() or 1)
    vocabulary = prepare(recipe, data, out, lambda source, size: report(Preparing(source, size)))
    (out / "recipe.json").write_bytes(msgspec.json.format(msgspec.json.encode(recipe)))
    loop = _make_loop(recipe, out, vocabulary, resume, stopped)
    # Denormal numbers cost hundreds of cycles each; the mode is the whole process's, so it is put back.
    torch.set_flush_denormal(True)
    try:
        for event in loop.events():
            append_event(out, event)
            yield event
    finally:
        torch.set_flush_denormal(False)


def _make_loop(
    recipe: Recipe, out: Path, vocabulary: BytePairVocabulary, resume: bool, stopped: Callable[[], bool]
) -> Loop:
    batches = Batches(recipe, out)
    checkpoint = latest_checkpoint(out) if resume else None
    if checkpoint is not None:
        model = load_decoder(checkpoint)
    elif recipe.start_from:
        model = load_decoder(decoder_folder(Path(recipe.start_from)))
    else:
        model = Decoder(recipe.decoder_config(vocabulary.size))
        model.initialise(recipe.seed)
    optimisers = Optimisers(model, recipe.optimiser)
    progress = Progress(0, 0.0) if checkpoint is None else load_progress(checkpoint, optimisers)
    return Loop(recipe, out, model, optimisers, batches, vocabulary, progress, stopped)


def decoder_folder(path: Path) -> Path:
    """The folder with the weights: path itself, or the last checkpoint of the run that path is."""
    return latest_checkpoint(path) or path
