"""A training run from its recipe to its last checkpoint, in a folder that can be resumed."""

import contextlib
import itertools
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch

from engine.decoder.checkpoint import load_decoder
from engine.decoder.files import is_full
from engine.decoder.folder import newest_checkpoint
from engine.decoder.load import open_decoder
from engine.decoder.lora import AdapterConfig, add_lora, fingerprint, load_adapter
from engine.decoder.model import Decoder
from engine.decoder.tokenizer_files import load_tokenizer
from engine.errors import Cancelled, UserError
from engine.runs.control import heard, locked
from engine.runs.events import EVENTS, Failed, Finished, Prepared, Preparing, TrainingEvent, append_event
from engine.runs.recipe import Recipe, load_recipe, read_recipe
from engine.runs.stored import check_kept, write_recipe
from engine.tokenizer.vocabulary import StoredVocabulary
from engine.training.batches import Batches
from engine.training.checkpoint import Progress, check_room, load_progress
from engine.training.device import choose_device
from engine.training.distributed import Ranks
from engine.training.loop import Loop
from engine.training.objectives import make_objective
from engine.training.optimisers import Optimisers
from engine.training.prepare import prepare
from engine.training.tensorboard import check_tensorboard, tensorboard_log

_TOLD_EVERY_S = 1.0


def train(
    recipe_name: str,
    data: Path,
    out: Path,
    overrides: tuple[str, ...] = (),
    resume: bool = False,
    stopped: Callable[[], bool] = lambda: False,
    report: Callable[[Preparing | Prepared], None] = lambda _: None,
) -> Iterator[TrainingEvent]:
    """Run a recipe on the data below a folder, writing everything to the folder out; yields what happens.

    With resume the run in out goes on from its last checkpoint. report hears of the packing of the data, which happens before
    the first event. Started by torchrun in several processes, they share each batch, and the first alone yields and writes
    anything. Raises UserError for a recipe, data or folder that cannot be used, Cancelled when stopped() turns true
    before there is anything to save.
    """
    yield from run_recipe(load_recipe(recipe_name, overrides), data, out, resume, stopped, report)


def run_recipe(
    recipe: Recipe,
    data: Path,
    out: Path,
    resume: bool = False,
    stopped: Callable[[], bool] = lambda: False,
    report: Callable[[Preparing | Prepared], None] = lambda _: None,
) -> Iterator[TrainingEvent]:
    """train() with a recipe that is loaded already."""
    checkpoint = check_folder(out, resume)
    ranks = Ranks()
    ranks.check_batch(recipe.batch)
    if checkpoint is None:
        recipe.check_shape()
    else:
        check_kept(out, recipe)
    choose_device(recipe.device)  # what cannot be is said before hours are spent on the data
    if recipe.tensorboard:
        check_tensorboard()
    try:
        out.mkdir(parents=True, exist_ok=True)
        with ranks.joined():
            if ranks.leads:
                with locked(out):
                    yield from _failures_noted(out, _prepared(recipe, data, out, checkpoint, stopped, report, ranks))
            else:
                _follow(recipe, out, checkpoint, ranks)
    except OSError as error:
        raise _not_written(out, error) from error


def _prepared(
    recipe: Recipe,
    data: Path,
    out: Path,
    checkpoint: Path | None,
    stopped: Callable[[], bool],
    report: Callable[[Preparing | Prepared], None],
    ranks: Ranks,
) -> Iterator[TrainingEvent]:
    told = 0.0

    def packing(event: Preparing | Prepared) -> None:
        nonlocal told
        report(event)
        if isinstance(event, Prepared) or time.monotonic() - told > _TOLD_EVERY_S:
            append_event(out, event)
            told = time.monotonic()

    def check() -> None:
        if stopped() or heard(out) == "stop":
            raise Cancelled

    if checkpoint is None:
        (out / EVENTS).unlink(missing_ok=True)  # of a run that was killed before it had saved anything
    write_recipe(out, recipe)
    opened = _opened(recipe, checkpoint)
    vocabulary = prepare(recipe, data, out, packing, check, anew=checkpoint is None)
    ranks.wait()
    loop = _make_loop(recipe, out, vocabulary, opened, checkpoint, stopped, ranks)
    parameters = list(loop.model.parameters())
    trained = sum(one.numel() for one in parameters if one.requires_grad)
    saved = trained if recipe.lora is not None else sum(one.numel() for one in parameters)
    check_room(out, saved, trained, recipe.optimiser)
    counted = loop.objective.baseline() if loop.progress.step == 0 else ()
    with tensorboard_log(out, loop.progress.step, recipe.tensorboard) as log:
        for event in itertools.chain(counted, _run(loop)):
            append_event(out, event)
            log(event)
            yield event


