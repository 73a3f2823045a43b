"""preview: what a training would read, and how fast it would go here."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.common import Json, print_json
from engine.cli.preview_models import print_models
from engine.cli.training import named_recipe
from engine.cli.training_events import NOTHING_HELD_OUT, duration, say, unread_files
from engine.corpus.splitting import FEW_CONVERSATIONS

if TYPE_CHECKING:
    from engine.training.preview import DataPreview

#: Documents whose first tokens are shown, and what stands between tokens.
_SHOWN, _SHOWN_TOKENS, _BORDER = 3, 30, "·"


def register(application: typer.Typer) -> None:
    application.command()(preview)


def preview(
    recipe: Annotated[str, typer.Argument(metavar="RECIPE", help="A shipped recipe's name, or a TOML or JSON file.")],
    data: Annotated[Path | None, typer.Option(help="The folder or file with the texts, to count them.")] = None,
    seconds: Annotated[float, typer.Option(min=0.0, help="Train for so long to measure the speed; 0 does not.")] = 0.0,
    models: Annotated[
        bool, typer.Option("--models", help="What each shape by name would take; the time with --seconds.")
    ] = False,
    set: Annotated[list[str] | None, typer.Option(help="Change a value of the recipe, as in steps=200.")] = None,
    json: Json = False,
) -> None:
    """Look at what a training would do, without beginning it."""
    from engine.training.preview import preview_data, preview_speed

    changes = tuple(set or ())
    plan = named_recipe(recipe, changes)
    if data is not None:
        read = preview_data(plan, data)
        if json:
            print_json(read)
        else:
            _print_data(read)
    speed = preview_speed(plan, seconds) if seconds else None
    if models:
        print_models(recipe, changes, speed, json)
    elif speed is not None:
        if json:
            print_json(speed)
        else:
            total = plan.steps * plan.batch * plan.accumulate * plan.block
            print(
                f"{speed.parameters:,} parameters, {speed.tokens_per_s:,.0f} tokens/s on {speed.device}, "
                f"{speed.memory_bytes / 1e9:.1f} GB, about {duration(total / speed.tokens_per_s)}"
            )
    elif data is None and not json:
        total = plan.steps * plan.batch * plan.accumulate * plan.block
        print(f"{plan.title}: {plan.steps:,} steps, {total / 1e6:,.1f} M tokens")
        say("--data TEXTS tells how texts are read, --seconds 5 how long it takes here, --models what each size takes.")


def _print_data(read: "DataPreview") -> None:
    talks = f" ({read.conversations:,} of them conversations)" if read.conversations else ""
    more = "" if read.whole else " at least"
    print(f"{read.documents:,} documents{talks},{more} {read.characters:,} characters, about {read.tokens:,} tokens")
    if read.duplicates or read.junk:
        print(f"left out: {read.duplicates:,} duplicates, {read.junk:,} documents that are hardly text")
    if read.unread:
        print(unread_files(read.unread))
    if read.whole and read.documents == read.conversations < FEW_CONVERSATIONS:
        print(f"Fewer than {FEW_CONVERSATIONS} conversations are {NOTHING_HELD_OUT}.")
    if read.no_answers:
        print("There are no conversations, so there are no answers to learn: choose the objective pretraining.")
    for document in read.shown[:_SHOWN]:
        print(f"  {_BORDER.join(map(_one_line, document.tokens[:_SHOWN_TOKENS]))}")


def _one_line(token: str) -> str:
    return token.replace("\n", "↵").replace("\r", "␍").replace("\t", "⇥")
