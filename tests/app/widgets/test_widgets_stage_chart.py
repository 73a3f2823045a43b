"""The chart of a stage: what it says, where its cut-off stands, and how that is moved by hand and by key."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.widgets.funnel_neck import FunnelNeck
from app.widgets.stage_chart import ChartBar, StageChart

BARS = [ChartBar(0, 0.5, 0.7, False, False), ChartBar(1, 0.3, 0.3, False, True), ChartBar(2, 0.2, 0, True, False)]


@pytest.fixture
def chart(qtbot):
    made = StageChart("Top-p")
    qtbot.addWidget(made)
    made.resize(1208, 60)
    made.show_bars(BARS, "abc".__getitem__, 2, True, "3 enter, 2 stay")
    made.show()
    return made


def move(chart, x):
    at = QPointF(x, 30)
    button = Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, at, chart.mapToGlobal(at), Qt.MouseButton.NoButton, button, none)
    QApplication.sendEvent(chart, event)


def asked_by(chart):
    asked = []
    chart.cut_asked.connect(asked.append)
    return asked


def test_the_cut_off_stands_after_those_that_stay(chart):
    assert chart.cut_x() == pytest.approx(4 + 2 * 100)
    chart.show_bars(BARS, "abc".__getitem__, 5000, True, "")
    assert chart.cut_x() == pytest.approx(4 + 3 * 100)


@pytest.mark.qt_log_ignore("raise", extend=True)  # the tooltip, off screen
def test_it_is_dragged_to_the_nearest_border(chart):
    asked = asked_by(chart)
    QTest.mousePress(chart, Qt.MouseButton.LeftButton, pos=QPoint(200, 30))
    assert asked == []
    move(chart, 120)
    move(chart, 2)
    assert set(asked) == {1}, "one always stays"
    QTest.mouseRelease(chart, Qt.MouseButton.LeftButton, pos=QPoint(2, 30))
    asked.clear()
    move(chart, 120)
    assert asked == []
    chart.show_bars(BARS, "abc".__getitem__, 1, True, "")
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(300, 30))
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(1100, 30))
    assert asked == [3, 11]


def show(chart, bars, cut):
    chart.show_bars([ChartBar(n, 1 / bars, 1 / bars, False, False) for n in range(bars)], str, cut, True, "")


@pytest.mark.qt_log_ignore("raise", extend=True)
def test_the_places_stay_under_the_hand_however_many_bars_are_drawn_meanwhile(chart):
    asked = asked_by(chart)
    show(chart, 50, 40)
    QTest.mousePress(chart, Qt.MouseButton.LeftButton, pos=QPoint(4 + 40 * 24 + 5, 30))
    assert asked == [], "to take hold of it moves nothing"
    move(chart, 4 + 10 * 24)
    show(chart, 13, 10)
    move(chart, 4 + 9 * 24)
    move(chart, 4 + 39 * 24)
    assert asked == [10, 9, 39]


@pytest.mark.qt_log_ignore("raise", extend=True)
def test_beyond_the_last_bar_more_and_more_stay(chart):
    asked = asked_by(chart)
    show(chart, 64, 100)
    QTest.mousePress(chart, Qt.MouseButton.LeftButton, pos=QPoint(1202, 30))
    move(chart, 1200)
    assert asked == [], "it stands further out than is drawn"
    move(chart, 1230)
    show(chart, 64, 110)
    move(chart, 1231)
    assert asked == [110, 121]
    QTest.mouseRelease(chart, Qt.MouseButton.LeftButton, pos=QPoint(1202, 30))
    asked.clear()
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Left)
    show(chart, 64, 64)
    QTest.keyClick(chart, Qt.Key.Key_Right)
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert asked == [100, 70, 63]


def test_the_keys_move_it_by_one_candidate(chart):
    asked = asked_by(chart)
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Right)
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert asked == [3, 1]
    chart.show_bars(BARS, "abc".__getitem__, 1, True, "")
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert asked == [3, 1, 1]


def test_a_stage_without_a_cut_off_takes_neither_hand_nor_focus(chart):
    asked = asked_by(chart)
    chart.show_bars(BARS, "abc".__getitem__, None, True, "")
    assert chart.focusPolicy() == Qt.FocusPolicy.NoFocus
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(100, 30))
    chart.show_bars(BARS, "abc".__getitem__, 2, False, "")
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(100, 30))
    assert asked == []


def test_a_screen_reader_and_the_pointer_are_told_the_same_as_the_eye(chart):
    assert chart.accessibleDescription() == "3 enter, 2 stay" and "Top-p" in chart.accessibleName()
    assert chart.told(0) == "a: 50 % → 70 %" and "removed" in chart.told(2)


def test_removed_candidates_have_no_bar_of_what_leaves(chart, qtbot):
    qtbot.wait(10)
    before = chart.grab().toImage()
    chart.show_bars([*BARS[:2], ChartBar(2, 0.2, 0.2, False, False)], "abc".__getitem__, 2, True, "")
    after = chart.grab().toImage()
    right_half = (4 + 2 * 100 + 75, 45)
    assert before.pixelColor(*right_half) != after.pixelColor(*right_half)


def test_the_neck_narrows_by_the_logarithm_and_says_what_goes_on(qtbot):
    neck = FunnelNeck()
    qtbot.addWidget(neck)
    neck.show_count("40 of 8,192 go on", 40, 8192)
    assert neck.text == neck.accessibleName() == "40 of 8,192 go on"
    narrow = neck._share
    neck.show_count("all", 8192, 8192)
    assert neck._share == 1 and narrow == pytest.approx(0.412, abs=0.001)  # ln 41 / ln 8193
