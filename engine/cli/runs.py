"""runs: look at training runs, and steer those that go on."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.common import Json, print_json
from engine.cli.tables import print_table
from engine.cli.training import Run, failures_told, run_here_or_detached
from engine.cli.training_events import duration, say, tell_event
from engine.errors import UserError
from engine.resources import data_folder

if TYPE_CHECKING:
    from engine.runs.control import Command
    from engine.runs.status import RunStatus

_POLL_S = 0.5


def register(application: typer.Typer) -> None:
    runs = typer.Typer(no_args_is_help=True, help="Look at training runs, and steer those that go on.")
    runs.command("list")(list_runs)
    for verb in (show, pause, resume, stop, save, about, delete, restore):
        runs.command()(verb)
    application.add_typer(runs, name="runs")


def list_runs(
    folder: Annotated[Path | None, typer.Argument(help="Where the runs lie; Próxima's own folder without it.")] = None,
    json: Json = False,
) -> None:
    """List the runs in a folder."""
    from engine.runs.status import find_runs, run_status

    place = folder or data_folder() / "runs"
    if folder is not None and not folder.is_dir():
        raise UserError("folder-not-found", f"There is no folder {folder}.", "Check the path.")
    statuses = [run_status(path) for path in find_runs(place)]
    if json:
        print_json(statuses)
        return
    if not statuses:
        say(f"There are no runs in {place}. To begin one: proxima train RECIPE --data TEXTS --out {place / 'NAME'}")
        return
    print_table(
        *("run", "state", "step", "loss", "held out, bits per byte"),
        rows=[_row(status, folder is None) for status in statuses],
        right=(2, 3),
        whole=(0,),
    )


def _row(status: "RunStatus", ours: bool) -> tuple[str, ...]:
    """What is printed first names the run to the other verbs."""
    bits = ", ".join(f"{name} {value:.3f}" for name, value in status.bits_per_byte.items())
    loss = "" if status.loss is None else f"{status.loss:.4f}"
    state = f"{status.state}, of another version" if status.unknown or status.broken else status.state
    name = Path(status.path).name if ours else status.path
    return name, state, f"{status.step:,}/{status.steps:,}", loss, bits


def show(
    run: Run,
    follow: Annotated[bool, typer.Option("--follow", help="Go on telling until the run ends.")] = False,
    json: Json = False,
) -> None:
    """Tell how a run stands; with --follow everything that happens."""
    from engine.runs.control import is_running
    from engine.runs.events import read_events
    from engine.runs.status import run_status

    status = run_status(run)
    if not json:
        print(_described(status), flush=True)
    elif not follow:
        print_json(status)
    if not follow:
        return
    _, place = read_events(run)
    while True:
        going = is_running(run)  # asked before the events are read, so that the last ones are not missed
        events, place = read_events(run, place)
        for event in events:
            tell_event(event, json)
        if not going:
            return
        time.sleep(_POLL_S)


def pause(run: Run) -> None:
    """Save a checkpoint and wait, with everything in memory."""
    _tell(run, "pause")


def save(run: Run) -> None:
    """Save a checkpoint now."""
    _tell(run, "save")


def stop(run: Run) -> None:
    """Save a checkpoint and end; the run can be resumed."""
    _tell(run, "stop")


def resume(
    run: Run,
    set: Annotated[
        list[str] | None, typer.Option(help="Change a value of the recipe, as in steps=2000; again for the next one.")
    ] = None,
    detach: Annotated[bool, typer.Option("--detach", help="Go on in the background.")] = False,
    json: Json = False,
) -> None:
    """Go on: a paused run at once, one that has ended from its last checkpoint."""
    from engine.runs.control import is_running
    from engine.runs.status import run_status
    from engine.runs.stored import changed_recipe

    with failures_told(json):
        if is_running(run):
            if set:
                raise UserError(
                    "run-goes-on", f"The run in {run} is going on, so it keeps its recipe.", "Stop it first."
                )
            _tell(run, "resume")
            return
        recipe, status = changed_recipe(run, tuple(set or ())), run_status(run)
        if status.state == "finished" and status.step >= recipe.steps:
            raise UserError(
                "run-finished",
                f"The run in {run} has done all of its {status.step:,} steps.",
                f"For more: proxima runs resume {run} --set steps={2 * status.step}",
            )
        run_here_or_detached(recipe, run, run, True, detach, json)


def about(
    run: Run,
    title: Annotated[str | None, typer.Option(help="What it is called in lists.")] = None,
    tags: Annotated[str | None, typer.Option(help="Words with commas between them.")] = None,
    notes: Annotated[str | None, typer.Option(help="Anything worth remembering.")] = None,
    json: Json = False,
) -> None:
    """Title, tags and notes of a run; with options they are changed."""
    from engine.runs.about import About, read_about, tags_from, write_about
    from engine.runs.stored import stored_recipe

    recipe, said = stored_recipe(run).recipe, read_about(run)
    if (title, tags, notes) != (None, None, None):
        said = About(
            said.title if title is None else title.strip(),
            said.notes if notes is None else notes,
            said.tags if tags is None else tags_from(tags),
        )
        write_about(run, said)
    if json:
        print_json(said)
    else:
        print("\n".join(part for part in (said.title or recipe.title, ", ".join(said.tags), said.notes) if part))


def delete(run: Run) -> None:
    """Put a run aside. It can be restored for 30 days at least."""
    from engine.runs.removal import KEPT_DAYS, set_aside
    from engine.runs.stored import stored_recipe

    stored_recipe(run)  # nothing else is deleted by mistake
    aside = set_aside(run)
    say(f"It is kept for {KEPT_DAYS} days. To have it back: proxima runs restore {aside}")
    print(aside)


def restore(
    run: Annotated[
        str, typer.Argument(metavar="ASIDE", help="The deleted run's name, or where `proxima runs delete` put it.")
    ],
) -> None:
    """Bring a deleted run back to the list."""
    from engine.runs.removal import bring_back, put_aside

    print(bring_back(put_aside(run, data_folder() / "runs")))


def _tell(run: Path, command: "Command") -> None:
    from engine.runs.control import tell

    tell(run, command)
    say(f"The run was told to {command}.")


def _described(status: "RunStatus") -> str:
    lines = [f"{status.title} ({status.name})", f"{status.state}, step {status.step:,} of {status.steps:,}"]
    if status.loss is not None:
        lines.append(f"loss {status.loss:.4f}")
    if status.tokens_per_s is not None and status.eta_s is not None:
        lines.append(f"{status.tokens_per_s:,.0f} tokens/s, {duration(status.eta_s)} left")
    for source, bits in status.bits_per_byte.items():
        counted = f" ({status.baseline[source]:.4f} by counting)" if source in status.baseline else ""
        lines.append(f"held out, {source}: {bits:.4f} bits per byte{counted}")
    if status.best:
        lines.append(f"best on what is held out: {status.best}")
    if status.unknown:
        lines.append(f"written by another version of Próxima, passed over: {', '.join(status.unknown)}")
    if status.broken:
        lines.append(f"cannot be read, so it cannot go on: {', '.join(status.broken)}")
    if status.problem:
        lines.append(status.problem)
    if status.resumable:
        lines.append(f"To go on: proxima runs resume {status.path}")
    return "\n".join(lines)
