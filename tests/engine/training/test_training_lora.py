"""An adapter trained beside a model: from a GGUF file too, resumed to the bit, merged or exported."""

import json

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from engine.cli.main import main
from engine.errors import UserError
from engine.inference.llama_cpp import LlamaCppModel
from engine.inference.load import open_model
from engine.runs.events import Evaluated, Finished
from tests.helpers.small_models import small_llama_gguf
from tests.helpers.small_training import RECIPE, run, stop_after, write_data, write_recipe

LORA = RECIPE[: RECIPE.index("[tokenizer]")] + RECIPE[RECIPE.index("[optimiser]") :].replace("muon", "adamw")
LORA += '[lora]\nrank = 4\nalpha = 8\ntargets = ["q_proj", "v_proj", "down_proj"]\n'


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Recipe, data, the file that was started from, and the run."""
    folder = tmp_path_factory.mktemp("lora")
    recipe, data = write_recipe(folder, LORA), write_data(folder)
    base = small_llama_gguf(folder / "base.gguf", quantise="q8_0")
    events = run(recipe, data, folder / "run", [f"start_from={base}", "optimiser.learning_rate=0.02", "steps=30"])
    assert isinstance(events[-1], Finished)
    return recipe, data, base, folder / "run"


def rows(model, ids):
    return np.concatenate([part.copy() for part in model.extend(ids, rows="all")])


def test_the_checkpoint_holds_the_adapter_alone(place):
    checkpoint = place[3] / (place[3] / "latest").read_text()
    names = {path.name for path in checkpoint.iterdir()}
    assert {"adapter.json", "adapter.safetensors", "tokenizer.json"} <= names and "model.safetensors" not in names
    assert all(name.endswith(("lora_a", "lora_b")) for name in load_file(checkpoint / "adapter.safetensors"))


def test_it_opens_merged_and_has_learnt(place):
    _, _, base, folder = place
    adapted, before = open_model(folder), open_model(base, backend="decoder")
    assert adapted.vocabulary.hash == before.vocabulary.hash
    ids = adapted.vocabulary.encode("a raposa ran to the river")
    losses = []
    for model in (before, adapted):
        logits = torch.from_numpy(rows(model, ids)).log_softmax(-1)
        losses.append(-logits[torch.arange(len(ids) - 1), torch.tensor(ids[1:])].mean().item())
    assert losses[1] < losses[0] - 0.5


def test_exported_it_does_the_same_in_llama_cpp(place, tmp_path, capsys):
    _, _, base, folder = place
    adapter, merged = tmp_path / "adapter.gguf", tmp_path / "merged.gguf"
    assert main(["export", str(folder), "--out", str(adapter), "--adapter", "--json"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    quality = json.loads(said.out)["quality"]
    assert quality and all(one["after"] == pytest.approx(one["before"], abs=0.02) for one in quality)
    assert all(one["alone"] > one["after"] + 0.1 for one in quality)
    assert main(["export", str(folder), "--out", str(merged)]) == 0
    assert capsys.readouterr().err == ""
    ours = open_model(folder)
    ids = ours.vocabulary.encode("a raposa ran to the river, 42 não")
    expected = rows(ours, ids)
    for path, adapters, bound in ((base, [adapter], 0.1), (merged, [], 0.05)):  # q8_0 and float16 round the weights
        model = LlamaCppModel(path, exact=True, threads=1, adapters=adapters)
        assert np.abs(rows(model, ids) - expected).max() < bound
        model.close()


def test_stopped_and_resumed_equals_unbroken(place, tmp_path):
    recipe, data, base, folder = place
    changes = [f"start_from={base}", "optimiser.learning_rate=0.02", "steps=30"]
    run(recipe, data, tmp_path / "run", changes, stopped=stop_after(tmp_path / "run", 11))
    assert (tmp_path / "run" / "latest").read_text() == "checkpoint-0000011"
    run(recipe, data, tmp_path / "run", changes, resume=True)
    ours, whole = (load_file(path / "checkpoint-0000030/adapter.safetensors") for path in (tmp_path / "run", folder))
    assert ours.keys() == whole.keys() and all(torch.equal(ours[name], whole[name]) for name in whole)


def test_without_a_model_to_stand_beside(place, tmp_path):
    with pytest.raises(UserError, match="needs a model to stand beside"):
        run(place[0], place[1], tmp_path / "run")


def test_a_base_that_is_gone_or_changed_is_one_sentence(place, tmp_path):
    recipe, data, _, _ = place
    base = small_llama_gguf(tmp_path / "base.gguf")
    run(recipe, data, tmp_path / "run", [f"start_from={base}"])
    small_llama_gguf(base, family="qwen3")
    with pytest.raises(UserError, match="made for another model"):
        open_model(tmp_path / "run")
    base.unlink()
    with pytest.raises(UserError):
        open_model(tmp_path / "run")


def test_a_model_of_ours_is_trained_on(place, tmp_path):
    """All weights, from a GGUF file, without LoRA."""
    recipe = write_recipe(tmp_path, LORA[: LORA.index("[lora]")])
    events = run(recipe, place[1], tmp_path / "run", [f"start_from={place[2]}"])
    assert any(isinstance(event, Evaluated) for event in events)
    assert open_model(tmp_path / "run").info.parameters == open_model(place[2], backend="decoder").info.parameters
