"""Values of a recipe that cannot be are refused with a sentence that names them."""

import pytest

from engine.errors import UserError
from engine.runs.recipe import load_recipe


def test_a_value_is_changed_from_outside():
    recipe = load_recipe("shakespeare-char", ("dropout=0.25", "minutes=1.5", "optimiser.kind=adamw"))
    assert (recipe.dropout, recipe.minutes, recipe.optimiser.kind) == (0.25, 1.5, "adamw")


@pytest.mark.parametrize(
    "change", ["dropout=1.0", "dropout=-0.1", "minutes=-1", "steps=0", "schedule.final_fraction=2.0"]
)
def test_a_value_that_cannot_be(change):
    name, value = change.split("=")
    with pytest.raises(UserError) as raised:
        load_recipe("stories", (change,))
    assert (
        raised.value.code == "recipe-override"
        and name.split(".")[-1] in raised.value.text
        and value in raised.value.text
    )


@pytest.mark.parametrize(
    ("change", "end"),
    [
        ("rank=3", "unknown field `rank`; did you mean lora.rank."),
        ("stepz=3", "unknown field `stepz`; did you mean steps."),
        ("learning_rate=1e-3", "unknown field `learning_rate`; did you mean optimiser.learning_rate."),
        (
            "optimiser.learning_rat=1",
            "at optimiser: Object contains unknown field `learning_rat`; did you mean learning_rate.",
        ),
        ("optimiser.kind=lion", "at optimiser.kind: Invalid enum value 'lion'; there are sgd, adam, adamw, muon."),
        ('sources=[{name="a",shape="b"}]', "shape: Invalid enum value 'b'; there are as-is, story-requests, dialogue."),
        ("lora.rnk=2", "at lora: Object contains unknown field `rnk`; did you mean rank."),
        ("zzz=1", "evaluation_rows, checkpoint_minutes, sample_prompts, tensorboard, licence, sampling."),
        ("steps=many", "at steps: Expected `int`, got `str`."),
    ],
)
def test_a_wrong_name_is_told_with_what_could_stand_there(change, end):
    with pytest.raises(UserError) as raised:
        load_recipe("finetune", (change,))
    assert raised.value.text.endswith(end)


def test_a_wrong_name_in_the_shape_is_told_as_well():
    recipe = load_recipe("scratch", ("model={d_model=64, n_layers=2, n_heads=4, d_f=96}",))
    with pytest.raises(UserError, match=r"unknown field `d_f`; did you mean d_ff\."):
        recipe.check_shape()