def _follow(recipe: Recipe, out: Path, checkpoint: Path | None, ranks: Ranks) -> None:
    """Train along with the process that leads, which prepares the data and does all the writing."""
    ranks.wait()
    vocabulary = load_tokenizer(out)
    opened = _opened(recipe, checkpoint)
    for _ in _run(_make_loop(recipe, out, vocabulary, opened, checkpoint, lambda: False, ranks)):
        pass


def _failures_noted(out: Path, events: Iterator[TrainingEvent]) -> Iterator[TrainingEvent]:
    """The same events; an error for the person is written down too, for whoever looks at the run later, and an early stop."""
    try:
        yield from events
    except Cancelled:  # while it was being prepared
        saved = newest_checkpoint(out)
        append_event(out, Finished(int(saved.name.rpartition("-")[2]) if saved else 0, "stopped", 0.0))
        raise
    except (UserError, OSError) as error:
        told = error if isinstance(error, UserError) else _not_written(out, error)
        with contextlib.suppress(
            OSError
        ):  # where not even a line can be written, the one who began the run still hears it
            append_event(out, Failed(told.code, told.text, told.hint))
        raise told from error


def _not_written(out: Path, error: OSError) -> UserError:
    if not is_full(error):
        return UserError("run-write", f"The run's folder {out} cannot be written.", "Check its rights.", str(error))
    return UserError(
        "run-write",
        f"The disk is full: {out} cannot be written.",
        "Make room on the disk, then go on; a checkpoint that was saved before is kept.",
        str(error),
    )


def _run(loop: Loop) -> Iterator[TrainingEvent]:
    """The loop's events, under settings of torch that are put back: they are the whole process's."""
    threads = torch.get_num_threads()
    torch.set_num_threads(loop.recipe.threads or os.cpu_count() or 1)
    torch.set_flush_denormal(True)  # denormal numbers cost hundreds of cycles each
    try:
        yield from loop.events()
    finally:
        torch.set_flush_denormal(False)
        torch.set_num_threads(threads)


def check_folder(out: Path, resume: bool) -> Path | None:
    """What the run in the folder goes on from, None for one that starts. Raises UserError where it can do neither."""
    checkpoint = newest_checkpoint(out)
    if resume and checkpoint is None:
        raise UserError("nothing-to-resume", f"{out} holds no checkpoint to go on from.", "Start without resume.")
    if checkpoint is not None and not resume:
        raise UserError("run-exists", f"{out} already holds a run.", "Resume it, or choose another folder.")
    if out.exists() and not out.is_dir():
        raise UserError("run-folder", f"{out} is a file.", "Name a folder for the run.")
    if (out / "tokenizer.json").exists() and not (out / "recipe.json").exists():
        raise UserError("run-folder", f"{out} already holds another model.", "Choose another folder for the run.")
    return checkpoint


def _make_loop(
    recipe: Recipe,
    out: Path,
    vocabulary: StoredVocabulary,
    opened: tuple[Decoder, AdapterConfig | None] | None,
    checkpoint: Path | None,
    stopped: Callable[[], bool],
    ranks: Ranks,
) -> Loop:
    objective = make_objective(recipe, out, vocabulary)
    model, adapter = opened or _made(recipe, vocabulary)
    model.to(choose_device(recipe.device))
    model.recompute, model.dropout = recipe.recompute, recipe.dropout
    optimisers = Optimisers(model, recipe.optimiser)
    progress = Progress(0, 0.0) if checkpoint is None else load_progress(checkpoint, optimisers)
    return Loop(recipe, out, model, optimisers, objective, vocabulary, progress, stopped, adapter, ranks)


def _made(recipe: Recipe, vocabulary: StoredVocabulary) -> tuple[Decoder, None]:
    """A model that knows nothing yet."""
    model = Decoder(recipe.decoder_config(vocabulary.size))
    model.initialise(recipe.seed)
    return model, None


def _opened(recipe: Recipe, checkpoint: Path | None) -> tuple[Decoder, AdapterConfig | None] | None:
    """The weights to go on from, and where only an adapter learns what is to be known of it; None where there are none yet."""
    if checkpoint is None and not recipe.start_from:
        return None
    model = load_decoder(checkpoint) if checkpoint and recipe.lora is None else open_decoder(Path(recipe.start_from))
    recipe.check_context(model.config)
    if recipe.lora is None:
        return model, None
    if checkpoint is not None:
        return model, load_adapter(checkpoint, model)
    adapter = AdapterConfig(recipe.lora, str(Path(recipe.start_from).resolve()), fingerprint(model))
    add_lora(model, recipe.lora, recipe.seed)
    return model, adapter


def open_data(run: Path) -> tuple[Recipe, Batches, StoredVocabulary]:
    """What a run was made from. Raises UserError for a folder that holds no run."""
    recipe = read_recipe(run)
    return recipe, Batches(recipe, run), load_tokenizer(run)
