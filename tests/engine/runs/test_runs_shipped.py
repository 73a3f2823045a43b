"""The recipes that come with the program: each can be read, and what can be checked of it is right."""

import pytest

from engine.resources import resource_path
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
