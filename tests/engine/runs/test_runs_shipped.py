"""The recipes that come with the program: each can be read, and what can be checked of it is right."""

import pytest

from engine.decoder.config import DecoderConfig
from engine.errors import UserError
from engine.resources import resource_path
from engine.runs.presets import flops_per_token, memory_bytes
from engine.runs.recipe import load_recipe

NAMES = sorted(path.stem for path in resource_path("recipes").glob("*.toml"))


def test_which_there_are():
    wanted = {"shakespeare-char", "shakespeare-5min", "shakespeare-base", "shakespeare-chat", "addition", "whole-sums"}
    assert wanted | {"dna", "stories", "machado", "proxima-base"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_they_are_whole(name):
    recipe = load_recipe(name)
    assert recipe.name == name and recipe.title
    assert recipe.needs_data == (name not in ("addition", "whole-sums"))
    if recipe.model:
        recipe.check_shape()
        shape = recipe.decoder_config(recipe.tokenizer.vocabulary_size)
        assert shape.architecture == "llama", "what is trained here is exported to GGUF"
    else:
        assert recipe.objective == "instruction", "what has no shape starts from a model"


def test_the_ancestor_of_dna_sees_twelve_bases():
    assert load_recipe("dna").baseline.order == 12 + 1


def test_a_shape_by_name_brings_its_vocabulary_and_can_be_changed():
    recipe = load_recipe("scratch", ("model=12m", "model.n_layers=4"))
    assert recipe.model == {"d_model": 384, "n_layers": 4, "n_heads": 6, "d_ff": 1024}
    assert recipe.tokenizer.vocabulary_size == 4096
    own = load_recipe("stories", ("model=350m",))
    assert own.tokenizer.vocabulary_size == 4096 and own.model["d_model"] == 1024
    assert load_recipe("scratch").model == {"d_model": 192, "n_layers": 5, "n_heads": 6, "d_ff": 512}
    with pytest.raises(UserError, match="no shape of a model called '9t'") as caught:
        load_recipe("scratch", ("model=9t",))
    assert "1m, 3m, 12m" in caught.value.hint


def test_what_training_takes_by_hand():
    # Width 16, one layer of one head, inner width 32, 300 tokens, untied: q, k, v, o, three matrices, two norms, the last norm.
    shape = DecoderConfig(vocabulary_size=300, d_model=16, n_layers=1, n_heads=1, d_ff=32, context_length=8)
    tied = 0 if shape.tied_embeddings else 300 * 16
    assert shape.parameter_count == 300 * 16 + tied + 4 * 256 + 3 * 512 + 3 * 16
    assert flops_per_token(shape) == 6 * (shape.parameter_count - tied) + 12 * 16 * 8
    assert memory_bytes(shape, 10) == 16 * shape.parameter_count + 4 * 10 * (14 * 16 + 4 * 32 + 3 * 300) + 3e8
