"""The two seconds: bounded, stopped at once, and gone without a trace."""

import time

import numpy as np
import pytest

from engine.errors import Cancelled
from engine.inference.probe import probe_speed


class Slow:
    """A model that takes a known time for each token."""

    def __init__(self, seconds, context_length=1024):
        self.seconds, self.context_length, self.ids = seconds, context_length, []
        self.vocabulary = type("V", (), {"size": 100})()

    def extend(self, ids, rows="last", cancelled=None):
        for id in ids:
            if cancelled is not None and cancelled():
                raise Cancelled
            assert 0 <= id < 100
            time.sleep(self.seconds)
            self.ids.append(id)
            assert len(self.ids) <= self.context_length
        yield np.zeros((1, 100), np.float32)

    def rewind(self, length):
        del self.ids[length:]
        return length


def test_the_figures_are_those_of_the_model():
    model = Slow(0.01)
    start = time.perf_counter()
    found = probe_speed(model)
    assert time.perf_counter() - start < 4
    # A busy machine sleeps longer than it is told to, never shorter.
    assert 20 < found.tokens_per_s <= 100 and 20 < found.prompt_tokens_per_s <= 100
    assert model.ids == []


def test_a_very_slow_model_has_no_figure_for_prompts():
    found = probe_speed(Slow(0.3))
    assert found.prompt_tokens_per_s == 0 and 0 < found.tokens_per_s < 4


def test_a_short_context_is_enough():
    model = Slow(0, context_length=8)
    assert probe_speed(model).tokens_per_s > 0 and model.ids == []


def test_it_stops_at_once():
    model, calls = Slow(0.01), []

    def stop():
        calls.append(None)
        return len(calls) > 5

    with pytest.raises(Cancelled):
        probe_speed(model, stop)
    assert model.ids == [] and len(calls) < 9
