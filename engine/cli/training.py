"""train: a recipe on a person's data; finetune: a model on theirs; ngram: what counting achieves on the same."""

import contextlib
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.common import Json
from engine.cli.training_events import say, tell_event
from engine.errors import UserError
from engine.library.catalogue import named_model
from engine.ngram.counts import Smoothing
from engine.resources import resource_path
from engine.runs.named import named_run

if TYPE_CHECKING:
    from engine.runs.recipe import Recipe

_SHIPPED = ", ".join(sorted(file.stem for file in resource_path("recipes").glob("*.toml")))
_Data = Annotated[Path, typer.Option(help="The folder or file with the texts.")]
_Out = Annotated[Path, typer.Option(help="The folder of the run.")]
Run = Annotated[
    Path,
    typer.Argument(
        metavar="RUN",
        parser=named_run,
        help="A run as `proxima runs list` names it, of which the beginning is enough; or its folder.",
    ),
]
_Set = Annotated[list[str] | None, typer.Option(help="Change a value of the recipe, as in steps=200.")]
_Detach = Annotated[bool, typer.Option("--detach", help="Go on in the background; look at it with `proxima runs`.")]


def register(application: typer.Typer) -> None:
    for verb in (train, finetune, ngram):
        application.command()(verb)


def train(
    recipe: Annotated[str, typer.Argument(metavar="RECIPE", help=f"A TOML file, or a shipped recipe: {_SHIPPED}.")],
    out: _Out,
    data: Annotated[Path | None, typer.Option(help="The folder or file with the texts.")] = None,
    set: _Set = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the run's last checkpoint.")] = False,
    detach: _Detach = False,
    json: Json = False,
) -> None:
    """Train a model. Ctrl+C saves a checkpoint and stops."""
    from engine.runs.recipe import load_recipe

    with failures_told(json):
        # A run that goes on may not need what it started from any more.
        loaded = (load_recipe if resume else named_recipe)(recipe, tuple(set or ()))
        if data is None and loaded.needs_data:
            raise UserError(
                "data-missing", f"The recipe {loaded.name} needs texts.", "Name them with --data FOLDER_OR_FILE."
            )
        run_here_or_detached(loaded, data or Path(), out, resume, detach, json)


def finetune(
    model: Annotated[str, typer.Argument(metavar="MODEL", help='"bundled", a run, a checkpoint or a GGUF file.')],
    data: _Data,
    out: _Out,
    full: Annotated[bool, typer.Option("--full", help="Train all weights instead of an adapter.")] = False,
    set: _Set = None,
    detach: _Detach = False,
    json: Json = False,
) -> None:
    """Train a model on: an adapter beside its weights (LoRA), from conversations or plain texts."""
    from engine.runs.recipe import load_recipe

    with failures_told(json):
        changes = [f"start_from={named_model(model).resolve()}", *(set or ())]
        name = "finetune-full" if full else "finetune"
        run_here_or_detached(load_recipe(name, tuple(changes)), data, out, False, detach, json)


def ngram(
    run: Run,
    out: Annotated[Path, typer.Option(help="The folder of the n-gram model, which opens like any other model.")],
    order: Annotated[int, typer.Option(min=1, max=9, help="Tokens in the longest run that is counted.")] = 5,
    tokens: Annotated[int, typer.Option(min=1, help="How many tokens of the run's texts are counted.")] = 10_000_000,
    smoothing: Annotated[
        Smoothing, typer.Option(help="What is given to what was never seen: by all contexts, or by the longest known.")
    ] = "kneser-ney",
    json: Json = False,
) -> None:
    """Count the n-grams in the texts of a training run: what its model has to beat."""
    from engine.ngram.folder import save_ngram
    from engine.runs.recipe import NgramPlan
    from engine.training.baseline import count_streams, held_out
    from engine.training.run import open_data

    if out.is_file() or (out.is_dir() and any(out.iterdir())):
        raise UserError("ngram-exists", f"{out} is there already.", "Choose another folder for the counts.")
    recipe, batches, vocabulary = open_data(run)
    weights = [source.weight for source in recipe.sources]
    model, counted = count_streams(batches.streams, weights, NgramPlan(order, tokens, smoothing), vocabulary.size)
    say(f"{model.ngram_count:,} n-grams of up to {order} tokens, in {counted:,} tokens")
    if not batches.validation:
        say("The texts were too few to hold any out, so there is nothing to measure the counts on.")
    for event in held_out(model, counted, batches, recipe.evaluation_rows, vocabulary):
        tell_event(event, json)
    save_ngram(out, model, vocabulary, counted, smoothing)
    if not json:
        print(out)


def named_recipe(recipe: str, changes: tuple[str, ...]) -> "Recipe":
    """A recipe by its name or file; the model to start from may be named as on the command line."""
    import msgspec

    from engine.runs.recipe import load_recipe

    loaded = load_recipe(recipe, changes)
    if not loaded.start_from:
        return loaded
    return msgspec.structs.replace(loaded, start_from=str(named_model(loaded.start_from).resolve()))


def run_here_or_detached(recipe: "Recipe", data: Path, out: Path, resume: bool, detach: bool, json: bool) -> None:
    """Run a recipe and tell what happens, or leave that to a process of its own."""
    from engine.runs.begun import gone_unless_trained
    from engine.runs.detached import start_detached
    from engine.runs.stored import check_kept
    from engine.training.run import check_folder, run_recipe

    if not data.exists():
        raise UserError("data-not-found", f"There is no file or folder {data}.", "Check the path.")
    if detach:
        if check_folder(out, resume) is not None:
            check_kept(out, recipe)  # before the new one is written
        start_detached(recipe, data, out, resume)
        say(f"It goes on in the background. To look at it: proxima runs show {out}")
        print(out)
        return
    with gone_unless_trained(out), _signals_noted() as stopped:
        for event in run_recipe(recipe, data, out, resume, stopped, lambda preparing: tell_event(preparing, json)):
            tell_event(event, json)
    if not json:
        print(out)


@contextlib.contextmanager
def failures_told(json: bool) -> Iterator[None]:
    """What a program reads ends with the event that says why, as the run's own events do, also where no run came to be."""
    from engine.runs.events import Failed

    try:
        yield
    except UserError as error:
        if json:
            tell_event(Failed(error.code, error.text, error.hint), json)
        raise


@contextlib.contextmanager
def _signals_noted() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl+C or a request to end has come, as a function. A second one does what it does elsewhere: ends at once."""
    noted = False
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def note(_number: int, _frame: object) -> None:
        nonlocal noted
        noted = True
        restore()
        say("Stopping after this step. Once more ends it at once; the last checkpoint stays.")

    for number in before:
        signal.signal(number, note)
    try:
        yield lambda: noted
    finally:
        restore()
