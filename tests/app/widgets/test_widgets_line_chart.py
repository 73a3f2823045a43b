"""Curves: thinned to the pixels without losing a peak, smoothed, with round ticks; read and zoomed by keys."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from app.widgets.line_chart import Level, Line, LineChart, nice_ticks, short_number, smoothed, thinned


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=3000), st.integers(2, 200))
def test_thinning_keeps_the_extremes_and_little_else(values, columns):
    steps = np.arange(len(values), dtype=float)
    x, y = thinned(steps, np.array(values), 0.0, float(len(values) - 1), columns)
    assert len(x) == len(y) <= 2 * columns + 2
    assert y.min() == min(values) and y.max() == max(values)
    assert (np.diff(x) >= 0).all()


def test_thinning_shows_what_is_in_view_and_one_beyond():
    steps = np.arange(0.0, 100.0, 10.0)
    x, _ = thinned(steps, steps, 35.0, 55.0, 50)
    assert x.tolist() == [30.0, 40.0, 50.0, 60.0]


def test_what_is_no_number_is_left_out():
    x, y = thinned(np.array([1.0, 2.0, 3.0]), np.array([5.0, np.nan, 7.0]), 1.0, 3.0, 50)
    assert (x.tolist(), y.tolist()) == ([1.0, 3.0], [5.0, 7.0])


def test_smoothing_by_hand():
    assert smoothed([1.0, 2.0, 6.0, 3.0], 1) == pytest.approx([1.0, 3.0, 11 / 3, 4.5])
    assert smoothed([], 3) == []


@pytest.mark.parametrize(
    ("low", "high", "count", "ticks"),
    [(0, 100, 5, [0, 20, 40, 60, 80, 100]), (2.1, 3.4, 3, [2.5, 3.0]), (0.0, 3.0, 3, [0, 1, 2, 3]), (5, 5, 3, [5])],
)
def test_ticks_are_round(low, high, count, ticks):
    assert nice_ticks(low, high, count) == pytest.approx(ticks)


def test_axes_have_little_room():
    assert [short_number(v, 1) for v in (0.5, 200, 12_000, 1_200_000)] == ["0.5", "200.0", "12 k", "1.2 M"]


@pytest.fixture
def chart(qtbot):
    chart = LineChart("Loss")
    qtbot.addWidget(chart)
    chart.resize(400, 200)
    steps = list(range(0, 1001, 10))
    chart.show_lines([Line("training", "accent", steps, [5 - s / 500 for s in steps])], [Level("5-gram", "good", 3.5)])
    chart.show()
    qtbot.waitExposed(chart)
    return chart


def test_it_says_what_it_shows(chart):
    assert chart.accessibleDescription() == "training 3.000 · 5-gram 3.500"
    assert chart.reading(500) == "training 4.000 · 5-gram 3.500"


def test_keys_read_and_zoom(qtbot, chart):
    told = []
    chart.pointed.connect(told.append)
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert told == [0, 20] and chart.accessibleDescription().startswith("training 4.960")
    qtbot.keyClick(chart, Qt.Key.Key_Plus)
    first, last = chart.steps_shown
    assert first >= 0 and last - first < 1000
    qtbot.keyClick(chart, Qt.Key.Key_0)
    assert chart.steps_shown == (0.0, 1000.0)


def test_lines_without_points_and_single_points_are_painted(qtbot, chart):
    for lines in ([], [Line("none", "good", [], [])], [Line("one", "good", [3], [2.0])]):
        chart.show_lines(lines)
        assert not chart.grab().isNull()
