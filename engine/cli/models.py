"""models: the library of models on this machine."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from engine.cli.common import Json, Model, print_json
from engine.errors import UserError
from engine.resources import data_folder

if TYPE_CHECKING:
    from engine.records.library import LibraryModel


def register(application: typer.Typer) -> None:
    models = typer.Typer(help="The models on this machine: listed, added, looked at.")
    models.callback(invoke_without_command=True)(_list_without_a_verb)
    models.command("list")(list_models)
    for verb in (add, remove, show, find):
        models.command()(verb)
    application.add_typer(models, name="models")


def _list_without_a_verb(context: typer.Context, json: Json = False) -> None:
    if context.invoked_subcommand is None:
        list_models(json)


def list_models(json: Json = False) -> None:
    """List everything that can be chatted with; its name is what other commands take as MODEL."""
    from engine.library.catalogue import library

    found = sorted(library(data_folder()), key=lambda model: (not model.favourite, -model.used, model.name.lower()))
    if json:
        print_json(found)
        return
    table = Table("model", "parameters", "type", "size", "from", box=None, header_style="bold")
    for model in found:
        name = "bundled" if model.origin == "bundled" else model.name
        size = f"{model.size_bytes / 1e9:.2f} GB" if model.size_bytes >= 1e9 else f"{model.size_bytes / 1e6:.1f} MB"
        table.add_row(
            f"* {name}" if model.favourite else name,
            f"{model.parameters:,}" if model.parameters else "",
            model.quantisation,
            model.problem or size,
            model.program or model.origin,
        )
    Console().print(table)


def add(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="GGUF files, or folders with weights.")],
    json: Json = False,
) -> None:
    """Add models to the library where they lie; nothing is copied."""
    from engine.library.changes import add as refer

    added = [refer(data_folder(), path) for path in files]
    if json:
        print_json(added)
        return
    for path in added:
        print(path)


def remove(model: Model) -> None:
    """Take a model off the library. Its file stays where it is."""
    from engine.library.changes import remove as forget

    line = _line(model)
    if line.origin != "file":
        raise UserError(
            "library-not-referred", f"{line.name} lies among Próxima's own files.", f"Delete {line.path} instead."
        )
    forget(data_folder(), line.path)


def show(model: Model, json: Json = False) -> None:
    """Everything that a model's header says, read without loading it."""
    from engine.library.card import read_card
    from engine.library.catalogue import named_model

    card = read_card(data_folder(), named_model(model))
    if json:
        print_json(card)
        return
    table = Table(box=None, show_header=False)
    rows = (
        ("name", card.name),
        ("architecture", card.architecture),
        ("parameters", f"{card.parameters:,}"),
        ("context length", f"{card.context_length:,}"),
        ("layers", f"{card.layers}"),
        ("heads", f"{card.heads}, of keys and values {card.kv_heads}"),
        ("width", f"{card.width}"),
        ("vocabulary", f"{card.vocabulary_size:,} tokens"),
        ("licence", card.licence),
        ("source", card.source),
        *((f"{share.type}", f"{share.tensors} tensors, {share.size_bytes:,} bytes") for share in card.types),
        ("template", f"{card.template_hash}{' (changed)' if card.template_changed else ''}"),
        *((name, f"{size:,} bytes") for name, size in card.files),
    )
    for name, value in rows:
        if value:
            table.add_row(name, value)
    Console().print(table)


def find(
    add_all: Annotated[bool, typer.Option("--add", help="Add all of them to the library, where they lie.")] = False,
    json: Json = False,
) -> None:
    """Look for models of LM Studio, Ollama, GPT4All, Jan and the Hugging Face cache."""
    from engine.library.changes import add as refer
    from engine.library.places import find_elsewhere

    found = find_elsewhere()
    if add_all:
        for one in found:
            refer(data_folder(), one.path, one.program, one.name)
    if json:
        print_json([{"path": str(one.path), "name": one.name, "program": one.program} for one in found])
        return
    table = Table("program", "model", "file", box=None, header_style="bold")
    for one in found:
        table.add_row(one.program, one.name, str(one.path))
    Console().print(table)


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
