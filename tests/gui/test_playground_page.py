"""The playground under mouse and keyboard, with a worker without a process and a real database."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from app.chat.model_link import ModelChoice
from app.playground.page import PlaygroundPage
from app.playground.state import PlaygroundState
from app.playground.tint_row import Tint
from app.sampling.biasing import BANNED, bias_of
from app.sampling.subject import Subject
from app.settings.memory import Memory
from app.settings.store import SettingsStore
from app.storage.thread import StorageThread
from app.widgets.empty_state import EmptyState
from app.widgets.formats import number
from engine.records import AdapterInfo, Message
from engine.records.explore import Side, Span
from engine.worker.protocol import TextScores
from tests.helpers.fake_worker import FakeWorker


class PretendModels(QObject):
    """What the page knows of models."""

    changed = Signal()
    load_share = None

    def __init__(self, worker: FakeWorker) -> None:
        super().__init__()
        self._worker = worker
        self.choices = (ModelChoice("Pretend", "/models/pretend.gguf"),)
        self.adapted: tuple[ModelChoice, ...] = ()

    @property
    def model(self):
        return self._worker.model

    @property
    def model_name(self) -> str:
        return self._worker.model.name if self._worker.model else ""

    @property
    def loading(self) -> bool:
        return False

    def title(self, choice: ModelChoice) -> str:
        return choice.name

    def load(self, path: str) -> None:
        self._worker.load(path)


class Window:
    """A page in a window of its own."""

    def __init__(self, page: PlaygroundPage, worker: FakeWorker, storage: StorageThread, qtbot: QtBot) -> None:
        self.page, self.state, self.worker, self.storage, self.qtbot = page, page.state, worker, storage, qtbot
        self.undo: list[Callable[[], None]] = []
        self.notices: list[str] = []
        self.state.undoable.connect(lambda _, undo: self.undo.append(undo))
        self.state.notice.connect(self.notices.append)

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=5000)

    def type(self, text: str) -> None:
        self.page.editor.setFocus()
        QTest.keyClicks(self.page.editor, text)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.page.editor, key, modifiers)

    def fresh(self) -> None:
        """The candidates and the scores are those of the text as it is."""
        self.until(lambda: not self.state.following.stale and self.state.reading.whole)

    def asked(self, kind: str) -> list[tuple]:
        return [call[1:] for call in self.worker.requests if call[0] == kind]

    def action(self, text: str):
        return next(a for actions in self.page.menu_actions().values() for a in actions if a.text() == text)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[Window]:
    storage = StorageThread(tmp_path / "proxima.db")
    storage.start()
    worker = FakeWorker()
    worker.load("/models/pretend.gguf")
    state = PlaygroundState(storage, worker, SettingsStore(tmp_path / "settings.json"), FakeWorker)
    page = PlaygroundPage(state, PretendModels(worker))
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show()
    qtbot.waitUntil(lambda: worker.model is not None)
    page.activateWindow()
    page.focus_first()
    qtbot.waitUntil(page.editor.hasFocus)
    yield Window(page, worker, storage, qtbot)
    page.close()
    state.put_away()
    worker.shutdown()
    storage.close()


def test_tab_takes_the_most_likely_and_one_undo_takes_it_back(window: Window) -> None:
    window.type("one")
    window.fresh()
    window.key(Qt.Key.Key_Tab)
    assert window.page.editor.text() == "one next"
    window.fresh()
    assert window.worker.requests[-1][0] in ("next_token", "read_text")
    window.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.page.editor.text() == "one"


def test_a_figure_with_alt_takes_a_candidate_and_one_without_is_typed(window: Window) -> None:
    window.type("one")
    window.fresh()
    window.key(Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    window.fresh()
    window.type("1")
    assert window.page.editor.text() == "one next1"
    window.key(Qt.Key.Key_9, Qt.KeyboardModifier.AltModifier)
    assert window.page.editor.text() == "one next1"


def test_half_a_character_cannot_be_taken(window: Window) -> None:
    window.type("one")
    window.fresh()
    assert [bar.selectable for bar in window.page.dock.next.shown] == [True, False]
    window.key(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert window.page.editor.text() == "one"


def test_candidates_are_chosen_in_the_list_by_figure_and_by_click(window: Window) -> None:
    window.type("one")
    window.fresh()
    window.action("To the candidates of the next token").trigger()
    bars = QApplication.focusWidget()
    QTest.keyClick(bars, Qt.Key.Key_1)
    assert window.page.editor.text() == "one next"
    window.fresh()
    QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=bars.rect().topLeft() + bars.rect().center() / 8)
    assert window.page.editor.text() == "one next next"


def test_candidates_of_an_earlier_place_are_not_taken(window: Window) -> None:
    window.type("one")
    window.fresh()
    window.worker.token_ms = 100
    window.type("!")
    window.key(Qt.Key.Key_Tab)
    assert window.page.editor.text() == "one!"


def test_going_on_is_one_step_of_undo_and_stops_at_escape(window: Window) -> None:
    window.type("Once")
    window.fresh()
    window.action("Go on writing from the caret").trigger()
    window.until(lambda: not window.state.writing.running)
    assert window.page.editor.text() == "OnceOne two three."
    assert not window.page.editor.isReadOnly()
    window.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.page.editor.text() == "Once"
    window.worker.token_ms = 40
    window.action("Go on writing from the caret").trigger()
    window.until(lambda: window.state.writing.tokens > 0)
    window.type("typed meanwhile")
    window.key(Qt.Key.Key_Escape)
    window.until(lambda: not window.state.writing.running)
    assert window.page.editor.text() == "OnceOne" and window.state.text == "OnceOne"


def test_the_text_is_told_in_numbers_and_a_word_leads_to_its_place(window: Window) -> None:
    window.type("one two three")
    window.fresh()
    pane = window.page.dock.text
    window.page.dock.show_pane(pane)
    window.until(lambda: pane.words == ["three", "two", "one"])
    assert (pane.totals.tokens, pane.totals.bits) == (3, 6.0) and "3 tokens · perplexity 4.0" in window.page.status.text
    pane._words.itemClicked.emit(pane._words.item(1))
    assert window.page.editor.textCursor().selectedText() == "two" and window.page.editor.hasFocus()


def test_colours_stand_behind_the_tokens_they_tell_of(window: Window) -> None:
    editor = window.page.editor
    window.type("one two three four five six seven eight nine ten eleven")
    window.fresh()
    plain = editor.grab().toImage()

    def colours() -> set[str]:
        window.qtbot.wait(20)
        image = editor.grab().toImage()
        row = editor.viewport().mapTo(editor, editor.cursorRect().center()).y()
        return {image.pixelColor(x, row).name() for x in range(image.width())}

    tinted = colours()
    editor.set_tint(Tint.NONE)
    assert plain and len(tinted - colours()) >= 8
    editor.set_tint(Tint.RANK)
    assert len(colours()) > 3


def test_the_borders_of_the_ranks_are_written_counted_tinted_and_remembered(window: Window, tmp_path: Path) -> None:
    memory = Memory(tmp_path / "window.json")
    page = PlaygroundPage(window.state, window.page._models, memory)  # type: ignore[arg-type]
    window.qtbot.addWidget(page)
    text = page.dock.text
    text.tint.set_tint(Tint.RANK)
    text.ranks.setText("1 2")
    assert text.ranks.property("invalid") and page.editor._ranks == (10, 100, 1000)
    text.ranks.setText("1 2 3")
    assert page.editor._ranks == (1, 2, 3) and page.editor.tint == Tint.RANK
    assert [cell.text for cell in text.tint.legend.cells] == ["≤ 1", "≤ 2", "≤ 3", "> 3"]
    assert text._ranks.accessibleDescription().startswith("top 1: 0; top 2: 0; top 3: 0")
    later = PlaygroundPage(window.state, window.page._models, memory)  # type: ignore[arg-type]
    window.qtbot.addWidget(later)
    assert later.editor._ranks == (1, 2, 3) and later.editor.tint == Tint.RANK


def test_a_document_is_listed_opened_and_deleted_with_a_way_back(window: Window) -> None:
    window.type("first")
    window.state.documents.save()
    window.until(lambda: window.page.list.titles == ["first"])
    window.action("New document").trigger()
    assert window.page.editor.text() == ""
    window.type("second")
    window.state.documents.save()
    window.until(lambda: window.page.list.titles == ["second", "first"])
    window.page.list.opened.emit(window.state.documents.rows[1].id)
    window.until(lambda: window.page.editor.text() == "first")
    window.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.page.editor.text() == "first"
    window.action("Delete document").trigger()
    window.until(lambda: window.page.list.titles == ["second"] and len(window.undo) == 1)
    window.undo[0]()
    window.until(lambda: window.page.list.titles == ["second", "first"] and window.page.editor.text() == "first")


def test_search_shows_where_words_stand(window: Window) -> None:
    window.type("a fox by the river")
    window.state.documents.save()
    window.until(lambda: len(window.page.list.titles) == 1)
    window.action("Search all documents").trigger()
    QTest.keyClicks(QApplication.focusWidget(), "river")
    window.until(lambda: window.page.list.searching and window.page.list.titles == ["a fox by the river"])
    window.page.list.opened.emit(window.state.documents.rows[0].id)
    assert window.page.editor.textCursor().selectedText() == "river"
    window.action("Delete document").trigger()
    window.until(lambda: window.page.list.titles == [])
    window.undo[-1]()
    window.until(lambda: window.page.list.titles == ["a fox by the river"])
    window.action("Search all documents").trigger()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_End)
    QTest.keyClicks(QApplication.focusWidget(), "x")
    window.until(lambda: window.page.list.titles == [])


def test_text_of_any_kind_stays_as_it_is(window: Window) -> None:
    text = "a\u00a0b\tc\n\n🦊 d"
    window.page.editor.insert(text)
    assert window.page.editor.text() == text == window.state.text
    assert window.state.before_caret == text


def test_without_a_model_it_says_so_and_offers_one(window: Window) -> None:
    window.type("one")
    window.fresh()
    window.worker.crash(come_back=False)
    pane = window.page.dock.next
    assert pane.empty.isVisible() and pane.empty.title.text() == "No model is loaded"
    assert pane.empty.button.text() == "Load Pretend"
    pane.empty.button.click()
    window.until(lambda: not pane.empty.isVisible())
    window.fresh()


def test_an_empty_text_offers_a_beginning(window: Window) -> None:
    empty = window.page.dock.text.empty
    window.page.dock.show_pane(window.page.dock.text)
    window.until(lambda: empty.title.text() == "Nothing is written yet")
    empty.button.click()
    assert window.page.editor.text() == "The quick brown fox jumps over the lazy"


def test_a_token_is_explained_and_framed(window: Window) -> None:
    window.type("one two")
    window.fresh()
    window.action("Explain the token at the caret").trigger()
    window.until(lambda: window.page.dock.tabs.currentWidget() is window.page.dock.inspector)


def test_whoever_looks_at_one_token_sees_the_one_before_the_caret(window: Window) -> None:
    window.type("one two three")
    window.fresh()
    dock = window.page.dock
    dock.tabs.setCurrentWidget(dock.inspector)
    asked = [("explain_token", "one two three", 2)]
    window.until(lambda: [call for call in window.worker.requests if call[0] == "explain_token"] == asked)
    window.key(Qt.Key.Key_Home)
    asked.append(("explain_token", "one two three", 0))
    window.until(lambda: [call for call in window.worker.requests if call[0] == "explain_token"] == asked)
    QTest.keyClick(dock.inspector.candidates.bars, Qt.Key.Key_Right)
    asked.append(("explain_token", "one two three", 1))
    window.until(lambda: [call for call in window.worker.requests if call[0] == "explain_token"] == asked)
    window.action("New document").trigger()
    window.until(lambda: not dock.inspector.candidates.isVisible())
    dock.show_pane(dock.next)
    window.type("another")
    window.fresh()
    assert len([call for call in window.worker.requests if call[0] == "explain_token"]) == 3, "nobody looks"


def test_a_candidate_is_banned_by_a_key_and_by_its_menu_with_the_way_back(window: Window) -> None:
    window.type("one")
    window.fresh()
    window.action("To the candidates of the next token").trigger()
    bars = QApplication.focusWidget()
    QTest.keyClick(bars, Qt.Key.Key_Home)
    QTest.keyClicks(bars, "b")
    id = window.state.following.record.candidates.id_array()[0]
    assert bias_of(window.state.settings.sampling, id) == BANNED
    window.fresh()
    assert window.page.dock.next.shown[0].label == "·next ⊘"
    window.undo[-1]()
    assert (
        bias_of(window.state.settings.sampling, id) == 0 == bias_of(window.page.dock.sampling.settings().sampling, id)
    )
    window.fresh()
    texts = {action.text().partition("\t")[0]: action for action in window.page.dock.next.menu().actions()}
    texts["Less likely"].trigger()
    assert bias_of(window.state.settings.sampling, id) == -1
    window.fresh()
    texts["Take it over"].trigger()
    assert window.page.editor.text() == "one next"


def test_a_long_reading_is_stopped_from_the_line_below(window: Window) -> None:
    window.type("one")
    window.fresh()
    window.worker.token_ms = 60_000
    window.type(" two")
    state, line = window.state, window.page.status
    window.until(lambda: state.reading.running)
    window.worker.textScores.emit(TextScores(state.reading._question.job, 0, 5000))
    assert line.text == f"reading: 0 of {number(5000)} tokens", "the sums of the text before are not those of this one"
    stop = next(button for button in line.findChildren(QAbstractButton) if button.text() == "Stop reading")
    assert stop.isVisible()
    stop.click()
    assert not state.reading.running and not stop.isVisible()
    assert line.text == "reading stopped after 0 tokens"


def test_the_chat_template_is_asked_for_and_one_undo_takes_it_back(window: Window) -> None:
    window.type("one two")
    window.fresh()
    window.action("Put the text into the chat template").trigger()
    window.until(lambda: window.page.editor.text() == "<user>one two<end><reply>")
    switch = window.action("Names of control tokens count")
    assert switch.isChecked() and window.state.text == window.page.editor.text()
    window.fresh()
    assert window.page.status.text.endswith("control tokens count")
    window.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.page.editor.text() == "one two"
    switch.trigger()
    window.fresh()
    assert not window.state.documents.special and "control" not in window.page.status.text
    window.action("New document").trigger()
    assert not switch.isChecked()


def test_a_candidate_is_put_in_the_place_of_the_token_that_is_explained(window: Window) -> None:
    window.type("one two three")
    window.fresh()
    dock, editor = window.page.dock, window.page.editor
    editor.place_caret(7)
    dock.tabs.setCurrentWidget(dock.inspector)
    window.until(lambda: ("explain_token", "one two three", 1) in window.worker.requests)
    window.until(lambda: dock._explained is not None)
    subject = dock._explained
    other = msgspec.structs.replace(subject.record.candidates, pieces=(b" two", b" 2"))
    record = msgspec.structs.replace(subject.record, candidates=other, position=1)
    window.state.explained.emit(Subject(record, (), 0))
    window.until(lambda: any(bar.label == "·2" and bar.selectable for bar in dock.inspector.candidates.bars.bars))
    assert editor.selected == (3, 7)
    dock.inspector.candidates.activated.emit(9)
    assert editor.text() == "one 2 three" and editor.textCursor().position() == 5
    window.until(lambda: ("explain_token", "one 2 three", 1) in window.worker.requests)
    editor.undo()
    assert editor.text() == "one two three"
    dock.inspector.branchRequested.emit(9)
    assert window.notices, "the token of the changed text is not explained yet"
    assert editor.text() == "one two three"


def test_shift_tab_leaves_the_text(window: Window) -> None:
    window.key(Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert not window.page.editor.hasFocus()


def grown(window: Window) -> None:
    window.type("one")
    window.fresh()
    window.action("Branches from the caret").trigger()
    window.until(lambda: len(window.state.growing.tree) == 7)


def test_a_leaf_of_the_tree_is_taken_by_keys_where_the_tree_has_grown(window: Window) -> None:
    grown(window)
    view = window.page.tree.view
    assert view.hasFocus()
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert window.state.growing.tree.text(view.current) == " b c"
    window.page.editor.place_caret(0)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert window.page.editor.text() == "one b c" and window.page.editor.hasFocus()
    window.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.page.editor.text() == "one"


def test_the_three_paths_have_a_sign_each_and_can_be_taken(window: Window) -> None:
    grown(window)
    view = window.page.tree.view
    assert [view.marks(id) for id in (0, 1, 2, 3, 5, 6)] == ["▬", "★", "●", "▬", "★", "●"]
    window.page.tree._takers["●"].click()
    assert window.page.editor.text() == "one d e"


def test_a_tree_of_another_text_is_marked_and_not_taken_until_its_text_is_back(window: Window) -> None:
    grown(window)
    tree = window.page.tree
    window.page.editor.place_caret(0)
    window.type("No ")
    tree._takers["▬"].click()
    assert window.page.editor.text() == "No one" and not tree.view.isEnabled()
    assert "Of another place, after “…one”" in tree._words.text()
    window.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.page.editor.text() == "one" and tree.view.isEnabled() and "another" not in tree._words.text()
    window.state.documents.new("one more")
    assert not tree.view.isEnabled()


def test_where_a_path_was_taken_another_tree_grows_at_its_end(window: Window) -> None:
    grown(window)
    greedy = window.page.tree._takers["▬"]
    greedy.click()
    once = window.page.editor.text()
    window.until(lambda: len(window.state.growing.tree) == 7)
    assert window.state.growing.text == once != "one" and window.asked("grow_tree")[-1][0] == once
    greedy.click()
    assert window.page.editor.text() == once + once.removeprefix("one")


def test_a_node_is_taken_by_double_click_and_the_drawer_closes_at_escape(window: Window) -> None:
    grown(window)
    view = window.page.tree.view
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=view.area(1).center().toPoint())
    assert window.page.editor.text() == "one b"
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert window.page.drawer.pane is None and window.page.editor.hasFocus()


def test_two_sides_are_compared_and_looked_at_by_keys(window: Window) -> None:
    window.type("one two three")
    window.fresh()
    window.action("Compare two models or chains").trigger()
    pane = window.page.compare
    assert window.page.drawer.pane is pane
    pane._button.click()
    window.until(lambda: pane.places == [2, 1])
    ((text, left, right, *_),) = [call[1:] for call in window.worker.requests if call[0] == "compare_text"]
    assert (text, left.sampling, right.sampling) == ("one two three", None, window.state.settings.sampling)
    assert "mean Jensen-Shannon divergence 0.1000 bits" in pane.words
    assert "surprisal left 2.00, right 2.00 bits a token" in pane.words and "∞" not in pane.words
    row = pane._list.item(0)
    assert row.text().endswith("bits   …one two “·three”") and "after “…one two”" in row.toolTip()
    pane.strip.setFocus()
    QTest.keyClick(pane.strip, Qt.Key.Key_Right)
    QTest.keyClick(pane.strip, Qt.Key.Key_Right)
    window.until(lambda: len(pane.bars) == 4)
    assert window.state.comparing.current == 1 and window.page.editor._selected == (3, 7)
    assert pane.strip.hasFocus()
    bars = {bar.label: (bar.raw, bar.final) for bar in pane.bars}
    assert bars["·left"] == (pytest.approx(0.731, abs=1e-3), 0.0) and bars["·right"] == (0.0, 1.0)
    assert bars["·two"] == (0.25, 0.25), "what came is known by its bits, though no side lists it"


def test_a_chain_that_cuts_off_what_came_is_told_in_finite_numbers(window: Window) -> None:
    window.type("one two three")
    window.action("Compare two models or chains").trigger()
    pane = window.page.compare
    pane._button.click()
    window.until(lambda: pane.places == [2, 1])
    window.state.comparing.spans[0] = Span(0, 3, 1.0, math.inf, math.inf, 0.5, 0.25)
    for place in (1, 2):
        window.state.comparing.spans[place] = Span(3, 7, 4.0, 1.0, math.inf, 0.5, 0.25)
    pane.refresh()
    assert "mean KL (right || left) 0.2500 bits, infinite the other way" in pane.words
    assert "left 3.00, right 1.00 bits a token · not counted (∞): 0 tokens" in pane.words


def test_what_was_compared_of_another_text_says_so_until_it_is_back(window: Window) -> None:
    window.type("one two three")
    window.action("Compare two models or chains").trigger()
    pane = window.page.compare
    pane._button.click()
    window.until(lambda: pane.places == [2, 1])
    assert pane.strip.isEnabled() and "as it was" not in pane.words
    window.state.documents.new("The quick brown fox")
    assert "Of the text as it was, “one two three”" in pane.words
    QTest.mouseClick(pane.strip, Qt.MouseButton.LeftButton, pos=pane.strip.rect().topLeft())
    assert window.state.comparing.current is None and not pane._list.isEnabled()
    window.state.documents.new("one two three")
    assert pane.strip.isEnabled() and "as it was" not in pane.words
    window.page.editor.insert(" four")
    assert "as it was" in pane.words
    pane._button.click()
    assert pane._list.isEnabled() and "as it was" not in pane.words


def test_a_model_that_was_opened_here_is_offered(window: Window) -> None:
    window.action("Compare two models or chains").trigger()
    picker = window.page.compare.right
    picker.pick_model("/models/other.gguf")
    side = picker.side()
    assert side is not None and side.path == "/models/other.gguf"
    assert [picker.model.itemText(place) for place in range(2)] == ["Pretend", "other.gguf"]
    picker.fill_models()
    assert picker.side() == side


def test_a_checkpoint_is_looked_for_among_the_runs(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answer(parent: object, title: str, folder: str) -> str:
        asked.append(folder)
        return folder + "/fox/checkpoint-0000100"

    monkeypatch.setattr("app.playground.side_picker.QFileDialog.getExistingDirectory", answer)
    window.action("Compare two models or chains").trigger()
    picker = window.page.compare.right
    picker.model.activated.emit(picker.model.findText("Open a run or a checkpoint…"))
    assert asked == [window.state.comparing.runs] and asked[0].endswith("runs")
    assert picker.side() == Side(asked[0] + "/fox/checkpoint-0000100")


def test_a_page_that_is_made_anew_shows_the_next_token(window: Window) -> None:
    window.type("one")
    window.fresh()
    again = PlaygroundPage(window.state, window.page._models)
    window.qtbot.addWidget(again)
    again.resize(1280, 800)
    again.show()
    assert [row.text for row in again.dock.next._offers] == [row.text for row in window.page.dock.next._offers] != []
    assert again.dock.next.isVisible() and not any(e.isVisible() for e in again.dock.next.findChildren(EmptyState))


def test_two_sides_that_are_wanted_elsewhere_open_the_drawer(window: Window) -> None:
    pirate = (AdapterInfo("pirate", "/a/pirate.gguf"),)
    path = "/models/pretend.gguf"
    window.page._models.adapted = (ModelChoice("Pretend + pirate", path, adapters=pirate),)
    window.state.compare_reply(Side(path), Side(path, None, pirate), "in the wood", (Message("user", "Where?"),))
    pane = window.page.compare
    assert window.page.drawer.pane is pane and window.page.editor.text() == "in the wood"
    assert (pane.left.words, pane.right.words) == ("Pretend · raw", "Pretend + pirate · raw")
    assert pane.right.side() == Side(path, None, pirate)
    window.until(lambda: "as the reply to “Where?”" in pane.words and "divergence" in pane.words)


def test_an_experiment_shows_a_picture_for_each_panel_and_runs_again_on_another_text(window: Window) -> None:
    from app.playground.experiments import EXPERIMENTS

    by_name = {experiment.name: experiment for experiment in EXPERIMENTS}
    window.page.experiment(by_name["temperature"])
    pane = window.page.experiments
    window.until(lambda: len(pane.panels) == 6 and all(panel.bars.bars for panel in pane.panels))
    assert [panel.title.text() for panel in pane.panels] == [f"T = {t}" for t in ("0", "0.3", "0.7", "1", "1.5", "2")]
    assert pane.panels[0].words.text() == "tokens left: 1, the first with 100 %"

    def lines() -> int:
        return len({panel.y() for panel in pane.panels})

    window.until(lambda: lines() == 3)
    window.page.resize(1800, 800)
    window.until(lambda: lines() < 3)
    pane._text.setText("Another beginning")
    QTest.keyClick(pane._text, Qt.Key.Key_Return)
    window.until(lambda: not window.state.experimenting.running)
    assert any(call[1] == "Another beginning" for call in window.worker.requests if call[0] == "next_token")
    window.page.experiment(by_name["vocabularies"])
    window.until(lambda: len(pane.panels) == 3)
    assert pane.panels[1].title.text().startswith("characters: 58")
    window.page.experiment(by_name["recife"])
    assert window.page.editor.text() == "Recife é uma" and window.page.editor.hasFocus()


def test_the_palette_offers_experiments_and_documents(window: Window) -> None:
    window.type("a document")
    window.state.documents.save()
    window.until(lambda: len(window.state.documents.rows) == 1)
    titles = [entry.title for entry in window.page.palette_entries()]
    assert "Temperature from 0 to 2" in titles and titles[-1] == "a document"


def test_keys_that_go_on_belong_to_this_page_alone(window: Window) -> None:
    window.type("Once")
    window.fresh()
    window.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert window.state.writing.running
    window.until(lambda: not window.state.writing.running)
    context = window.action("Go on writing from the caret").shortcutContext()
    assert context == Qt.ShortcutContext.WidgetWithChildrenShortcut
