"""preview: what a training would read, and how fast it would go here."""

from pathlib import Path
from typing import Annotated

import typer

from engine.cli.common import Json, print_json
from engine.cli.preview_models import print_models


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
    from engine.runs.recipe import load_recipe
    from engine.training.preview import preview_data, preview_speed

    changes = tuple(set or ())
    plan = load_recipe(recipe, changes)
    if data is not None:
        read = preview_data(plan, data)
        if json:
            print_json(read)
        else:
            more = "" if read.whole else " at least"
            print(f"{read.documents:,} documents,{more} {read.characters:,} characters, about {read.tokens:,} tokens")
            if read.duplicates or read.junk:
                print(f"left out: {read.duplicates:,} duplicates, {read.junk:,} documents that are hardly text")
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
                f"{speed.memory_bytes / 1e9:.1f} GB, about {total / speed.tokens_per_s / 60:,.0f} minutes"
            )
