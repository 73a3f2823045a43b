"""train: a recipe on a person's data; ngram: what counting achieves on the same."""

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from engine.training.events import Baseline


def register(application: typer.Typer) -> None:
    application.command()(train)
    application.command()(ngram)


def train(
    recipe: Annotated[str, typer.Argument(metavar="RECIPE", help="A shipped recipe's name, or a TOML file.")],
    data: Annotated[Path, typer.Option(help="The folder or file with the texts.")],
    out: Annotated[Path, typer.Option(help="The folder of the run.")],
    set: Annotated[list[str] | None, typer.Option(help="Change a value of the recipe, as in steps=200.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the run's last checkpoint.")] = False,
) -> None:
    """Train a model. Ctrl+C saves a checkpoint and stops."""
    from engine.training.events import (
        Baseline,
        CheckpointSaved,
        Evaluated,
        Finished,
        Preparing,
        Sample,
        Started,
        StepDone,
    )
    from engine.training.run import train as run

    def packing(event: Preparing) -> None:
        say(f"packing {event.source}: {event.bytes / 1e6:.0f} MB")

    with _signals_noted() as stopped:
        for event in run(recipe, data, out, tuple(set or ()), resume, stopped, packing):
            match event:
                case Started():
                    say(f"{event.parameters:,} parameters, {event.tokens_per_step:,} tokens a step")
                    say(f"from step {event.step} to {event.steps}")
                case StepDone():
                    eta = "" if event.eta_s is None else f"  {_duration(event.eta_s)} left"
                    rate = f"{event.tokens_per_s:,.0f} tokens/s"
                    say(f"step {event.step}/{event.steps}  loss {event.loss:.4f}  {rate}{eta}")
                case Baseline():
                    _say_baseline(event)
                case Evaluated():
                    say(f"held out, {event.source}: loss {event.loss:.4f}, {event.bits_per_byte:.4f} bits per byte")
                case Sample():
                    say(f"sample: {event.prompt}|{event.text}")
                case CheckpointSaved():
                    say(f"saved {event.path}")
                case Finished():
                    say(f"finished at step {event.step} ({event.why})")
                    print(out)


def ngram(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a training run.")],
    out: Annotated[Path, typer.Option(help="The folder of the n-gram model, which opens like any other model.")],
    order: Annotated[int, typer.Option(min=1, max=9, help="Tokens in the longest run that is counted.")] = 5,
    tokens: Annotated[int, typer.Option(min=1, help="How many tokens of the run's texts are counted.")] = 10_000_000,
) -> None:
    """Count the n-grams in the texts of a training run: what its model has to beat."""
    from engine.ngram.folder import save_ngram
    from engine.training.baseline import count_streams, held_out
    from engine.training.recipe import NgramPlan
    from engine.training.run import open_data

    recipe, batches, vocabulary = open_data(run)
    weights = [source.weight for source in recipe.sources]
    model, counted = count_streams(batches.streams, weights, NgramPlan(order, tokens), vocabulary.size)
    say(f"{model.ngram_count:,} n-grams of up to {order} tokens, in {counted:,} tokens")
    for event in held_out(model, counted, batches, recipe.evaluation_rows, vocabulary):
        _say_baseline(event)
    save_ngram(out, model, vocabulary, counted)
    print(out)


def _say_baseline(event: "Baseline") -> None:
    counted = f"{event.order}-grams of {event.tokens / 1e6:.1f} M tokens"
    say(f"{counted}, held out, {event.source}: loss {event.loss:.4f}, {event.bits_per_byte:.4f} bits per byte")


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


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _duration(seconds: float) -> str:
    minutes = int(seconds // 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min {int(seconds % 60)} s"
