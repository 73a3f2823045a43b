"""models: the library of models on this machine."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.common import Json, Model, print_json
from engine.cli.tables import count_text, print_table, size_text
from engine.errors import UserError
from engine.resources import data_folder

if TYPE_CHECKING:
    from engine.records.library import LibraryModel, ModelCard

_ORIGINS = {"downloaded": "the Hub", "run": "training"}
_LONGEST_LINE = 160


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
    rows = []
    for model in found:
        name = "bundled" if model.origin == "bundled" else model.name
        parameters = count_text(model.parameters)
        size = size_text(model.size_bytes) if model.size_bytes else ""
        source, note = model.program or _ORIGINS.get(model.origin, model.origin), model.problem
        note = note or ("its chat template changed" if model.template_changed else "")
        if model.flagged:
            note = note or f"ended its process {model.failures} times in a row"
        star = "*" if model.favourite else ""
        rows.append((star, name, parameters, model.quantisation, size, source, _day(model.used), note))
        rows += [
            ("", f"  + {one.name}", "", one.part, size_text(one.size_bytes), source, "", "") for one in model.attached
        ]
    print_table("", "model", "parameters", "type", "size", "from", "last used", "", rows=rows, right=(2, 4))


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


def show(
    model: Model,
    metadata: Annotated[
        str | None, typer.Option(metavar="WORD", help="Only the metadata that has this in a key or value, in full.")
    ] = None,
    template: Annotated[bool, typer.Option("--template", help="Only the chat template.")] = False,
    sha256: Annotated[bool, typer.Option("--sha256", help="Compute SHA-256 of its files; it is remembered.")] = False,
    json: Json = False,
) -> None:
    """Everything that a model's header says, read without loading it."""
    from engine.library.card import read_card
    from engine.library.catalogue import named_model
    from engine.library.checksums import checksums
    from engine.library.shelf import Entry, key_of, read_shelf

    path = named_model(model)
    if sha256:
        checksums(data_folder(), path)
    card = read_card(data_folder(), path)
    if json:
        print_json(card)
    elif template:
        print(card.template or "It has no chat template.")
    elif metadata is not None:
        _print_metadata(card, metadata)
    else:
        used = read_shelf(data_folder()).models.get(key_of(path), Entry()).used
        _print_card(card, used)


def _print_metadata(card: "ModelCard", word: str) -> None:
    """Values whole, and those of several lines as they are."""
    found = [
        (key, value) for key, value in card.metadata if word.lower() in key.lower() or word.lower() in value.lower()
    ]
    if not found:
        raise UserError("metadata-word", f"No metadata of {card.name} has {word!r} in it.", "Try a part of the word.")
    for key, value in found:
        print(f"{key}: {value}")


def _print_card(card: "ModelCard", used: float) -> None:
    sums = dict(card.sums)
    hash_of = "(changed since it was last looked at)" if card.template_changed else ""
    rows = (
        ("name", card.name),
        ("architecture", card.architecture),
        ("place", card.path),
        ("last used", _day(used) or "never"),
        ("parameters", f"{card.parameters:,}"),
        ("context length", f"{card.context_length:,}"),
        ("layers", f"{card.layers}"),
        ("heads", f"{card.heads}, of keys and values {card.kv_heads}"),
        ("width", f"{card.width}"),
        ("vocabulary", f"{card.vocabulary_size:,} tokens"),
        ("licence", card.licence),
        ("source", card.source),
        *((share.type, f"{share.tensors} tensors, {size_text(share.size_bytes)}") for share in card.types),
        *((name, f"{size_text(size)} ({size:,} bytes)") for name, size in card.files),
        *(("sha256", f"{value} {name if len(sums) > 1 else ''}".strip()) for name, value in card.sums),
        ("sha256", "" if sums else "not computed yet; --sha256 does"),
        ("chat template", f"sha256 {card.template_hash} {hash_of}".strip() if card.template else "none"),
        ("checkpoints", ", ".join(Path(one).name for one in card.checkpoints)),
    )
    print_table(rows=[row for row in rows if row[1]])
    print()
    print_table("metadata", "", rows=[(key, _one_line(value)) for key, value in card.metadata])
    if card.template:
        print(f"\nchat template:\n{card.template}")


def _one_line(value: str) -> str:
    """As much of a value as tells what it is; --metadata gives all of it."""
    line = " ".join(value.split())
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]} ..."


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds)) if seconds else ""


def find(
    add_all: Annotated[bool, typer.Option("--add", help="Add all of them to the library, where they lie.")] = False,
    json: Json = False,
) -> None:
    """Look for models of LM Studio, Ollama, GPT4All, Jan and the Hugging Face cache."""
    from engine.library.changes import add as refer
    from engine.library.parts import model_parts
    from engine.library.places import find_elsewhere

    found = find_elsewhere()
    if add_all:
        for one in found:
            refer(data_folder(), one.path, one.program, one.name)
    if json:
        print_json([{"path": str(one.path), "name": one.name, "program": one.program} for one in found])
        return
    if not found:
        print("No models of LM Studio, Ollama, GPT4All, Jan or the Hugging Face cache are here.", file=sys.stderr)
        return
    rows = []
    for one in found:
        size = sum(part.stat().st_size for part in model_parts(one.path) if part.exists())
        rows.append((one.program, one.name, size_text(size), str(one.path)))
    print_table("program", "model", "size", "file", rows=rows, right=(2,))
    if not add_all:
        print("To use them where they lie: proxima models find --add", file=sys.stderr)


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
