"""The recipe that lies in a run's folder, read as far as it can be: a run of another version, or a damaged one, is still a run."""

import contextlib
from pathlib import Path
from typing import Any

import msgspec

from engine.errors import UserError
from engine.runs.events import EVENTS
from engine.runs.recipe import RECIPE, Recipe, Source, load_recipe, read_recipe, without_unknown

_NAMELESS = "texts"
_BEFORE = "recipe.before.json"


class Stored(msgspec.Struct, frozen=True):
    """unknown: fields of another version, passed over. broken: those whose value cannot be read, for which the default stands.

    A run with broken ones can be looked at; what it would go on with is not known.
    """

    recipe: Recipe
    unknown: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


def stored_recipe(run: Path) -> Stored:
    """What can be read of the recipe of a run. Raises UserError for a folder that holds no run."""
    try:
        data = (run / RECIPE).read_bytes()
    except OSError as error:
        if (run / EVENTS).is_file():
            return Stored(_bare(run), (), (RECIPE,))
        raise UserError(
            "no-run", f"{run} holds no training run.", "Name the folder that a training wrote.", str(error)
        ) from error
    try:
        return Stored(msgspec.json.decode(data, type=Recipe))
    except msgspec.MsgspecError:
        pass
    try:
        raw = msgspec.json.decode(data)
    except msgspec.MsgspecError:
        raw = None
    if not isinstance(raw, dict):
        return Stored(_bare(run), (), (RECIPE,))
    known, unknown = without_unknown(raw, Recipe)
    try:
        return Stored(msgspec.convert(known, Recipe), unknown)
    except msgspec.MsgspecError:
        return _field_by_field(run, known, unknown)


def write_recipe(run: Path, recipe: Recipe) -> None:
    """Keep the recipe that a run follows from now on; one of another version that lay there is kept beside it."""
    path = run / RECIPE
    with contextlib.suppress(UserError):
        if stored_recipe(run).unknown and not (run / _BEFORE).exists():
            path.rename(run / _BEFORE)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(recipe)))


def _field_by_field(run: Path, known: dict[str, Any], unknown: tuple[str, ...]) -> Stored:
    bare = msgspec.to_builtins(_bare(run))
    kept, broken = {}, []
    for name, value in known.items():
        try:
            msgspec.convert({**bare, name: value}, Recipe)
        except msgspec.MsgspecError:
            broken.append(name)
        else:
            kept[name] = value
    broken += [name for name in ("name", "title", "sources") if name not in known]
    return Stored(msgspec.convert({**bare, **kept}, Recipe), unknown, tuple(broken))


def _bare(run: Path) -> Recipe:
    return Recipe(run.name, "", (Source(_NAMELESS),))


#: What a run has begun with and keeps. Where the model that it stands beside lies may change.
_KEPT = ("objective", "tokenizer", "model", "lora")


def changed_recipe(run: Path, overrides: tuple[str, ...]) -> Recipe:
    """The recipe that a run goes on with, ``key=value`` changed. Raises UserError for what a run cannot change any more."""
    if not overrides:
        return read_recipe(run)
    changed = load_recipe(str(run / RECIPE), overrides)
    check_kept(run, changed)
    return changed


def check_kept(run: Path, recipe: Recipe) -> None:
    """Raise UserError where a run is to go on as another one. A run whose recipe cannot be read goes on with the one given."""
    stored = stored_recipe(run)
    if stored.broken or stored.unknown:
        return
    for name in _KEPT:
        if getattr(stored.recipe, name) != getattr(recipe, name):
            raise UserError(
                "recipe-kept", f"A run that has begun keeps its {name}.", "Start another run in a folder of its own."
            )
