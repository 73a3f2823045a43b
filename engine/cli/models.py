"""models list and models show: the library of models on this machine, looked at."""

import sys
import time
from enum import StrEnum
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


class Sort(StrEnum):
    used, name, size, parameters = "used", "name", "size", "parameters"


def list_models(
    words: Annotated[str, typer.Argument(help="Only those that have this in their name, kind or origin.")] = "",
    sort: Annotated[
        Sort, typer.Option(help="What comes first after the favourites; of sizes the largest.")
    ] = Sort.used,
    json: Json = False,
) -> None:
    """List everything that can be chatted with; its name is what other commands take as MODEL."""
    from engine.library.catalogue import library

    found = [model for model in library(data_folder()) if words.lower() in _searched(model)]
    found.sort(key=lambda model: (not model.favourite, -_first(model, sort), model.name.lower()))
    if json:
        print_json(found)
        return
    if not found:
        print(f"No model of the library has {words!r} in its name, kind or origin.", file=sys.stderr)
        return
    rows = []
    for model in found:
        size = size_text(model.size_bytes) if model.size_bytes else ""
        source = _source(model)
        star = "*" if model.favourite else ""
        used, parameters = _day(model.used), count_text(model.parameters)
        rows.append((star, _name(model), parameters, model.quantisation, size, source, used, _note(model)))
        rows += [
            ("", f"  + {one.name}", "", one.part, size_text(one.size_bytes), source, "", "") for one in model.attached
        ]
    print_table("", "model", "parameters", "type", "size", "from", "last used", "", rows=rows, right=(2, 4))


def _first(model: "LibraryModel", sort: Sort) -> float:
    match sort:
        case Sort.used:
            return model.used
        case Sort.size:
            return model.size_bytes
        case Sort.parameters:
            return model.parameters
    return 0.0


def _searched(model: "LibraryModel") -> str:
    said = (_name(model), model.architecture, model.quantisation, _source(model), model.path)
    return " ".join(said).lower()


def _name(model: "LibraryModel") -> str:
    """What it is called on the command line."""
    return "bundled" if model.origin == "bundled" else model.name


def _source(model: "LibraryModel") -> str:
    return model.program or _ORIGINS.get(model.origin, model.origin)


def _note(model: "LibraryModel") -> str:
    if model.flagged and not model.problem:
        return f"ended its process {model.failures} times in a row"
    return model.problem or ("its chat template changed" if model.template_changed else "")


def show(
    model: Model,
    metadata: Annotated[
        str | None, typer.Option(metavar="WORD", help="Only the metadata that has this in a key or value, in full.")
    ] = None,
    tensors: Annotated[bool, typer.Option("--tensors", help="Only the tensors: type, shape and size of each.")] = False,
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
    elif tensors:
        rows = [
            (one.name, one.type, " x ".join(map(str, one.shape)), size_text(one.size_bytes)) for one in card.tensors
        ]
        print_table("tensor", "type", "shape", "size", rows=rows, right=(3,))
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
    told = "(changed since it was last looked at)" if card.template_changed else ""
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
        *(("files" if place == 0 else "", text) for place, text in enumerate(_files(card))),
        *(("sha256", f"{value} {name if len(sums) > 1 else ''}".strip()) for name, value in card.sums),
        ("sha256", "" if sums else "not computed yet; --sha256 does"),
        ("chat template", f"sha256 {card.template_hash} {told}".strip() if card.template else "none"),
        ("checkpoints", ", ".join(Path(one).name for one in card.checkpoints)),
    )
    print_table(rows=[row for row in rows if row[1]])
    print()
    print_table("metadata", "", rows=[(key, _one_line(value)) for key, value in card.metadata])
    if card.template:
        print(f"\nchat template:\n{card.template}")


def _files(card: "ModelCard") -> list[str]:
    """Sizes, with names where the place does not say them."""
    sizes = [(name, f"{size_text(size)} ({size:,} bytes)") for name, size in card.files]
    return [sizes[0][1]] if len(sizes) == 1 else [f"{name}: {size}" for name, size in sizes]


def _one_line(value: str) -> str:
    """As much of a value as tells what it is; --metadata gives all of it."""
    line = " ".join(value.split())
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]} ..."


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds)) if seconds else ""
