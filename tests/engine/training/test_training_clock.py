"""A run that is given minutes: it ends by the clock, and its learning rate has come down by then."""

from engine.runs.events import Finished
from engine.training.loop import Loop
from tests.helpers.small_training import run, write_data, write_recipe


def test_the_rate_comes_down_with_the_clock(tmp_path, monkeypatch):
    factors, step = [], Loop._step

    def noted(self, number, factor):
        factors.append(factor)
        return step(self, number, factor)

    monkeypatch.setattr(Loop, "_step", noted)
    changes = ["steps=1000000", "minutes=0.02", "schedule.final_fraction=0.0"]
    events = run(write_recipe(tmp_path), write_data(tmp_path), tmp_path / "run", changes)
    assert isinstance(events[-1], Finished) and events[-1].why == "time"
    assert 0.5 <= events[-1].seconds / 1.2 < 5
    # By the steps alone every factor after the two of the warm-up would be one.
    after = factors[2:]
    assert after[0] > 0.3 and after[-1] < 0.2 and after == sorted(after, reverse=True)
