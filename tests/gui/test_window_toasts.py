"""Toasts: the way back for eight seconds, details to copy, three at most."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.widgets import toast as toast_module
from app.widgets.toast import Toasts


@pytest.fixture
def toasts(qtbot: QtBot) -> Iterator[Toasts]:
    parent = QWidget()
    parent.resize(900, 600)
    qtbot.addWidget(parent)
    parent.show()
    yield Toasts(parent)


def test_undo_is_called_once_and_the_toast_goes(toasts: Toasts, qtbot: QtBot) -> None:
    calls: list[int] = []
    toast = toasts.show("Deleted.", "Undo", lambda: calls.append(1))
    assert toast.action_button is not None
    qtbot.mouseClick(toast.action_button, Qt.MouseButton.LeftButton)
    assert calls == [1]
    assert toasts.shown == ()
    assert not toasts.undo_last()


def test_the_last_one_with_a_way_back_can_be_undone_by_key(toasts: Toasts) -> None:
    calls: list[str] = []
    toasts.show("First.", "Undo", lambda: calls.append("first"))
    toasts.show("Second.", "Undo", lambda: calls.append("second"))
    toasts.show("Only news.")
    assert toasts.undo_last()
    assert toasts.undo_last()
    assert not toasts.undo_last()
    assert calls == ["second", "first"]


def test_it_goes_by_itself_but_not_with_details(toasts: Toasts, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toast_module, "SHOWN_MS", 30)
    short = toasts.show("News.")
    mending = toasts.show("Failed, and is put right.", kind="warning", details="traceback", lasting=False)
    lasting = toasts.show("Failed.", kind="error", details="traceback")
    qtbot.waitUntil(lambda: short not in toasts.shown and mending not in toasts.shown, timeout=2000)
    qtbot.wait(80)
    assert toasts.shown == (lasting,)


def test_details_are_copied(toasts: Toasts, qtbot: QtBot) -> None:
    toast = toasts.show("Failed.", kind="error", details="line 1\nline 2")
    button = next(b for b in toast.findChildren(QPushButton) if "Copy" in b.text())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "Failed.\n\nline 1\nline 2"


def test_three_at_most_inside_the_window_and_none_over_another(toasts: Toasts) -> None:
    for number in range(5):
        toasts.show(f"Message {number} " * 12)
    assert [t.text.split()[1] for t in toasts.shown] == ["2", "3", "4"]
    places = [t.geometry() for t in toasts.shown]
    assert all(toasts.shown[0].parentWidget().rect().contains(place) for place in places)
    assert not any(a.intersects(b) for a in places for b in places if a != b)


def test_escape_closes_it(toasts: Toasts, qtbot: QtBot) -> None:
    toast = toasts.show("News.")
    qtbot.keyClick(toast, Qt.Key.Key_Escape)
    assert toasts.shown == ()


def test_they_stand_above_what_must_not_be_covered_however_it_grows(toasts: Toasts, qtbot: QtBot) -> None:
    toast = toasts.show("News.")
    composer = QWidget(toast.parentWidget())
    composer.setGeometry(300, 500, 400, 60)
    composer.show()
    toasts.keep_above(composer)
    assert toast.geometry().bottom() < 500
    assert abs(toast.geometry().center().x() - composer.geometry().center().x()) <= 1
    composer.setGeometry(300, 380, 400, 180)
    assert toast.geometry().bottom() < 380
    composer.hide()
    assert 560 < toast.geometry().bottom() < 600
    toasts.keep_above(None)
    composer.show()
    assert 560 < toast.geometry().bottom() < 600


def test_another_page_takes_away_what_was_to_be_read(
    toasts: Toasts, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toast_module, "SHOWN_MS", 60)
    read = toasts.show("Failed.", kind="error", details="traceback")
    qtbot.wait(150)
    fresh = toasts.show("Failed again.", kind="error", details="traceback")
    assert toasts.shown == (read, fresh)
    toasts.turn_page()
    assert toasts.shown == (fresh,), "what is new gets its time"
    monkeypatch.setattr(fresh, "underMouse", lambda: False)
    fresh.window().setFocus()
    qtbot.waitUntil(lambda: toasts.shown == (), timeout=2000)
