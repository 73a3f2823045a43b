"""A training run of seconds: a recipe, some text, and one call that runs it."""

import random
from collections.abc import Callable, Iterable
from pathlib import Path

from engine.runs.events import TrainingEvent
from engine.training.run import train

RECIPE = """
name = "tiny"
title = "Tiny"
block = 16
batch = 3
steps = 6
seed = 5
threads = 1
precision = "float32"
evaluation_rows = 4
evaluate_every = 0
[tokenizer]
vocabulary_size = 300
[model]
d_model = 16
n_layers = 2
n_heads = 2
d_ff = 32
[optimiser]
kind = "muon"
[schedule]
warmup_steps = 2
[[sources]]
name = "prose"
files = ["prose.txt"]
weight = 0.7
[[sources]]
name = "talk"
files = ["talk.jsonl"]
"""


def words(count: int, seed: int = 0) -> str:
    """Text of a small vocabulary, with accents, the same for the same seed."""
    known = ["a", "raposa", "não", "fox", "river", "42", "coração", "ran", "to", "the"]
    return " ".join(random.Random(seed).choices(known, k=count))


def write_recipe(folder: Path, text: str = RECIPE, name: str = "tiny.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def write_data(folder: Path, documents: int = 30) -> Path:
    """A folder with prose.txt and talk.jsonl, each of so many documents."""
    data = folder / "data"
    data.mkdir()
    prose = "\n<|endoftext|>\n".join(words(60, seed) for seed in range(documents))
    (data / "prose.txt").write_text(prose, encoding="utf-8")
    talk = '{{"messages":[{{"role":"user","content":"{}"}},{{"role":"assistant","content":"{}"}}]}}\n'
    lines = [talk.format(words(5, seed), words(9, seed + 1000)) for seed in range(documents)]
    (data / "talk.jsonl").write_text("".join(lines), encoding="utf-8")
    return data


def run(
    recipe: Path,
    data: Path,
    out: Path,
    overrides: Iterable[str] = (),
    resume: bool = False,
    stopped: Callable[[], bool] = lambda: False,
) -> list[TrainingEvent]:
    """Train to the end; returns what happened."""
    return list(train(str(recipe), data, out, tuple(overrides), resume, stopped))


def stop_after(out: Path, steps: int) -> Callable[[], bool]:
    """For ``stopped`` of a new run: true once so many steps are done. The loop asks before each step."""
    asked = 0

    def stopped() -> bool:
        nonlocal asked
        events = out / "events.jsonl"
        asked += events.exists() and b"Started" in events.read_bytes()
        return asked > steps

    return stopped
