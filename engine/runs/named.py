"""The run that a person names: by its folder, or as the list of runs calls it."""

from pathlib import Path

from engine.errors import UserError
from engine.resources import data_folder
from engine.runs.events import EVENTS
from engine.runs.recipe import RECIPE
from engine.runs.status import find_runs

_MOST_SHOWN = 5


def named_run(name: str) -> Path:
    """A folder with a run, or the name of one in the program's own folder of runs, of which the beginning is enough.

    Raises UserError where there is none, or several begin so.
    """
    path = Path(name).expanduser()
    if any((path / file).is_file() for file in (RECIPE, EVENTS)):
        return path
    known = find_runs(data_folder() / "runs")
    wanted = name.strip().casefold()
    same = [run for run in known if run.name.casefold() == wanted]
    found = same or [run for run in known if wanted and run.name.casefold().startswith(wanted)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(run.name for run in (found or known)[:_MOST_SHOWN])
    if found:
        raise UserError("run-ambiguous", f"{name} may be {len(found)} runs.", f"Name one: {names}.")
    if path.exists():
        raise UserError("no-run", f"{name} holds no training run.", "Name the folder that a training wrote.")
    hint = f"There are: {names}." if known and path.name == name else "Name the folder that a training wrote."
    raise UserError("no-run", f"There is no training run {name}.", hint)
