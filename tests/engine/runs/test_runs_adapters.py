"""Which runs have an adapter for a model to offer."""

import json
import os

import msgspec
import pytest

from engine.decoder.folder import ADAPTER, LATEST
from engine.runs.about import About, write_about
from engine.runs.adapters import TrainedAdapter, trained_adapters
from engine.runs.recipe import load_recipe


@pytest.fixture
def model(tmp_path):
    (tmp_path / "model.gguf").touch()
    return tmp_path / "model.gguf"


def make_run(folder, name, start_from, *, lora=True, checkpoint=120, age=0):
    run = folder / name
    run.mkdir(parents=True)
    recipe = load_recipe("finetune" if lora else "finetune-full", (f"start_from={start_from}",))
    (run / "recipe.json").write_bytes(msgspec.json.encode(recipe))
    if checkpoint:
        made = run / f"checkpoint-{checkpoint:07d}"
        made.mkdir()
        (made / ADAPTER).touch()
        (run / LATEST).write_text(made.name)
    os.utime(run / "recipe.json", (1_000_000 - age, 1_000_000 - age))
    return run


def test_those_that_began_from_this_file_the_latest_first(tmp_path, model):
    runs = tmp_path / "runs"
    old = make_run(runs, "old", model, age=50)
    write_about(old, About("Pirate"))
    new = make_run(runs, "new", f"{tmp_path}/./model.gguf", checkpoint=40)
    make_run(runs, "of-another", tmp_path / "other.gguf")
    make_run(runs, "whole", model, lora=False)
    make_run(runs, "unsaved", model, checkpoint=0)
    (runs / "broken").mkdir()
    (runs / "broken" / "recipe.json").write_text(json.dumps({"name": 5}))
    assert trained_adapters(runs, model) == (
        TrainedAdapter(new, "An adapter for a model", 40),
        TrainedAdapter(old, "Pirate", 120),
    )
    assert trained_adapters(tmp_path / "nowhere", model) == ()
