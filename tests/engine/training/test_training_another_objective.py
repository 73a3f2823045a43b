"""The loop runs an objective that it knows nothing of: pairs of texts, of which one is to become likelier than the other."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from engine.runs.events import Evaluated, Finished, Probe, StepDone
from engine.training import objectives
from tests.helpers.small_training import run, stop_after, write_data, write_recipe


def preference_loss(model, chosen, rejected, margins):
    """-log sigmoid of how much likelier the chosen text is; three arrays, one of them no ids."""
    likely, unlikely = (_log_likelihood(model, ids) for ids in (chosen, rejected))
    return -F.logsigmoid(likely - unlikely - margins).sum()


def _log_likelihood(model, ids):
    logits = model.lm_head(model.hidden(ids[:, :-1])).float()
    return -F.cross_entropy(logits.transpose(1, 2), ids[:, 1:], reduction="none").sum(-1)


class Preference:
    """Texts of rising ids are preferred to falling ones."""

    loss = staticmethod(preference_loss)
    chat, prompts = None, ("a fox",)

    def __init__(self, recipe, run, vocabulary):
        self._recipe, self._seed = recipe, recipe.seed

    def rows(self, step, part):
        random = np.random.default_rng([self._seed, step, part])
        rising = np.sort(random.integers(20, 60, (self._recipe.batch, 8)), axis=1)
        return rising, rising[:, ::-1].copy(), np.full(self._recipe.batch, 0.5, np.float32)

    def counted(self, rows):
        return len(rows[0])

    def measure(self, step, score):
        rows = self.rows(10**6, 0)
        loss = score(rows) / self.counted(rows)
        yield Evaluated(step, "pairs", loss, loss / math.log(2))
        return loss

    def baseline(self):
        return iter(())


@pytest.fixture
def another(monkeypatch):
    monkeypatch.setitem(objectives.OBJECTIVES, "pretraining", Preference)


@pytest.mark.parametrize("accumulate", [1, 2])
def test_it_is_learnt_measured_and_saved_like_any_other(tmp_path, another, accumulate):
    recipe, data = write_recipe(tmp_path), write_data(tmp_path)
    changes = ["steps=30", "evaluate_every=10", f"accumulate={accumulate}", "precision=float32"]
    events = run(recipe, data, tmp_path / "run", changes)
    losses = [event.loss for event in events if isinstance(event, Evaluated)]
    assert len(losses) == 3 and losses[-1] < 0.8 * losses[0] and isinstance(events[-1], Finished)
    assert {event.prompt for event in events if isinstance(event, Probe)} == {"a fox"}


def test_resumed_it_gives_the_same_losses_to_the_bit(tmp_path, another):
    recipe, data = write_recipe(tmp_path), write_data(tmp_path)
    unbroken = run(recipe, data, tmp_path / "unbroken")
    run(recipe, data, tmp_path / "broken", stopped=stop_after(tmp_path / "broken", 3))
    resumed = run(recipe, data, tmp_path / "broken", resume=True)
    assert isinstance(unbroken[-1], Finished) and unbroken[-1].step == resumed[-1].step == 6
    ends = [[event.loss for event in events if isinstance(event, Evaluated)][-1] for events in (unbroken, resumed)]
    assert ends[0] == ends[1]
    assert any(isinstance(event, StepDone) for event in resumed)
    for name in ("model.safetensors", "optimiser.safetensors"):
        saved = [(tmp_path / where / "checkpoint-0000006" / name).read_bytes() for where in ("unbroken", "broken")]
        assert saved[0] == saved[1]


def test_its_loss_by_hand():
    class Even:
        """Every token equally likely: both texts cost the same, and only the margin is left."""

        def hidden(self, ids):
            return torch.zeros(*ids.shape, 4)

        @staticmethod
        def lm_head(hidden):
            return hidden

    ids = torch.zeros(2, 3, dtype=torch.long)
    loss = preference_loss(Even(), ids, ids, torch.tensor([0.0, 1.0]))
    assert float(loss) == pytest.approx(math.log(2) + math.log(1 + math.e))
