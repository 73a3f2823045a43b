"""train: a recipe on a person's data."""

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer


def register(application: typer.Typer) -> None:
    application.command()(train)


def train(
    recipe: Annotated[str, typer.Argument(metavar="RECIPE", help="A shipped recipe's name, or a TOML file.")],
    data: Annotated[Path, typer.Option(help="The folder or file with the texts.")],
    out: Annotated[Path, typer.Option(help="The folder of the run.")],
    set: Annotated[list[str] | None, typer.Option(help="Change a value of the recipe, as in steps=200.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the run's last checkpoint.")] = False,
) -> None:
    """Train a model. Ctrl+C saves a checkpoint and stops."""
    from engine.training.events import CheckpointSaved, Evaluated, Finished, Preparing, Sample, Started, StepDone
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
                case Evaluated():
                    say(f"held out, {event.source}: loss {event.loss:.4f}, {event.bits_per_byte:.4f} bits per byte")
                case Sample():
                    say(f"sample: {event.prompt}|{event.text}")
                case CheckpointSaved():
                    say(f"saved {event.path}")
                case Finished():
                    say(f"finished at step {event.step} ({event.why})")
                    print(out)


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
