"""The chat page under mouse and keyboard, with a worker without a process and a real database."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.chat.model_link import ModelChoice
from app.chat.page import ChatPage
from app.chat.shown import Command
from app.chat.state import ChatState
from app.settings.memory import Memory
from app.settings.store import SettingsStore
from app.storage.thread import StorageThread
from app.widgets.theme import theme
from tests.helpers.fake_worker import FakeWorker

REPLY = "One **two** three.\n\n```python\nprint(1)\n```\n\nSee https://example.org for more."


class Window:
    """A page in a window of its own."""

    def __init__(self, page: ChatPage, worker: FakeWorker, storage: StorageThread, qtbot: QtBot) -> None:
        self.page, self.state, self.worker, self.storage, self.qtbot = page, page.state, worker, storage, qtbot
        self.undo: list[Callable[[], None]] = []
        self.state.undoable.connect(lambda _, undo: self.undo.append(undo))

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=5000)

    def type(self, text: str, *, enter: bool = True) -> None:
        self.page.composer.setFocus()
        QTest.keyClicks(self.page.composer.focusProxy(), text)
        if enter:
            QTest.keyClick(self.page.composer.focusProxy(), Qt.Key.Key_Return)

    def chat(self, text: str) -> None:
        before = len(self.state.tree)
        self.type(text)
        self.until(lambda: len(self.state.tree) == before + 2 and not self.state.busy)

    def view(self, place: int = -1):
        return self.page.transcript.live_views()[self.state.tree.path()[place].id]

    def click_word(self, word: str, place: int = -1) -> None:
        """Click in the middle of a word of a message."""
        text = self.view(place).text
        at = text.document.toPlainText().index(word)
        QTest.mouseClick(text, Qt.MouseButton.LeftButton, pos=text.character_rect(at).center().toPoint())

    def action(self, text: str):
        return next(a for actions in self.page.menu_actions().values() for a in actions if a.text() == text)


@pytest.fixture
def make_window(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., Window]]:
    made: list[Window] = []
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme().apply(application, "light", 100)

    def make(width: int = 1300, height: int = 800) -> Window:
        storage = StorageThread(tmp_path / "proxima.db")
        storage.start()
        worker = FakeWorker(reply=REPLY)
        state = ChatState(storage, worker, SettingsStore(tmp_path / "settings.json"))
        state.link.set_choices([ModelChoice("Pretend", "/models/pretend.gguf")])
        page = ChatPage(state, Memory(tmp_path / "window.json"))
        qtbot.addWidget(page)
        page.resize(width, height)
        page.show()
        page.activateWindow()
        state.start()
        worker.load("/models/pretend.gguf")
        window = Window(page, worker, storage, qtbot)
        made.append(window)
        window.until(lambda: worker.model is not None)
        storage.submit(lambda store: None).result(5)
        qtbot.wait(20)
        return window

    yield make
    for window in made:
        window.state.put_away()
        window.worker.shutdown()
        window.storage.close()


@pytest.fixture
def window(make_window: Callable[..., Window]) -> Window:
    return make_window()


def test_the_first_window_invites_and_each_suggestion_is_one_click(window):
    page = window.page
    assert page.first_steps.isVisible() and not page.transcript.isVisible()
    buttons = page.first_steps.findChildren(QPushButton)
    assert len(buttons) == 3
    QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    window.until(lambda: len(window.state.tree) == 2 and not window.state.busy)
    assert "The quick brown fox jumps over the lazy" in window.state.tree.path()[0].content
    assert page.transcript.isVisible()
    assert window.view().shown.hint


def test_enter_sends_and_shift_enter_begins_a_line(window):
    field = window.page.composer.focusProxy()
    height = field.height()
    window.type("first", enter=False)
    QTest.keyClick(window.page.composer.focusProxy(), Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(window.page.composer.focusProxy(), "second")
    assert field.height() > height
    window.type("")
    window.until(lambda: len(window.state.tree) == 2 and not window.state.busy)
    assert window.state.tree.path()[0].content == "first\nsecond"
    assert window.page.composer.text == ""
    assert field.height() == height


def test_send_becomes_stop_in_the_same_place_and_escape_stops(window):
    window.worker.token_ms = 10
    window.worker.reply = "word " * 200
    button = next(b for b in window.page.composer.findChildren(QPushButton))
    place = button.geometry()
    assert button.text() == "Send"
    window.type("go")
    window.until(lambda: button.text() == "Stop" and window.state.runner.reply is not None)
    assert button.geometry() == place
    window.until(lambda: len(window.state.runner.reply.records) > 2)
    QTest.keyClick(window.page.composer.focusProxy(), Qt.Key.Key_Escape)
    window.until(lambda: not window.state.busy)
    assert button.text() == "Send"
    footer = window.view().findChildren(QPushButton)
    assert any(b.text() == "Continue" and b.isVisible() for b in footer)


def test_a_click_on_any_word_shows_its_token(window):
    window.chat("hello")
    chosen = []
    window.state.choice.chosen.connect(chosen.append)
    window.click_word("three")
    window.until(lambda: bool(chosen))
    assert chosen[-1].token.bytes == b" three."
    assert window.page.dock.isVisible()
    QTest.keyClick(window.page.transcript, Qt.Key.Key_Left)
    assert chosen[-1].token.bytes == b" **two**"
    QTest.keyClick(window.page.transcript, Qt.Key.Key_Right)
    assert chosen[-1].token.bytes == b" three."
    QTest.keyClick(window.page.transcript, Qt.Key.Key_Escape)
    assert chosen[-1] is None


def test_the_token_view_works_while_streaming_and_on_old_messages(window):
    window.chat("hello")
    window.action("Show tokens").trigger()
    assert window.page.legend.isVisible()
    assert window.view().body.shows_tokens
    assert window.view().text.document.toPlainText() == REPLY
    window.click_word("**two**")
    assert window.state.choice.selected[1] == 1
    QTest.keyClick(window.page.transcript, Qt.Key.Key_Down)
    window.until(lambda: window.state.choice.selected[1] > 1)
    window.worker.token_ms = 10
    window.type("more")
    window.until(lambda: window.state.runner.reply is not None and len(window.state.runner.reply.records) > 2)
    assert window.view().body.shows_tokens
    window.state.stop()
    window.until(lambda: not window.state.busy)
    window.action("Show tokens").trigger()
    assert not window.view().body.shows_tokens and not window.page.legend.isVisible()


def test_tokens_can_be_chosen_after_a_restart(make_window):
    first = make_window()
    first.chat("hello")
    first.state.put_away()
    first.storage.submit(lambda store: None).result(5)
    first.storage.close()
    second = make_window()
    second.until(lambda: len(second.state.tree) == 2)
    chosen = []
    second.state.choice.chosen.connect(chosen.append)
    second.click_word("three")
    second.until(lambda: bool(chosen))
    assert chosen[-1].token.bytes == b" three."


def test_the_view_follows_the_end_until_one_scrolls_up(window):
    window.worker.reply = "A line of text.\n\n" * 60
    window.chat("long")
    transcript, bar = window.page.transcript, window.page.transcript.verticalScrollBar()
    assert bar.maximum() > 500 and bar.value() == bar.maximum() and transcript.sticks
    window.worker.token_ms = 5
    window.type("again")
    window.until(lambda: window.state.runner.reply is not None and len(window.state.runner.reply.records) > 5)
    assert bar.value() == bar.maximum()
    bar.setValue(100)
    assert not transcript.sticks
    seen = len(window.state.runner.reply.records)
    window.until(lambda: window.state.runner.reply is None or len(window.state.runner.reply.records) > seen + 5)
    assert bar.value() == 100
    to_end = next(b for b in transcript.viewport().findChildren(QPushButton) if b.text() == "To the end")
    assert to_end.isVisible()
    QTest.mouseClick(to_end, Qt.MouseButton.LeftButton)
    assert bar.value() == bar.maximum() and not to_end.isVisible()
    window.state.stop()
    window.until(lambda: not window.state.busy)


def test_a_selection_runs_over_messages(window):
    window.chat("hello")
    window.chat("again")
    transcript = window.page.transcript
    transcript.verticalScrollBar().setValue(0)
    first, second = window.view(0).text, window.view(1).text
    QTest.mousePress(first, Qt.MouseButton.LeftButton, pos=first.character_rect(1).topLeft().toPoint() + QPoint(1, 5))
    target = second.character_rect(second.document.toPlainText().index("three")).topLeft().toPoint() + QPoint(0, 5)
    QTest.mouseMove(first, first.mapFromGlobal(second.mapToGlobal(target)))
    first.dragged.emit(second.mapToGlobal(target))
    QTest.mouseRelease(first, Qt.MouseButton.LeftButton, pos=first.mapFromGlobal(second.mapToGlobal(target)))
    assert transcript.selected_text() == "ello\n\nOne two "
    QTest.keyClick(transcript, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "ello\n\nOne two "
    transcript.select_all()
    assert transcript.selected_text().count("See https://example.org for more.") == 2


def test_code_can_be_copied(window):
    window.chat("hello")
    button = next(b for b in window.view().findChildren(QToolButton) if b.accessibleName() == "Copy code")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "print(1)"


def test_a_link_shows_its_address_and_opens_nothing_by_itself(window, monkeypatch):
    opened = []
    monkeypatch.setattr("app.reading.links.QDesktopServices.openUrl", opened.append)
    window.chat("hello")
    window.click_word("https://example.org")
    box = next(w for w in QApplication.topLevelWidgets() if w.inherits("QMessageBox"))
    assert box.informativeText() == "https://example.org"
    assert opened == []
    box.close()


def test_versions_and_edits_by_keyboard(window):
    window.chat("hello")
    window.worker.replies.append("Another.")
    window.action("Write another reply").trigger()
    window.until(lambda: not window.state.busy and window.state.tree.path()[-1].content == "Another.")
    window.action("Previous version").trigger()
    assert window.state.tree.path()[-1].content == REPLY
    window.action("Previous message").trigger()
    window.action("Previous message").trigger()
    assert window.page.transcript.current == window.state.tree.path()[0].id
    window.action("Edit message").trigger()
    editor = window.view(0)
    assert editor.editing
    field = QApplication.focusWidget()
    QTest.keyClicks(field, " there")
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    window.until(lambda: window.state.tree.path()[0].content == "hello there" and not window.state.busy)


def test_what_looks_at_a_reply_looks_at_the_one_with_the_selected_token(window):
    window.chat("one")
    first = window.state.tree.leaf_id
    window.chat("two")
    commands, last = window.page.commands, window.state.tree.leaf_id
    assert commands._target(Command.REPLAY) == last
    window.state.choice.choose(first, 1)
    assert commands._target(Command.REPLAY) == commands._target(Command.EXPORT) == first
    assert commands._target(Command.REGENERATE) == last, "a word that is looked at changes nothing"


def test_a_message_is_deleted_and_comes_back(window):
    window.chat("hello")
    window.action("Delete message").trigger()
    window.until(lambda: len(window.state.tree) == 1)
    window.until(lambda: len(window.undo) == 1)
    window.undo[0]()
    window.until(lambda: len(window.state.tree.path()) == 2)


def test_find_marks_places_and_steps_through_them(window):
    window.chat("three wishes")
    window.action("Find in the conversation").trigger()
    QTest.keyClicks(window.page.find_bar.focusProxy(), "three")
    assert window.page.find_bar._count.text() == "1 of 2"
    QTest.keyClick(window.page.find_bar.focusProxy(), Qt.Key.Key_Return)
    assert window.page.find_bar._count.text() == "2 of 2"
    framed = [bool(window.view(place).text._found_here) for place in (0, 1)]
    assert framed == [False, True]  # the place at which one stands is told from the others
    QTest.keyClick(window.page.find_bar.focusProxy(), Qt.Key.Key_Escape)
    assert not window.page.find_bar.isVisible()


def test_search_in_all_opens_the_message(window):
    window.chat("first question")
    window.page._new()
    window.chat("second question")
    first = min(row.id for row in window.state.shelf.rows)
    window.action("Find in all conversations").trigger()
    QTest.keyClicks(QApplication.focusWidget(), "first")
    rows = window.page.list.rows
    window.until(lambda: rows.count() >= 2 and rows.item(1).data(Qt.ItemDataRole.DisplayRole) == "first question")
    hit = next(rows.item(n) for n in range(rows.count()) if rows.item(n).data(Qt.ItemDataRole.UserRole + 3))
    rows.itemClicked.emit(hit)
    window.until(lambda: window.state.conversation.id == first)


def test_narrow_windows_fold_the_list_first_then_the_dock(make_window):
    window = make_window(1300, 700)
    page = window.page
    assert page.list.isVisible() and page.dock.isVisible()
    page.resize(1050, 700)
    # What was folded asks for no room only once the layouts were told.
    window.until(lambda: page.minimumWidth() <= 900)
    assert not page.list.isVisible() and page.dock.isVisible()
    page.resize(900, 600)
    assert not page.list.isVisible() and not page.dock.isVisible()
    assert page.width() == 900
    window.action("List of conversations").trigger()
    assert page.list.isVisible()
    page.resize(1300, 700)
    assert page.list.isVisible() and page.dock.isVisible()


def test_the_system_prompt_is_kept(window):
    window.action("System prompt").trigger()
    QTest.keyClicks(window.page.prompt.focusProxy(), "Be brief.")
    window.action("System prompt").trigger()
    window.chat("hello")
    assert window.worker.requests[-1][1][0].content == "Be brief."
    stored = window.storage.submit(lambda store: store.conversations()[0].system_prompt).result(5)
    assert stored == "Be brief."


def test_a_crash_says_so_in_place_and_offers_to_go_on(window):
    window.worker.crash_after = 3
    window.type("hello")
    window.until(lambda: len(window.state.tree) == 2 and not window.state.busy)
    view = window.view()
    assert "SIGSEGV" in view.shown.problem.text
    button = next(b for b in view.findChildren(QPushButton) if b.text() == "Continue")
    assert button.isVisible()
    window.until(lambda: window.worker.model is not None)
    window.worker.replies.append(" the rest")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    window.until(lambda: window.state.tree.path()[-1].content.endswith(" the rest") and not window.state.busy)


def test_a_reading_column_is_never_wider_than_760(make_window):
    window = make_window(1900, 700)
    window.chat("hello")
    assert window.view().width() <= 760
    window.page.commands.run(window.state.tree.leaf_id, Command.COPY)
    assert QGuiApplication.clipboard().text() == REPLY


def test_only_messages_near_the_screen_are_widgets(window):
    def fill(store):
        row = store.create_conversation(window.state.settings, title="Long")
        parent = None
        for place in range(200):
            parent = store.add_message(
                row.id, parent, "assistant" if place % 2 else "user", f"Message {place}.\n" * 3
            ).id
        return row.id

    id = window.storage.submit(fill).result(20)
    window.state.open(id)
    window.until(lambda: len(window.state.tree) == 200)
    transcript = window.page.transcript
    assert 3 < len(transcript.live_views()) < 40
    bar = transcript.verticalScrollBar()
    assert bar.value() == bar.maximum()
    for share in (0.0, 0.3, 0.6, 1.0):
        bar.setValue(round(bar.maximum() * share))
        covered = [v.geometry() for v in transcript.live_views().values()]
        assert min(g.top() for g in covered) <= 20 or share == 0
        assert max(g.bottom() for g in covered) >= transcript.viewport().height() - 40
        tops = sorted((g.top(), g.bottom()) for g in covered)
        assert all(below[0] == above[1] + 1 for above, below in pairwise(tops))
    window.state.reveal(window.state.tree.path()[57].id)
    assert any(v.shown.row.content.startswith("Message 57.") for v in transcript.live_views().values())


def test_every_control_has_a_name(window):
    window.chat("hello")
    window.action("System prompt").trigger()
    nameless = [
        widget
        for kind in (QToolButton, QPushButton)
        for widget in window.page.findChildren(kind)
        if widget.isVisible() and not widget.accessibleName() and not widget.text() and not _is_of_qt(widget)
    ]
    assert nameless == []


def _is_of_qt(widget: QWidget) -> bool:
    return widget.objectName().startswith("qt_") or type(widget.parent()).__name__ in ("QLineEdit", "QTabBar")


def test_the_theme_changes_while_a_reply_is_on_the_screen(window):
    window.chat("hello")
    application = QApplication.instance()
    theme().apply(application, "dark", 130)
    assert window.view().text.document.toPlainText().startswith("One two three.")
    theme().apply(application, "light", 100)


def test_the_invitation_fits_into_the_narrowest_column(make_window):
    page = make_window(width=900, height=600).page
    title = next(label for label in page.first_steps.findChildren(QLabel) if label.property("role") == "title")
    title.setText("A title that has many more words than a narrow column has room for in one line")
    page.resize(560, 600)
    QApplication.processEvents()
    assert title.height() >= 2 * title.fontMetrics().height()


def test_models_loaded_before_are_offered_by_name_and_the_built_in_one_by_what_it_is(window):
    link = window.state.link
    link.set_choices([ModelChoice("", "/models/pretend.gguf", built_in=True), ModelChoice("Other", "/models/other")])
    picker = window.page.header.picker
    assert picker._button.text() == "Built-in model"
    menu = picker.menu()
    assert [a.text() for a in menu.actions() if a.text()] == [
        "Built-in model",
        "Other",
        "Adapters…",
        "All models…",
        "Open a model file…",
        "Open a model folder…",
    ]
    menu.actions()[1].trigger()
    menu.close()
    assert ("load", "/models/other") in [request[:2] for request in window.worker.requests]


def test_thoughts_unfold_and_code_is_copied_by_key(window):
    window.worker.replies.append("<think>Well.</think>Here:\n\n```\nx = 1\n```\n\n```\ny = 2\n```\n")
    window.chat("code, please")
    drawn = window.view().text.document
    assert "Well." not in drawn.toPlainText()
    window.action("Show or hide the thoughts").trigger()
    assert "Well." in drawn.toPlainText()
    window.action("Show or hide the thoughts").trigger()
    assert "Well." not in drawn.toPlainText()
    window.action("Copy the code").trigger()
    assert QGuiApplication.clipboard().text() == "x = 1\n\ny = 2"
    notices = []
    window.state.notice.connect(notices.append)
    window.chat("without")
    window.action("Show or hide the thoughts").trigger()
    assert notices == ["There are no thoughts in this message."]


def test_one_key_goes_round_the_areas_of_the_page(window):
    page = window.page
    page.composer.setFocus()

    def areas(key: str, times: int) -> list[str]:
        seen = []
        for _ in range(times):
            window.action(key).trigger()
            focus = page.window().focusWidget()
            names = {"list": page.list, "talk": page.transcript, "composer": page.composer, "dock": page.dock}
            seen.append(next(n for n, area in names.items() if area is focus or area.isAncestorOf(focus)))
        return seen

    window.chat("hello")
    page.composer.setFocus()
    assert areas("Next area", 4) == ["dock", "list", "talk", "composer"]
    assert areas("Previous area", 2) == ["talk", "list"]


def test_one_token_at_a_time_by_key(window):
    page, manual = window.page, window.state.manual
    window.action("One token at a time").trigger()
    window.type("hello")
    window.until(lambda: manual.proposal is not None)
    bar = page.manual_bar
    assert bar.isVisible() and bar.hasFocus()
    assert bar._buttons[0].text().startswith("1  ") and bar._buttons[0].text().endswith("%")
    QTest.keyClick(bar, Qt.Key.Key_Space)
    window.until(lambda: manual.proposal is not None and manual.proposal.position == 1)
    drawn = window.state.tree.path()[-1].content
    assert drawn and window.view().text.document.toPlainText().strip() == drawn
    QTest.keyClick(bar, Qt.Key.Key_2)
    window.until(lambda: manual.proposal is not None and manual.proposal.position == 2)
    assert window.state.tree.path()[-1].content == f"{drawn} forced"
    QTest.keyClick(bar, Qt.Key.Key_Backspace)
    window.until(lambda: window.state.tree.path()[-1].content == drawn)
    QTest.keyClick(bar, Qt.Key.Key_Escape)
    window.until(lambda: not window.state.busy)
    assert not bar.isVisible() and window.state.tree.path()[-1].state == "interrupted"


def test_quick_keys_are_not_lost_in_manual_mode(window):
    page, manual = window.page, window.state.manual
    window.action("One token at a time").trigger()
    window.type("hello")
    window.until(lambda: manual.proposal is not None)
    for _ in range(3):
        QTest.keyClick(page.manual_bar, Qt.Key.Key_Space)
    window.until(lambda: manual.proposal is not None and manual.proposal.position == 3)
    window.qtbot.wait(50)
    assert manual.proposal.position == 3, "three presses draw three"
    QTest.keyClick(page.manual_bar, Qt.Key.Key_Space)
    QTest.keyClick(page.manual_bar, Qt.Key.Key_Space)
    QTest.keyClick(page.manual_bar, Qt.Key.Key_Backspace)
    assert page.manual_bar._early == 0, "who takes one back wants no more of them"


def test_the_keys_find_their_way_to_the_tokens_and_over_the_borders_of_messages(window):
    window.chat("hello")
    window.chat("again")
    first, second = (message.id for message in window.state.tree.path() if message.role == "assistant")
    transcript, choice = window.page.transcript, window.state.choice
    transcript.setFocus()
    QTest.keyClick(transcript, Qt.Key.Key_Right)
    window.until(lambda: choice.selected == (second, 0))
    QTest.keyClick(transcript, Qt.Key.Key_Left)
    last = len(window.state.token_text(first)) - 1
    assert choice.selected == (first, last), "the user's message has no tokens, and is passed over"
    QTest.keyClick(transcript, Qt.Key.Key_Right)
    assert choice.selected == (second, 0)
    QTest.keyClick(transcript, Qt.Key.Key_Escape)
    assert choice.selected is None
    QTest.keyClick(transcript, Qt.Key.Key_Left)
    assert choice.selected == (second, len(window.state.token_text(second)) - 1)
    QTest.keyClick(transcript, Qt.Key.Key_Right)
    assert choice.selected[0] == second, "nothing follows"


def test_with_the_prompt_scored_the_keys_go_through_it_too(window):
    window.chat("hello")
    window.page._prompt_scores.setChecked(True)
    window.until(lambda: window.state.scores.scored is not None)
    said, reply = (message.id for message in window.state.tree.path())
    view = window.page.transcript.live_views()[said]
    assert view.text.document.toPlainText() == "<user>hello<end><reply>"
    notes = [label.text() for label in view.findChildren(QLabel)]
    assert any("as the model reads it" in note for note in notes)
    window.state.choice.begin(said, 1)
    for _ in range(4):
        QTest.keyClick(window.page.transcript, Qt.Key.Key_Right)
    assert window.state.choice.selected == (reply, 0)
    window.action("Show tokens").setChecked(False)
    assert not window.state.scores.on and view.text.document.toPlainText() == "hello"
    assert not any("as the model reads it" in label.text() for label in view.findChildren(QLabel))


def test_enter_leads_from_a_token_to_its_candidates_and_on_to_a_branch_and_escape_back(window):
    window.chat("hello")
    reply = window.state.tree.path()[-1].id
    transcript, bars = window.page.transcript, window.page.dock.inspector.candidates.bars
    window.page._dock_switch.setChecked(False)
    transcript.setFocus()
    QTest.keyClick(transcript, Qt.Key.Key_Right)
    window.until(lambda: window.state.choice.selected == (reply, 0))
    QTest.keyClick(transcript, Qt.Key.Key_Return)
    window.until(lambda: bars.hasFocus() and bars.current is not None)
    QTest.keyClick(bars, Qt.Key.Key_Escape)
    assert transcript.hasFocus() and window.state.choice.selected == (reply, 0)
    QTest.keyClick(transcript, Qt.Key.Key_Return)
    QTest.keyClick(bars, Qt.Key.Key_Down)
    assert bars.current == 9
    QTest.keyClick(bars, Qt.Key.Key_Return)
    window.until(lambda: not window.state.busy and window.state.tree.path()[-1].id != reply)
    assert window.state.tree.path()[-1].fork is not None


def test_a_token_with_a_bias_is_called_by_its_text_as_soon_as_a_model_tells_it(window):
    window.chat("hello")
    window.page.dock._set_bias(30, -100.0)
    biases = window.page.dock.sampling.card("logit_bias").biases
    window.until(lambda: [label.text() for _, _, label in biases._rows.values()] == ["n30"])
    window.qtbot.wait(50)
    assert sum(request[0] == "name_tokens" for request in window.worker.requests) == 1
