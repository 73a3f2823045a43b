"""What training each of the named shapes would take, as a table."""

from typing import TYPE_CHECKING

import msgspec
from rich.console import Console
from rich.table import Table

from engine.cli.common import print_json
from engine.cli.training_events import duration
from engine.runs.presets import PRESETS, flops_per_token, memory_bytes
from engine.runs.recipe import load_recipe

if TYPE_CHECKING:
    from engine.training.preview import SpeedPreview


class PresetCost(msgspec.Struct, frozen=True):
    """memory_bytes and seconds are estimates; seconds by the speed that was measured with one shape."""

    name: str
    parameters: int
    memory_bytes: float
    seconds: float | None = None


def print_models(recipe: str, changes: tuple[str, ...], speed: "SpeedPreview | None", json: bool) -> None:
    """speed: as measured with the recipe as it is; without it no times are told."""
    plan = load_recipe(recipe, changes)
    pace = None
    if speed is not None and plan.model:
        pace = speed.tokens_per_s * flops_per_token(plan.decoder_config(plan.tokenizer.vocabulary_size))
    found = []
    for name in PRESETS:
        one = load_recipe(recipe, (*changes, f"model={name}"))
        shape = one.decoder_config(PRESETS[name].vocabulary_size)
        tokens = one.steps * one.batch * one.accumulate * one.block
        seconds = None if pace is None else tokens * flops_per_token(shape) / pace
        memory = memory_bytes(shape, one.batch * one.block)
        found.append(PresetCost(name, shape.parameter_count, memory, seconds))
    if json:
        print_json(found)
        return
    table = Table("model", "parameters", "memory", "time", box=None, header_style="bold")
    for cost in found:
        about = "" if cost.seconds is None else f"about {duration(cost.seconds)}"
        table.add_row(cost.name, f"{cost.parameters:,}", f"{cost.memory_bytes / 1e9:.1f} GB", about)
    Console().print(table)
