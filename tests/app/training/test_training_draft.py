"""The plan of a new run: sensible from the start, refused where it cannot be."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.training.draft import PRESETS, Draft, draft_of, for_start
from engine.errors import UserError
from engine.runs.recipe import load_recipe

FILES = ("/data/one.txt", "/data/two.txt")


def changed(draft: Draft, **fields) -> Draft:
    return msgspec.structs.replace(draft, **fields)


def test_the_presets_go_from_one_million_parameters_to_350():
    counts = [Draft(shape=shape).parameters() for shape in PRESETS.values()]
    assert counts == sorted(counts)
    assert 0.9e6 < counts[0] < 1.3e6 and 3.2e8 < counts[-1] < 3.7e8


@pytest.mark.parametrize("shape", PRESETS.values())
def test_every_preset_can_be_begun_with_nothing_but_files(shape):
    recipe = Draft(files=FILES, shape=shape).recipe()
    recipe.check_shape()
    assert recipe.sources[0].files == FILES and recipe.lora is None
    assert recipe.baseline.order == 5 and recipe.evaluate_every == 50
    assert msgspec.json.decode(msgspec.json.encode(recipe), type=type(recipe)) == recipe


def test_the_count_is_that_of_the_decoder_by_hand():
    # embeddings 300 x 16; a layer: q, k, v, o of 16 x 16, three of 16 x 32, two norms; the last norm
    draft = Draft(
        shape=msgspec.structs.replace(PRESETS["1m"], d_model=16, n_layers=2, n_heads=2, d_ff=32, vocabulary_size=300)
    )
    assert draft.parameters() == 300 * 16 + 2 * (4 * 256 + 3 * 512 + 32) + 16
    assert draft.memory_bytes() > 16 * draft.parameters()


def test_a_shape_that_cannot_be_is_told():
    shape = msgspec.structs.replace(PRESETS["1m"], n_heads=3)
    with pytest.raises(UserError, match="heads"):
        Draft(files=FILES, shape=shape).parameters()


def test_training_on_takes_what_suits_it_and_back_again():
    fresh = Draft(title="Mine", files=FILES, prompts=("a",))
    onward = for_start(fresh, "/models/base.gguf")
    recipe = onward.recipe()
    assert recipe.start_from == "/models/base.gguf" and recipe.model == {}
    assert recipe.lora is not None and (recipe.lora.rank, recipe.lora.alpha) == (8, 16.0)
    assert recipe.objective == "instruction" and recipe.optimiser.kind == "adamw" and recipe.baseline.order == 5
    assert onward.parameters() is None and onward.memory_bytes() is None
    assert changed(onward, adapter=False).recipe().lora is None
    other = for_start(changed(onward, steps=77), "/models/other.gguf")
    assert other.steps == 77  # what was set stays when only the model changes
    assert for_start(onward, "") == fresh


def test_tokens_and_evaluations_follow_the_steps():
    draft = changed(Draft(files=FILES), steps=10, batch=3, block=16, evaluations=20)
    assert draft.tokens == 480
    assert draft.recipe().evaluate_every == 1 and draft.recipe().schedule.warmup_steps == 1


@given(
    steps=st.integers(1, 5000),
    evaluations=st.integers(1, 1000),
    characters=st.booleans(),
    start_from=st.sampled_from(("", "/models/base.gguf")),
    adapter=st.booleans(),
    shape=st.sampled_from(list(PRESETS.values())),
    optimiser=st.sampled_from(("sgd", "adam", "adamw", "muon")),
)
def test_a_plan_is_found_again_in_its_recipe(**fields):
    recipe = Draft(title="Mine", files=FILES, prompts=("a", "b"), rank=4, minutes=2.5, **fields).recipe()
    again = draft_of(recipe)
    assert again is not None and again.recipe() == recipe


def test_what_was_not_filled_in_here_is_no_plan_of_here():
    assert draft_of(load_recipe("addition")) is None and draft_of(load_recipe("stories")) is None
