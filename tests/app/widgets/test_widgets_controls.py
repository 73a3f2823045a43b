"""Slider rows, boxes, flowing rows, borders and combo boxes: what they do by key, by hand and where there is little room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from app.widgets.bar_legend import BarLegend
from app.widgets.elided_combo import ElidedCombo
from app.widgets.exact_box import ExactBox
from app.widgets.flow import FlowLayout
from app.widgets.slider_row import SliderRow
from app.widgets.splitter import PaneSplitter


@pytest.fixture
def row(qtbot):
    made = SliderRow("Top-p", "Keeps.", minimum=0, maximum=1, default=0.95, limit=1, step=0.01)
    qtbot.addWidget(made)
    made.show()
    return made


def told_by(row):
    told = []
    row.valueChanged.connect(told.append)
    return told


def test_the_box_keeps_what_the_slider_cannot_show(row):
    told = told_by(row)
    box, slider, _ = row.controls()
    box.setValue(0.1234)
    assert row.value() == 0.1234 and told == [0.1234]
    assert slider.value() == 123
    slider.setValue(500)
    assert row.value() == 0.5 and told[-1] == 0.5


def test_to_show_a_value_tells_nothing(row):
    told = told_by(row)
    row.set_value(0.3)
    row.set_value(7)
    assert row.value() == 1.0 and told == []


def test_reset_is_there_only_away_from_the_default_and_is_a_move_of_its_own(row):
    told = told_by(row)
    reset = row.controls()[2]
    assert not reset.isVisible()
    row.set_value(0.2)
    assert reset.isVisible()
    reset.click()
    assert told == [0.95] and not reset.isVisible()


def test_keys_on_the_slider_move_by_one_exact_step_and_stop_at_the_ends(row):
    _, slider, _ = row.controls()
    row.set_value(0.985)
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert row.value() == pytest.approx(0.995)
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert row.value() == 1.0
    QTest.keyClick(slider, Qt.Key.Key_PageDown)
    assert row.value() == pytest.approx(0.9)


def test_an_unfocused_control_lets_the_wheel_scroll_the_panel(row):
    reset = row.controls()[2]
    row.set_value(0.5)
    reset.setFocus()
    box = row.controls()[0]
    event = wheel(box)
    assert row.eventFilter(box, event) and not event.isAccepted()
    assert row.value() == 0.5


def wheel(widget):
    middle = QPointF(widget.rect().center())
    return QWheelEvent(
        middle,
        widget.mapToGlobal(middle),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )


def test_the_places_of_a_log_slider_lead_back_to_their_values(qtbot):
    row = SliderRow("k", "", minimum=0, maximum=200, default=40, limit=1_000_000, integer=True, step=1, log=True)
    qtbot.addWidget(row)
    for value in range(201):
        assert row._from_slider(row._to_slider(value)) == pytest.approx(value, abs=1)
    assert row._to_slider(14) == pytest.approx(500, abs=12)  # sqrt(201) - 1: the middle of the logarithm
    row.set_value(5000)
    assert row.value() == 5000, "more than the slider shows can be typed"


def test_controls_follow_the_eye(qtbot):
    plain = SliderRow("T", "s", minimum=0, maximum=2, default=1)
    single = SliderRow("T", "", minimum=0, maximum=2, default=1, untitled=True)
    compact = SliderRow("T", "s", minimum=0, maximum=2, default=1, compact=True)
    for row in (plain, single, compact):
        qtbot.addWidget(row)
        row.resize(300, 80)
        row.show()
        row.set_value(0.5)
        qtbot.wait(1)
        places = [
            (w.mapTo(row, w.rect().center()).y() // 20, w.mapTo(row, w.rect().topLeft()).x()) for w in row.controls()
        ]
        assert places == sorted(places)
    assert all(w.accessibleName() for w in single.controls())


@given(st.integers(0, 10**8))
def test_a_box_shows_the_shortest_text_that_is_the_value(qapp, whole):
    value = whole / 10**4
    box = ExactBox(0, 10**4)
    box.setValue(value)
    text = box.textFromValue(box.value())
    assert float(text.replace(",", ".")) == pytest.approx(value, abs=1e-9)
    decimals = text.replace(",", ".").partition(".")[2]
    assert len(decimals) >= 2 and (len(decimals) == 2 or decimals[-1] != "0")


def test_a_flow_goes_on_in_the_next_line_and_its_height_follows(qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder, spacing=10)
    boxes = []
    for _ in range(3):
        box = QLabel()
        box.setFixedSize(QSize(100, 20))
        flow.addWidget(box)
        boxes.append(box)
    assert flow.heightForWidth(320) == 20
    assert flow.heightForWidth(319) == 50
    assert flow.heightForWidth(100) == 80
    assert flow.minimumSize() == QSize(100, 20)
    assert flow.sizeHint() == QSize(320, 20)
    flow.setGeometry(QRect(5, 5, 215, 60))
    assert [(box.x(), box.y()) for box in boxes] == [(5, 5), (115, 5), (5, 35)]


def test_a_border_is_moved_by_keys_within_the_limits_of_its_panes(qtbot):
    panes = PaneSplitter()
    qtbot.addWidget(panes)
    sides = [QWidget(), QWidget(), QWidget()]
    for pane in sides:
        panes.addWidget(pane)
    sides[0].setMinimumWidth(100)
    sides[2].setMinimumWidth(100)
    panes.resize(800, 200)
    panes.show()
    panes.set_side_widths(200, 250)
    assert (sides[0].width(), sides[2].width()) == (200, 250)
    moves = []
    panes.widths_changed.connect(lambda: moves.append(sides[2].width()))
    QTest.keyClick(panes.handle(2), Qt.Key.Key_Left)
    assert moves == [266]
    for _ in range(30):
        QTest.keyClick(panes.handle(2), Qt.Key.Key_Right)
    assert sides[2].width() == 100
    sides[0].hide()
    qtbot.wait(1)  # the border beside it goes with the next event
    panes.set_side_widths(200, 250)
    assert sides[2].width() == 250 and sides[1].width() + 250 + panes.handleWidth() == 800


def test_a_long_choice_ends_in_an_ellipsis_and_none_shows_the_placeholder(qtbot):
    combo = ElidedCombo()
    qtbot.addWidget(combo)
    combo.addItems(["short", "a choice with a name that is far too long for its box"])
    combo.setPlaceholderText("Your own settings")
    combo.resize(140, 30)
    combo.show()
    assert combo.shown_text() == "short"
    combo.setCurrentIndex(1)
    assert combo.shown_text().endswith("…") and combo.shown_text()[:5] == "a cho"
    combo.setCurrentIndex(-1)
    combo.resize(300, 30)
    assert combo.shown_text() == "Your own settings"
    plain = QComboBox()
    qtbot.addWidget(plain)
    plain.addItems(["short", "a choice with a name that is far too long for its box"])
    assert combo.minimumSizeHint().width() < plain.minimumSizeHint().width() / 2


def test_the_legend_hides_what_is_not_drawn(qtbot):
    legend = BarLegend("raw", "after the chain")
    qtbot.addWidget(legend)
    legend.show()
    shown = lambda: [label.text() for label in legend.findChildren(QLabel) if label.isVisible()]  # noqa: E731
    assert shown() == ["raw", "after the chain"]
    legend.set_final("")
    assert shown() == ["raw"]
    legend.set_final("with the present sliders")
    assert shown() == ["raw", "with the present sliders"]
