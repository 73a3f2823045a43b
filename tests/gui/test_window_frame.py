"""The frame: pages by key and by click, menus and palette from the same actions, what it remembers."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.about import AboutDialog, versions_text
from app.models.gpu_dialog import GpuDialog
from app.palette.entries import Entry
from app.settings.memory import Memory
from app.widgets.page_actions import PageActions
from app.widgets.theme import theme
from app.window import MainWindow, Page, View
from engine import __version__


class Note(QLineEdit):
    """A page that has one action."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []
        self.new = QAction("New note…", self)
        self.new.setShortcut(QKeySequence("Ctrl+N"))
        self.new.triggered.connect(lambda: self.done.append("new"))


MakeWindow = Callable[[], MainWindow]


@pytest.fixture
def note(qtbot: QtBot) -> Note:
    theme().apply(QApplication.instance())
    note = Note()
    qtbot.addWidget(note)
    return note


@pytest.fixture
def make_window(qtbot: QtBot, note: Note, tmp_path: Path) -> MakeWindow:
    def make() -> MainWindow:
        pages = [
            Page(
                "note",
                "Note",
                "edit",
                lambda: View(
                    note,
                    actions={"file": [note.new]},
                    entries=lambda: [Entry("Notes", "Açaí in Recife", run=lambda: note.done.append("open"))],
                    keys=(("Save", "Enter"),),
                    enter=note.setFocus,
                ),
            ),
            Page("settings", "Settings", "settings", lambda: View(QWidget()), at_foot=True),
        ]
        window = MainWindow(pages, Memory(tmp_path / "window.json"))
        qtbot.addWidget(window)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    return make


def test_pages_by_key_and_click(make_window: MakeWindow, qtbot: QtBot, note: Note) -> None:
    window = make_window()
    assert window.page == "note"
    assert note.hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.page == "settings"
    assert window._rail.buttons["settings"].isChecked()
    qtbot.mouseClick(window._rail.buttons["note"], Qt.MouseButton.LeftButton)
    assert window.page == "note"
    assert note.isVisible()


def test_a_page_is_made_when_it_is_opened_or_when_there_is_time(qtbot: QtBot, tmp_path: Path) -> None:
    made: list[str] = []

    def page(name: str) -> Page:
        def make() -> View:
            made.append(name)
            action = QAction(f"Do {name}")
            return View(QWidget(), actions={"file": [action], "edit": [action]})

        return Page(name, name.title(), "edit", make)

    window = MainWindow([page(name) for name in ("one", "two", "three", "four")], Memory(tmp_path / "window.json"))
    qtbot.addWidget(window)
    assert made == ["one"]
    window.open_page("three")
    assert made == ["one", "three"]
    with qtbot.waitSignal(window.complete):
        window.build_rest()
        assert made == ["one", "three", "two"]
    assert made == ["one", "three", "two", "four"]
    file = [action.text() for menu, action in window.actions_by_menu() if menu == "File"]
    assert file == ["Do one", "Do two", "Do three", "Do four", "Quit"]
    menu = window.menuBar().actions()[0].menu()
    assert [action.text() for action in menu.actions() if not action.isSeparator()] == ["Do three", "Quit"]


def test_an_action_of_a_hidden_page_brings_it_forward(make_window: MakeWindow, qtbot: QtBot, note: Note) -> None:
    window = make_window()
    window.open_page("settings")
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert note.done == ["new"]
    assert window.page == "note"


def test_the_palette_finds_actions_and_entries_without_accents(
    make_window: MakeWindow, qtbot: QtBot, note: Note
) -> None:
    window = make_window()
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window.palette_view
    assert palette.isVisible()
    assert {"New note", "About Próxima", "Açaí in Recife"} <= {e.title for e in palette.shown}
    qtbot.keyClicks(palette.field, "acai")
    assert [e.title for e in palette.shown] == ["Açaí in Recife"]
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert note.done == ["open"]
    assert not palette.isVisible()
    assert note.hasFocus()


def test_the_palette_moves_by_keys_and_closes(make_window: MakeWindow, qtbot: QtBot, note: Note) -> None:
    window = make_window()
    window.show_palette()
    palette = window.palette_view
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.list.currentIndex().row() == 1
    for _ in range(3):
        qtbot.keyClick(palette.field, Qt.Key.Key_PageDown)
    assert palette.list.currentIndex().row() == len(palette.shown) - 1
    qtbot.keyClicks(palette.field, "zzz")
    assert palette.shown == []
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert note.hasFocus()
    assert note.done == []


