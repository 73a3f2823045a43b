"""The Settings page: shows, checks, applies, resets, finds."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QSpinBox
from pytestqt.qtbot import QtBot

from app.settings.page import SettingRow, SettingsPage
from app.settings.schema import fields
from app.settings.store import SettingsStore


@pytest.fixture
def store(tmp_path: Path) -> SettingsStore:
    return SettingsStore(tmp_path / "settings.json")


@pytest.fixture
def page(qtbot: QtBot, store: SettingsStore) -> SettingsPage:
    page = SettingsPage(store)
    qtbot.addWidget(page)
    page.resize(844, 600)
    page.show()
    return page


def row(page: SettingsPage, name: str) -> SettingRow:
    return next(r for r in page.rows if r.field.name == name)


def test_every_setting_has_a_row_that_can_be_read_aloud(page: SettingsPage) -> None:
    assert [r.field.name for r in page.rows] == [f.name for f in fields()]
    assert all(r.control.focus_widget().accessibleName() for r in page.rows)


def test_a_choice_is_applied_at_once(page: SettingsPage, store: SettingsStore, qtbot: QtBot) -> None:
    box = row(page, "theme").control.focus_widget()
    assert isinstance(box, QComboBox)
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert store.value.theme == "light"
    assert row(page, "theme").reset.isVisible()


def test_a_number_is_typed_and_reset(page: SettingsPage, store: SettingsStore, qtbot: QtBot) -> None:
    threads = row(page, "threads")
    box = threads.control.focus_widget()
    assert isinstance(box, QSpinBox)
    assert box.text() == "Automatic"
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "7")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert store.value.threads == 7
    qtbot.mouseClick(threads.reset, Qt.MouseButton.LeftButton)
    assert store.value.threads == 0
    assert box.text() == "Automatic"
    assert not threads.reset.isVisible()


def test_a_switch_is_clicked(page: SettingsPage, store: SettingsStore, qtbot: QtBot) -> None:
    row(page, "reduced_motion").control.focus_widget().setFocus()
    qtbot.keyClick(row(page, "reduced_motion").control.focus_widget(), Qt.Key.Key_Space)
    assert store.value.reduced_motion


def test_what_cannot_be_saved_is_said_in_its_row(page: SettingsPage, store: SettingsStore) -> None:
    store.path = store.path / "in" / "a" / "file"
    store.path.parents[2].write_text("in the way", encoding="utf-8")
    theme = row(page, "theme")
    theme.control.edited.emit("dark")
    assert store.value.theme == "system"
    assert any("could not be saved" in label.text() for label in theme.findChildren(type(page._nothing)))


def test_the_search_leaves_the_rows_that_match(page: SettingsPage, qtbot: QtBot) -> None:
    page.focus_first()
    qtbot.keyClicks(page.search, "graphics card")
    assert [r.field.name for r in page.rows if r.isVisible()] == ["gpu_layers"]
    page.search.setText("xyzzy")
    assert not any(r.isVisible() for r in page.rows)
    assert "xyzzy" in page._nothing.text()
    assert page._nothing.isVisible()
    page.search.clear()
    assert all(r.isVisible() for r in page.rows)


def test_a_change_from_elsewhere_is_shown(page: SettingsPage, store: SettingsStore) -> None:
    store.set(text_size=130)
    box = row(page, "text_size").control.focus_widget()
    assert isinstance(box, QSpinBox)
    assert box.value() == 130
