"""The baseline is measured on the rows that the run is measured on, and counted on nothing that is held out."""

import math

import numpy as np
import pytest

from engine.errors import UserError
from engine.runs.events import Baseline, Evaluated, Started
from engine.runs.recipe import NgramPlan
from engine.training.baseline import count_streams, held_out
from engine.training.run import open_data
from tests.helpers.small_training import run, write_data, write_recipe


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    place = tmp_path_factory.mktemp("baseline")
    return run(write_recipe(place), write_data(place, 300), place / "run"), place / "run"


def test_a_run_starts_with_its_baseline(trained):
    events, _ = trained
    first = [event for event in events if isinstance(event, Baseline)]
    assert events[: len(first)] == first and isinstance(events[len(first)], Started)
    last = [event for event in events if isinstance(event, Evaluated)]
    assert {event.source for event in first} == {event.source for event in last} == {"prose", "talk"}
    for event in first:
        assert event.order == 5 and event.tokens > 1000
        assert event.loss < math.log(300), "counting is better than knowing nothing"


def test_units_are_those_of_the_run(trained):
    """Both divide by the same tokens and bytes, so bits per byte over loss is the same ratio."""
    events, _ = trained
    measured = {event.source: event for event in events if isinstance(event, Evaluated)}
    for event in events:
        if isinstance(event, Baseline):
            other = measured[event.source]
            assert event.bits_per_byte / event.loss == pytest.approx(other.bits_per_byte / other.loss)


def test_by_hand(trained):
    """The loss of the held-out rows, token by token through the distribution."""
    _, folder = trained
    recipe, batches, vocabulary = open_data(folder)
    model, counted = count_streams(batches.streams, [0.7, 1.0], NgramPlan(3), vocabulary.size)
    assert counted == sum(len(stream.ids) for stream in batches.streams)
    (prose,) = [e for e in held_out(model, counted, batches, 2, vocabulary) if e.source == "prose"]
    losses = []
    for row in range(2):
        ids = batches.validation["prose"].ids[row * recipe.block : (row + 1) * recipe.block + 1].tolist()
        losses += [-math.log(model.probabilities(ids[:place])[ids[place]]) for place in range(1, len(ids))]
    assert prose.loss == pytest.approx(np.mean(losses))


def test_tokens_are_taken_by_weight(trained):
    _, folder = trained
    _, batches, vocabulary = open_data(folder)
    _, counted = count_streams(batches.streams, [1, 3], NgramPlan(2, 1000), vocabulary.size)
    assert counted == 1000


def test_none_where_none_is_asked_for(tmp_path):
    events = run(write_recipe(tmp_path), write_data(tmp_path), tmp_path / "run", ["baseline.order=0"])
    assert isinstance(events[0], Started)


def test_a_resumed_run_does_not_count_again(trained, tmp_path):
    _, folder = trained
    events = run(write_recipe(tmp_path), tmp_path, folder, ["steps=8"], resume=True)
    assert isinstance(events[0], Started)


def test_a_folder_without_a_run(tmp_path):
    with pytest.raises(UserError, match="holds no training run"):
        open_data(tmp_path)
