"""The runs in a folder, and how each of them stands."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec

from engine.decoder.folder import best_checkpoint, is_whole, newest_checkpoint
from engine.runs.control import is_running
from engine.runs.events import (
    EVENTS,
    Baseline,
    CheckpointSaved,
    Evaluated,
    Failed,
    Finished,
    Paused,
    Prepared,
    Preparing,
    Probe,
    Resumed,
    Sample,
    Started,
    StepDone,
    TrainingEvent,
    read_events,
)
from engine.runs.recipe import RECIPE
from engine.runs.stored import Stored, stored_recipe

#: interrupted: its process ended without a word, as by a kill or a power cut.
State = Literal["preparing", "running", "paused", "finished", "stopped", "failed", "interrupted"]


class RunStatus(msgspec.Struct, frozen=True):
    """How a run stands. Losses are in nats a token; bits_per_byte and baseline are held-out, by source.

    best: the checkpoint with the lowest held-out loss, where one was measured.
    unknown: fields of its recipe that this version does not have; broken: those that could not be read.
    """

    path: str
    name: str
    title: str
    state: State
    step: int
    steps: int
    loss: float | None
    tokens_per_s: float | None
    eta_s: float | None
    bits_per_byte: dict[str, float]
    baseline: dict[str, float]
    resumable: bool
    problem: str = ""
    best: str = ""
    unknown: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


def find_runs(folder: Path) -> list[Path]:
    """The runs directly below a folder, the latest first."""
    runs = [path for path in folder.glob("*") if any((path / name).is_file() for name in (RECIPE, EVENTS))]
    return sorted(runs, key=_changed, reverse=True)


def run_status(run: Path) -> RunStatus:
    """Raises UserError for a folder that holds no run."""
    stored = stored_recipe(run)
    events, _ = read_events(run)
    return status_of(run, stored, events, is_running(run))


def saved_checkpoints(run: Path) -> tuple[tuple[str, int], ...]:
    """Those of a run that are there and whole, path and step, the newest first."""
    found = []
    for path in run.glob("checkpoint-*"):
        step = path.name.rpartition("-")[2]
        if step.isdecimal() and is_whole(path):
            found.append((str(path), int(step)))
    return tuple(sorted(found, key=lambda one: -one[1]))


def status_of(run: Path, stored: Stored, events: Iterable[TrainingEvent], running: bool) -> RunStatus:
    """How a run stands by its events."""
    recipe = stored.recipe
    state: State = "preparing"
    step, steps, problem = 0, recipe.steps, ""
    last: StepDone | None = None
    pace: StepDone | None = None  # of the present process
    bits: dict[str, float] = {}
    baseline: dict[str, float] = {}
    for event in events:
        match event:
            case Started():
                step, steps, state, pace = event.step, event.steps, "running", None
            case Resumed() | Paused() | Finished():
                step = event.step
                state = _after(event)
            case StepDone():
                step, last, pace, state = event.step, event, event, "running"
            case Baseline():
                baseline[event.source] = event.bits_per_byte
            case Evaluated():
                step = max(step, event.step)
                bits[event.source] = event.bits_per_byte
            case Failed():
                state, problem = "failed", f"{event.text} {event.hint}".strip()
            case Preparing() | Prepared() | Sample() | Probe() | CheckpointSaved():
                pass
    if not running and state in ("preparing", "running", "paused"):
        state = "interrupted"
    best = best_checkpoint(run)
    return RunStatus(
        str(run),
        recipe.name,
        recipe.title,
        state,
        step,
        steps,
        last.loss if last else None,
        pace.tokens_per_s if pace and running else None,
        pace.eta_s if pace and running else None,
        bits,
        baseline,
        not (running or stored.broken)
        and newest_checkpoint(run) is not None
        and (step < steps or state in ("failed", "interrupted")),
        problem,
        "" if best is None else str(best[0]),
        stored.unknown,
        stored.broken,
    )


def _after(event: Resumed | Paused | Finished) -> State:
    if isinstance(event, Paused):
        return "paused"
    if isinstance(event, Finished):
        return "stopped" if event.why == "stopped" else "finished"
    return "running"


def _changed(run: Path) -> float:
    try:
        return max((run / name).stat().st_mtime for name in (EVENTS, RECIPE) if (run / name).exists())
    except (OSError, ValueError):  # it was taken away a moment ago
        return 0.0
