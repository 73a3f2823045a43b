"""eval: how well a model predicts a folder of texts and conversations."""

import itertools
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.common import Json, Model, open_named, print_json
from engine.cli.held_out import HeldOut
from engine.cli.training_events import say, unread_files
from engine.corpus.readers import documents_below
from engine.errors import UserError
from engine.inference.evaluate import evaluate
from engine.inference.score import Score
from engine.library.catalogue import named_model


def register(application: typer.Typer) -> None:
    application.command("eval")(evaluate_files)


def evaluate_files(
    model: Model,
    data: Annotated[
        Path | None,
        typer.Option(help="A file or a folder with texts and conversations; of a run, what it held out without it."),
    ] = None,
    documents: Annotated[int, typer.Option(min=1, help="How many documents at most.")] = 200,
    json: Json = False,
) -> None:
    """Bits per byte of a model on texts, and on the assistant's words in conversations."""
    if data is None:
        _of_run(model, json)
        return
    unread: list[str] = []
    every = itertools.chain.from_iterable(of_file for _, of_file in documents_below(data, unread))
    found = list(itertools.islice(every, documents))
    if unread:
        say(unread_files(unread))
    if not found:
        raise UserError("corpus-empty", f"There is no text in {data}.", "Give files that hold some text.")
    prose, chat = evaluate(
        open_named(model, measured=True),
        (document.text for document in found if document.text),
        (document.messages for document in found if document.messages),
    )
    if json:
        print_json({"documents": len(found), "prose": _json(prose), "chat": _json(chat)})
        return
    for name, sums in (("prose", prose), ("the assistant's words", chat)):
        if sums.tokens:
            print(f"{name}: {sums.tokens:,} tokens, {sums.bits_per_byte:.4f} bits per byte")


def _of_run(name: str, json: bool) -> None:
    """The rows that a run held out, by its newest checkpoint."""
    held_out = HeldOut(named_model(name))
    if not held_out:
        said = "held nothing out: its texts were too few" if held_out.found else "came without texts of its own"
        raise UserError("data-missing", f"{name} {said}.", "Name some with --data.")
    scores = held_out.scores(open_named(name, context_length=held_out.block, measured=True))
    if json:
        print_json({"held_out": {source: _json(sums) for source, sums in scores.items()}})
        return
    for source, sums in scores.items():
        print(f"held out, {source}: {sums.tokens:,} tokens, {sums.bits_per_byte:.4f} bits per byte")


def _json(sums: Score) -> dict[str, float] | None:
    if not sums.tokens:
        return None
    return {"tokens": sums.tokens, "bits_per_byte": sums.bits_per_byte, "perplexity": sums.perplexity}
