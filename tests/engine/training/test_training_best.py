"""The checkpoint that did best on what is held out is kept, whatever is learnt by heart after it."""

import random

import pytest

from engine.decoder.folder import best_checkpoint, newest_checkpoint
from engine.runs.events import CheckpointSaved, Evaluated, Finished
from engine.runs.status import saved_checkpoints
from tests.helpers.small_training import RECIPE, run, stop_after, write_recipe

_STEPS, _EVERY = 40, 4


@pytest.fixture
def place(tmp_path):
    """Two texts of dice: what is learnt of the one by heart makes the model worse on the other."""
    data = tmp_path / "data"
    data.mkdir()
    dice = ["".join(random.Random(seed).choices("abcdefgh", k=60)) for seed in range(3)]
    (data / "prose.txt").write_text("\n<|endoftext|>\n".join(dice), encoding="utf-8")
    text = RECIPE.partition("[[sources]]")[0].replace("evaluate_every = 0", f"evaluate_every = {_EVERY}")
    text = text.replace("steps = 6", f"steps = {_STEPS}").replace("vocabulary_size = 300", 'kind = "characters"')
    recipe = write_recipe(tmp_path, text + '[[sources]]\nname = "dice"\nfiles = ["prose.txt"]\n')
    return recipe, data


def learnt(place, out, **more):
    """So quickly that the best is soon over."""
    return run(*place, out, ("optimiser.muon_learning_rate=0.2", "optimiser.learning_rate=0.05"), **more)


def measured(events):
    return {event.step: event.loss for event in events if isinstance(event, Evaluated)}


def test_the_best_of_an_overfitting_run_stays(place, tmp_path):
    out = tmp_path / "run"
    losses = measured(events := learnt(place, out))
    assert isinstance(events[-1], Finished) and len(losses) == _STEPS // _EVERY
    step = min(losses, key=losses.get)
    assert step < _STEPS - _EVERY, "the run did not overfit"
    folder, loss = best_checkpoint(out)
    assert (folder.name, loss) == (f"checkpoint-{step:07d}", pytest.approx(losses[step], rel=1e-12))
    assert newest_checkpoint(out).name == f"checkpoint-{_STEPS:07d}"
    # Saved only where it was better than before, and no more kept than the newest, the one before it and the best.
    lowest, better = float("inf"), []
    for at, value in losses.items():
        if value < lowest:
            lowest, better = value, [*better, at]
    assert [event.step for event in events if isinstance(event, CheckpointSaved)] == [*better, _STEPS]
    assert {at for _, at in saved_checkpoints(out)} == {_STEPS, better[-1]}


def test_a_resumed_run_remembers_its_best(place, tmp_path):
    out, whole = tmp_path / "run", tmp_path / "whole"
    learnt(place, whole)
    learnt(place, out, stopped=stop_after(out, _STEPS // 2 + 1))
    learnt(place, out, resume=True)
    assert best_checkpoint(out)[0].name == best_checkpoint(whole)[0].name
    assert best_checkpoint(out)[1] == best_checkpoint(whole)[1]


@pytest.mark.parametrize("text", ["", "checkpoint-0000004", "checkpoint-0000004 nought", "checkpoint-0000999 1.0"])
def test_a_damaged_note_is_none(tmp_path, text):
    (tmp_path / "best").write_text(text)
    assert best_checkpoint(tmp_path) is None
