"""The timeline of the likeliest tokens: names that stand apart, whatever the probabilities are."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.training.timeline import Timeline, apart
from engine.runs.events import Probe, ProbeToken


def test_by_hand():
    assert apart([100, 98, 20], 13) == [100, 87, 20]
    assert apart([50, 50, 50], 10) == [50, 40, 30]
    assert apart([], 13) == []


@given(st.lists(st.floats(0, 1000), max_size=6))
def test_they_are_apart_and_in_their_order(heights):
    moved = apart(heights, 13)
    up = sorted(moved)
    assert all(b - a >= 13 - 1e-6 for a, b in pairwise(up))
    assert all(m <= h for m, h in zip(moved, heights, strict=True))


@pytest.mark.parametrize("share", [0.005, 0.05, 0.24, 0.5])
def test_equal_probabilities_are_painted(qtbot, share):
    timeline = Timeline()
    qtbot.addWidget(timeline)
    top = tuple(ProbeToken(id, f" token {id}", share) for id in range(12))
    timeline.show_probes([Probe(0, "a", 1.0, top), Probe(10, "a", 1.0, top)])
    timeline.set_place(1)
    for width in (180, 300, 420):
        timeline.resize(width, 150)
        assert not timeline.grab().isNull()


def test_the_axis_ends_above_what_is_shown(qtbot):
    timeline = Timeline()
    qtbot.addWidget(timeline)
    assert timeline.highest == 1.0
    for share, highest in ((0.004, 0.01), (0.2, 0.25), (0.25, 0.25), (0.51, 1.0)):
        timeline.show_probes([Probe(0, "a", 1.0, (ProbeToken(1, "a", share), ProbeToken(2, "b", share / 2)))])
        timeline.set_place(0)
        assert timeline.highest == highest
    first = (ProbeToken(1, "a", 0.09), ProbeToken(2, "b", 0.01))
    timeline.show_probes([Probe(0, "a", 1.0, first), Probe(9, "a", 1.0, (ProbeToken(1, "a", 0.3),))])
    timeline.set_place(0)
    assert timeline.highest == 0.5, "the whole way of its tokens is drawn"
