"""The plan of a new run: sensible from the start, refused where it cannot be."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.training.draft import PRESETS, Draft, draft_of, for_start, from_recipe
from engine.errors import UserError
from engine.runs.recipe import LoraConfig, Schedule, load_recipe

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
    assert for_start(changed(onward, threads=2, device="cpu"), "") == changed(fresh, threads=2, device="cpu")


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
    schedule=st.sampled_from(("cosine", "stable")),
    warmup=st.integers(-1, 500),
    final_fraction=st.floats(0, 1),
    weight_decay=st.floats(0, 1),
    clip=st.floats(0.01, 100),
    accumulate=st.integers(1, 64),
    dropout=st.floats(0, 0.9),
    alpha=st.floats(0, 64),
    targets=st.sampled_from((("q_proj",), ("q_proj", "v_proj"))),
    precision=st.sampled_from(("bf16", "float32")),
    compile=st.booleans(),
    recompute=st.booleans(),
    device=st.sampled_from(("auto", "cpu", "cuda", "mps")),
    threads=st.integers(0, 64),
    seed=st.integers(0, 2**31 - 1),
)
def test_a_plan_is_found_again_in_its_recipe(**fields):
    recipe = Draft(title="Mine", files=FILES, prompts=("a", "b"), rank=4, minutes=2.5, **fields).recipe()
    again = draft_of(recipe)
    assert again is not None and again.recipe() == recipe


def test_what_is_changed_stands_in_the_recipe():
    plan = Draft(files=FILES, steps=1000, schedule="stable", warmup=7, final_fraction=0.25, accumulate=4, threads=3)
    recipe = changed(plan, dropout=0.1, clip=0.5, precision="float32", device="cpu", recompute=True).recipe()
    assert recipe.schedule == Schedule("stable", 7, 200, 0.25)  # down over the last fifth
    assert (recipe.accumulate, recipe.threads, recipe.device, recipe.recompute) == (4, 3, "cpu", True)
    assert (recipe.dropout, recipe.optimiser.clip, recipe.precision) == (0.1, 0.5, "float32")
    assert plan.tokens == 1000 * 16 * 4 * 128
    onward = changed(for_start(plan, "/models/base.gguf"), rank=4, alpha=20.0, targets=("q_proj", "v_proj"))
    assert onward.recipe().lora == LoraConfig(4, 20.0, ("q_proj", "v_proj"))


def test_what_a_recipe_says_beyond_the_plan_is_kept():
    shipped = load_recipe("machado")
    begun = from_recipe(shipped, FILES).recipe()
    assert begun == changed(shipped, sources=(changed(shipped.sources[0], files=FILES),))
    chat = from_recipe(load_recipe("shakespeare-chat"), FILES)
    assert chat.needs_start and chat.recipe().sources[0].shape == "dialogue"
    onward = for_start(chat, "/runs/shakespeare-base")
    assert not onward.needs_start and onward.block == 512 and onward.recipe().lora is None
    assert for_start(from_recipe(shipped, FILES), "/models/base.gguf").recipe().name == "own"


def test_without_the_whole_path_of_its_files_a_run_is_no_plan():
    assert draft_of(load_recipe("stories")) is None and draft_of(load_recipe("proxima-chat")) is None
    sums = draft_of(load_recipe("addition"))
    assert sums is not None and sums.files == ("@addition",)