def test_the_shortcut_list_is_made_of_the_real_actions(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window()
    qtbot.keyClick(window, Qt.Key.Key_F1)
    shown = {e.title: e.keys for e in window.palette_view.shown}
    assert shown["New note"] == "Ctrl+N"
    assert shown["Command palette"] == "Ctrl+K"
    assert shown["Save"] == "Enter"
    assert "About Próxima" not in shown


def test_no_two_actions_share_a_shortcut(make_window: MakeWindow) -> None:
    keys = [k.toString() for _, a in make_window().actions_by_menu() for k in a.shortcuts()]
    assert len(keys) == len(set(keys))


def test_keys_that_two_pages_want_are_those_of_the_open_one(qtbot: QtBot, tmp_path: Path) -> None:
    done: list[str] = []

    def page(name: str, keys: str, here: str) -> Page:
        def make() -> View:
            widget = QLineEdit()
            actions = PageActions(widget)
            actions.add("file", f"New {name}", lambda: done.append(name), keys, here=here)
            return View(widget, actions=actions.by_menu, enter=widget.setFocus)

        return Page(name, name.title(), "edit", make)

    pages = [page("talk", "Ctrl+N", ""), page("text", "Ctrl+Shift+N", "Ctrl+N"), page("rest", "", "")]
    window = MainWindow(pages, Memory(tmp_path / "window.json"))
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.build_rest()
    qtbot.waitUntil(lambda: len(window._views) == 3)
    control = Qt.KeyboardModifier.ControlModifier
    for opened, wanted in (("talk", "talk"), ("text", "text"), ("rest", "talk"), ("text", "text")):
        window.open_page(opened)
        qtbot.keyClick(window, Qt.Key.Key_N, control)
        assert done.pop() == wanted and not done
        assert window.page == (opened if wanted == opened else wanted), "what is done is to be seen"
    window.open_page("talk")
    qtbot.keyClick(window, Qt.Key.Key_N, control | Qt.KeyboardModifier.ShiftModifier)
    assert done == ["text"] and window.page == "text", "its own keys reach it from everywhere"


def test_geometry_and_page_are_remembered(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window()
    window.resize(900, 640)
    window.open_page("settings")
    with qtbot.waitSignal(window.closing):
        window.close()
    again = make_window()
    assert (again.width(), again.height()) == (900, 640)
    assert again.page == "settings"


@pytest.mark.parametrize("content", ["", "[]", '{"geometry": 7, "page": "gone"}'])
def test_a_broken_memory_costs_nothing_else(make_window: MakeWindow, tmp_path: Path, content: str) -> None:
    (tmp_path / "window.json").write_text(content, encoding="utf-8")
    assert make_window().page == "note"


def test_undo_by_key_presses_the_button_of_the_last_toast(make_window: MakeWindow, qtbot: QtBot, note: Note) -> None:
    window = make_window()
    window.messages.offer_undo("Deleted.", lambda: note.done.append("back"))
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    qtbot.keyClick(window, Qt.Key.Key_Z, modifiers)
    assert note.done == ["back"]
    qtbot.keyClick(window, Qt.Key.Key_Z, modifiers)
    assert "nothing to undo" in window.toasts.shown[-1].text


def test_it_works_in_its_smallest_size(make_window: MakeWindow) -> None:
    window = make_window()
    window.resize(10, 10)
    assert (window.width(), window.height()) == (900, 600)
    assert window._rail.width() == 56


def test_every_button_of_the_rail_has_a_name(make_window: MakeWindow) -> None:
    buttons = make_window()._rail.buttons
    assert [b.accessibleName() for b in buttons.values()] == ["Note", "Settings"]


def test_about_says_version_and_licences(make_window: MakeWindow, qtbot: QtBot) -> None:
    window = make_window()
    window.show_about()
    texts = {label.text() for label in window.findChild(AboutDialog).findChildren(QLabel)}
    assert f"Próxima {__version__}" in texts
    assert "LGPL-3.0" in texts
    assert "Qt 6" in versions_text()
    about = window.findChild(AboutDialog)
    next(b for b in about.findChildren(QPushButton) if b.text() == "Use a graphics card…").click()
    assert "-DGGML_CUDA=on" in about.findChild(GpuDialog).findChild(QLineEdit).text()
