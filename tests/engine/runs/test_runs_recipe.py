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
        raised.value.code == "recipe-broken" and name.split(".")[-1] in raised.value.text and value in raised.value.text
    )
