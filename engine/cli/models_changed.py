"""models add, find, favourite, remove and delete: the library of models on this machine, changed."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli import models as looking
from engine.cli.common import Json, Model, print_json
from engine.cli.tables import print_table, size_text
from engine.errors import UserError
from engine.resources import data_folder

if TYPE_CHECKING:
    from engine.library.places import Found
    from engine.records.library import LibraryModel


def register(application: typer.Typer) -> None:
    group = typer.Typer(help="The models on this machine: listed, added, looked at.")
    group.callback(invoke_without_command=True)(_list_without_a_verb)
    group.command("list")(looking.list_models)
    for verb in (looking.show, add, find, favourite, remove, delete):
        group.command()(verb)
    application.add_typer(group, name="models")


def _list_without_a_verb(context: typer.Context, json: Json = False) -> None:
    if context.invoked_subcommand is None:
        looking.list_models(json=json)


def add(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="GGUF files, or folders with weights.")],
    json: Json = False,
) -> None:
    """Add models to the library where they lie; nothing is copied."""
    added, refused = _refer((path, "", "") for path in files)
    if json:
        print_json(added)
    else:
        for path in added:
            print(path)
    _tell_what_is_no_model(added)
    if refused:
        raise _together(refused)


def _refer(models: Iterable[tuple[Path, str, str]]) -> tuple[list[str], list[UserError]]:
    """Each path with the program whose it is and its name there; what cannot be added does not keep the others out."""
    from engine.library.changes import add as refer

    added, refused = [], []
    for path, program, name in models:
        try:
            added.append(refer(data_folder(), path, program, name))
        except UserError as error:
            refused.append(error)
    return added, refused


def _together(refused: list[UserError]) -> UserError:
    """One error of several."""
    for error in refused[:-1]:
        print(f"proxima: {error}", file=sys.stderr)
    return refused[-1]


def _tell_what_is_no_model(added: list[str]) -> None:
    """Adapters and projectors stand with their models; where there is none they would be nowhere."""
    from engine.library.catalogue import library

    models = library(data_folder())
    for path in set(added) - {model.path for model in models}:
        owners = [model.name for model in models if any(one.path == path for one in model.attached)]
        where = f"stands with {', '.join(owners)}" if owners else "belongs to none of the models that are here"
        print(f"{Path(path).name} is no model; it {where}.", file=sys.stderr)


def find(
    add_all: Annotated[bool, typer.Option("--add", help="Add all of them to the library, where they lie.")] = False,
    json: Json = False,
) -> None:
    """Look for models of LM Studio, Ollama, GPT4All, Jan and the Hugging Face cache; nothing is copied."""
    from engine.library.catalogue import library
    from engine.library.places import find_elsewhere

    found = find_elsewhere()
    refused: list[UserError] = []
    known = {Path(model.path).resolve() for model in library(data_folder())}
    if add_all:
        new = [one for one in found if one.path.resolve() not in known]
        added, refused = _refer((one.path, one.program, one.name) for one in new)
        print(f"{len(added)} models added, {len(found) - len(new)} were there before.", file=sys.stderr)
        known |= {Path(path).resolve() for path in added}
    if json:
        print_json([{"path": str(one.path), "name": one.name, "program": one.program} for one in found])
    elif not found:
        print("No models of LM Studio, Ollama, GPT4All, Jan or the Hugging Face cache are here.", file=sys.stderr)
    else:
        rows = [_row(one, one.path.resolve() in known) for one in found]
        print_table("program", "model", "size", "", "file", rows=rows, right=(2,))
        if not add_all:
            print("To use them where they lie: proxima models find --add", file=sys.stderr)
    if refused:
        raise _together(refused)


def _row(one: "Found", known: bool) -> tuple[str, ...]:
    from engine.library.parts import model_parts

    files = model_parts(one.path) if one.path.is_file() else sorted(one.path.glob("*.safetensors"))
    size = sum(part.stat().st_size for part in files if part.exists())
    return one.program, one.name, size_text(size), "in the library" if known else "", str(one.path)


def favourite(
    model: Model,
    off: Annotated[bool, typer.Option("--off", help="It is none any more.")] = False,
) -> None:
    """Let a model stand first, here and in the window."""
    from engine.library.changes import note

    note(data_folder(), _line(model).path, "plain" if off else "favourite")


def remove(model: Model) -> None:
    """Take a model off the library. Its file stays where it is."""
    from engine.library.changes import remove as forget

    line = _line(model)
    if line.origin != "file":
        raise UserError(
            "library-not-referred",
            f"{model} lies among Próxima's own files.",
            f"To delete it: proxima models delete {model}" if line.ours else "It came with the program.",
        )
    forget(data_folder(), line.path)


def delete(
    model: Model,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a model that was fetched or trained here. For a day its files can be brought back by hand."""
    from engine.library.changes import delete as set_aside

    line = _line(model)
    if not line.ours:
        raise UserError(
            "library-not-ours",
            f"{model} is not Próxima's to delete.",
            "It is taken off the list by: proxima models remove.",
        )
    if not yes:
        typer.confirm(f"Delete {line.path} ({size_text(line.size_bytes)})?", abort=True, err=True)
    aside = set_aside(data_folder(), line.path)
    print(f"Deleted. For a day, or until a download wants its room on the disk, it lies in {aside}", file=sys.stderr)


def _line(name: str) -> "LibraryModel":
    from engine.library.catalogue import library, named_model
    from engine.library.shelf import key_of

    models = library(data_folder())
    gone = [model for model in models if name in (model.path, model.name)]
    if gone and gone[0].missing:
        return gone[0]
    key = key_of(named_model(name))
    for model in models:
        if model.path == key:
            return model
    raise UserError("library-unknown", f"{name} is not in the library.", "proxima models lists what is.")
