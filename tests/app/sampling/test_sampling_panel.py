"""The sampling panel: what it shows, what it tells, the order of its cards, undo, presets, the settings of the reply."""

import threading

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea

from app.sampling.card import MIME_STAGE
from app.sampling.funnel import Subject
from app.sampling.live import answer
from app.sampling.panel import SamplingPanel
from app.sampling.preset_bar import SHIPPED, chain_key
from app.sampling.texts import SOURCES
from engine.records import GenerationSettings, SamplingSettings, StageSettings, Token
from engine.sampling.chain import Chain
from engine.sampling.record import pick
from engine.sampling.registry import STAGES, default_settings, greedy_settings, neutral_settings, with_values


@pytest.fixture
def panel(qtbot):
    made = SamplingPanel(invitation="Click a word")
    qtbot.addWidget(made)
    made.resize(340, 800)
    made.show()
    return made


def told_by(panel):
    told = []
    panel.changed.connect(told.append)
    return told


def stage_of(settings, name):
    return next(item for item in settings.sampling.stages if item.name == name)


def test_what_is_shown_is_what_was_given(panel):
    told = told_by(panel)
    sampling = with_values(default_settings(), {("top_p", "p"): 0.1234, ("temperature", "temperature"): 3.5})
    stages = tuple(reversed(sampling.stages))
    off = (msgspec.structs.replace(stages[0], enabled=not stages[0].enabled), *stages[1:])
    given = GenerationSettings(SamplingSettings(off, 42), 300, ("STOP",), "stop", 16)
    panel.set_settings(given)
    assert panel.settings() == given
    assert panel.order == [item.name for item in given.sampling.stages]
    assert told == []


def test_a_stage_that_old_settings_do_not_know_is_there_and_does_nothing(panel):
    panel.set_settings(GenerationSettings(SamplingSettings((StageSettings("min_p", True, {"p": 0.2}),), None)))
    shown = {item.name: item for item in panel.settings().sampling.stages}
    assert panel.order == [spec.name for spec in STAGES]
    assert [name for name, item in shown.items() if item.enabled] == ["min_p"]


def test_a_move_is_told_once_and_a_second_in_the_same_frame_at_its_end(panel, qtbot):
    told = told_by(panel)
    box = panel.card("top_p").row("p").controls()[-1]
    box.setValue(0.5)
    assert [stage_of(t, "top_p").values["p"] for t in told] == [0.5]
    box.setValue(0.4)
    box.setValue(0.3)
    assert len(told) == 1
    qtbot.waitUntil(lambda: len(told) == 2)
    assert stage_of(told[1], "top_p").values["p"] == 0.3


def test_a_stage_is_switched_off_and_on_and_keeps_its_values(panel):
    told = told_by(panel)
    card = panel.card("temperature")
    card.row("temperature").set_value(1.5)
    card.controls()[0].click()
    assert stage_of(told[-1], "temperature") == StageSettings("temperature", False, {"temperature": 1.5})
    assert not card.row("temperature").isVisible()
    card.controls()[0].click()
    assert card.row("temperature").isVisible()


def test_the_keyboard_changes_the_order_and_the_focus_stays_on_the_card(panel, qtbot):
    told = told_by(panel)
    before = panel.order
    card = panel.card("temperature")
    card.take_focus()
    QTest.keyClick(card.controls()[0], Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    place = before.index("temperature")
    assert panel.order == [*before[: place - 1], "temperature", before[place - 1], *before[place + 1 :]]
    assert [item.name for item in told[-1].sampling.stages] == panel.order
    assert card.isAncestorOf(panel.focusWidget())
    for _ in range(20):
        QTest.keyClick(card.controls()[0], Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert panel.order[0] == "temperature"
    count = len(told)
    QTest.keyClick(card.controls()[0], Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert len(told) == count, "nothing moved, nothing is told"


def test_a_card_is_dropped_where_it_is_let_go(panel):
    data = QMimeData()
    data.setData(MIME_STAGE, b"temperature")
    top = panel.card(panel.order[0]).mapTo(panel, panel.card(panel.order[0]).rect().topLeft())
    drop = QDropEvent(
        QPointF(top.x() + 20, top.y() + 2),
        Qt.DropAction.MoveAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    panel.dropEvent(drop)
    assert panel.order[0] == "temperature" and len(panel.order) == len(STAGES)


def test_neighbours_that_are_off_take_one_line_and_keep_their_place(panel, qtbot):
    line = panel.column.lines[0]
    assert line.text() == "Off: Grammar, JSON schema, Logit bias"
    assert not panel.card("grammar").isVisible() and panel.card("penalties").isVisible()
    assert line.y() < panel.card("penalties").y() < panel.column.lines[1].y() < panel.card("top_k").y()
    before = panel.order
    line.click()
    assert all(panel.card(name).isVisible() for name in ("grammar", "json_schema", "logit_bias"))
    panel.card("json_schema").controls()[0].click()
    assert panel.column.lines[0].text().startswith("Off: DRY"), "neighbours are those that are off together"
    assert panel.card("grammar").isVisible() and panel.order == before
    panel.set_settings(GenerationSettings(default_settings()))
    assert not panel.card("grammar").isVisible() and len(panel.column.lines) > 1


def test_what_is_turned_off_by_hand_stays_in_sight(panel, qtbot):
    panel.card("top_k").controls()[0].click()
    assert panel.card("top_k").isVisible() and panel.card("dry").isVisible(), "it has unfolded those beside it"
    QTest.keyClick(panel, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert panel.card("top_k").is_on


def test_what_is_dropped_beside_a_folded_line_stands_before_or_after_all_of_it(panel, qtbot):

    def drop(y):
        line, data = panel.column.lines[0], QMimeData()
        data.setData(MIME_STAGE, b"temperature")
        at = line.mapTo(panel, line.rect().center())
        keys = (Qt.DropAction.MoveAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        panel.dropEvent(QDropEvent(QPointF(at.x(), at.y() + y), *keys))
        qtbot.wait(10)

    drop(4)
    assert panel.order[:4] == ["grammar", "json_schema", "logit_bias", "temperature"]
    drop(-4)
    assert panel.order[:4] == ["temperature", "grammar", "json_schema", "logit_bias"]


def test_a_tall_stage_that_does_nothing_starts_folded(panel):
    card = panel.card("penalties")
    fold = card.controls()[1]
    assert not card.row("repeat").isVisible() and panel.card("top_k").row("k").isVisible()
    fold.click()
    assert card.row("repeat").isVisible()
    card.row("repeat").move_to(1.0)
    assert card.row("repeat").isVisible(), "it does not fold under the hand"
    panel.set_settings(GenerationSettings(with_values(default_settings(), {("dry", "multiplier"): 0.8})))
    assert panel.card("dry").row("multiplier").isVisible()


def test_the_usual_sliders_are_within_one_screen(panel, qtbot):
    panel.resize(340, 800)
    qtbot.wait(10)
    for name in ("top_k", "top_p", "min_p", "temperature"):
        card = panel.card(name)
        assert card.mapTo(panel, card.rect().bottomLeft()).y() < 790, name  # with any font of the tests


def test_what_is_dragged_from_elsewhere_is_left_alone(panel):
    before = panel.order
    data = QMimeData()
    data.setData(MIME_STAGE, b"no such stage")
    panel.dropEvent(
        QDropEvent(
            QPointF(50, 50),
            Qt.DropAction.MoveAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    assert panel.order == before


def test_undo_takes_back_one_move_of_a_slider_whole(panel, qtbot, monkeypatch):
    monkeypatch.setattr("app.sampling.panel._ONE_MOVE_S", 60)
    told = told_by(panel)
    box = panel.card("top_p").row("p").controls()[-1]
    for value in (0.9, 0.8, 0.7):
        box.setValue(value)
        qtbot.wait(20)
    panel.card("min_p").row("p").controls()[-1].setValue(0.5)
    QTest.keyClick(panel, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    values = lambda: {i.name: i.values for i in told[-1].sampling.stages}  # noqa: E731
    assert values()["min_p"]["p"] == 0.05 and values()["top_p"]["p"] == 0.7
    QTest.keyClick(panel, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert values()["top_p"]["p"] == 0.95
    count = len(told)
    QTest.keyClick(panel, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(told) == count


def test_a_preset_is_recognised_whatever_the_seed(panel):
    assert panel.presets.box.currentText() == "llama.cpp default"
    panel.set_settings(GenerationSettings(SamplingSettings(greedy_settings().stages, 9)))
    assert panel.presets.box.currentText() == "Greedy"
    panel.card("top_p").row("p").controls()[-1].setValue(0.5)
    assert panel.presets.box.currentIndex() == -1


def test_a_preset_takes_the_chain_and_leaves_the_rest(panel):
    told = told_by(panel)
    panel.set_settings(GenerationSettings(SamplingSettings(default_settings().stages, 11), 77, (), "stop"))
    own = with_values(neutral_settings(), {("top_k", "k"): 3})
    panel.set_presets([("Mine", own)])
    box = panel.presets.box
    box.setCurrentIndex(box.findText("Mine"))
    box.activated.emit(box.currentIndex())
    assert chain_key(told[-1].sampling) == chain_key(own)
    assert (told[-1].sampling.seed, told[-1].max_tokens, told[-1].when_full) == (11, 77, "stop")
    panel.presets.controls[2].click()  # neutral
    assert all(
        not item.enabled or spec.is_neutral(spec.values(item.values))
        for spec, item in zip(STAGES, panel.settings().sampling.stages, strict=True)
    )


def test_what_the_model_s_maker_recommends_is_offered(panel):
    told, bar = told_by(panel), panel.presets
    offer = next(button for button in bar.findChildren(QPushButton) if "recommends" in button.text())
    assert not offer.isVisible() and bar.box.findText("Recommended by the model's maker") == -1
    panel.set_settings(GenerationSettings(SamplingSettings(default_settings().stages, 11), 77))
    recommended = with_values(default_settings(), {("temperature", "temperature"): 0.6})
    bar.set_recommended(recommended)
    assert offer.isVisible() and bar.box.itemText(0) == "Recommended by the model's maker"
    offer.click()
    assert chain_key(told[-1].sampling) == chain_key(recommended) and told[-1].sampling.seed == 11
    assert not offer.isVisible() and bar.box.currentIndex() == 0
    panel.card("top_p").row("p").controls()[-1].setValue(0.5)
    assert offer.isVisible() and bar.box.currentIndex() == -1
    bar.box.setCurrentIndex(0)
    bar.box.activated.emit(0)
    assert chain_key(told[-1].sampling) == chain_key(recommended)
    bar.set_recommended(None)  # another model
    assert not offer.isVisible() and bar.box.findText("Recommended by the model's maker") == -1


def test_a_name_for_a_preset_is_asked_in_place_and_checked(panel):
    saved, renamed = [], []
    bar = panel.presets
    bar.save_wanted.connect(saved.append)
    bar.rename_wanted.connect(lambda *names: renamed.append(names))
    panel.set_presets([("Mine", default_settings()), ("Other", greedy_settings())])
    bar.ask_name()
    for name in SHIPPED:
        bar.field.setText(f"  {name.upper()} ")
        bar.field.returnPressed.emit()
        assert saved == [] and bar.remark.isVisible()
    bar.field.setText("")
    bar.field.returnPressed.emit()
    assert saved == []
    bar.field.setText(" New   name ")
    bar.field.returnPressed.emit()
    assert saved == ["New name"] and not bar.editor.isVisible()
    bar.ask_name("Mine")
    assert bar.field.text() == "Mine"
    bar.field.setText("Other")
    bar.field.returnPressed.emit()
    assert renamed == []
    bar.field.setText("Mine two")
    bar.field.returnPressed.emit()
    assert renamed == [("Mine", "Mine two")]
    bar.ask_name()
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.editor.isVisible()


def test_the_panel_stays_where_it_is_when_a_name_has_been_given(panel, qtbot):
    panel.resize(340, 300)
    panel.activateWindow()
    bar, scroll = panel.presets, panel.findChild(QScrollArea)
    for widget in ("field", "_keep"):
        bar.ask_name()
        getattr(bar, widget).setFocus()
        bar.field.setText("New name")
        bar._on_kept()
        assert panel.window().focusWidget() is bar.box and scroll.verticalScrollBar().value() == 0


def test_own_presets_are_in_the_menu_and_shipped_ones_are_not(panel):
    deleted, exported = [], []
    panel.presets.delete_wanted.connect(deleted.append)
    panel.presets.export_wanted.connect(exported.append)
    panel.set_presets([("A & B", default_settings()), ("C", greedy_settings())])
    panel.presets.menu.aboutToShow.emit()
    menus = {action.text(): action.menu() for action in panel.presets.menu.actions()}
    assert [action.text() for action in menus["Delete"].actions()] == ["A && B", "C"]
    menus["Delete"].actions()[0].trigger()
    assert deleted == ["A & B"]
    menus["Export"].actions()[1].trigger()
    menus["Export"].actions()[-1].trigger()
    assert exported == [["C"], ["A & B", "C"]]


def test_seed_and_length_are_told(panel, qtbot):
    told = told_by(panel)
    assert panel.reply.new_seed.isChecked() and not panel.reply.seed.isEnabled()
    panel.reply.new_seed.click()
    panel.reply.seed.setValue(123)
    qtbot.waitUntil(lambda: bool(told) and told[-1].sampling.seed == 123)
    panel.reply.length.controls()[0].setValue(64)
    qtbot.waitUntil(lambda: told[-1].max_tokens == 64)
    panel.reply.when_full.setCurrentIndex(1)
    qtbot.waitUntil(lambda: told[-1].when_full == "stop")


def test_every_word_of_every_sampler_is_listed_for_translation():
    words = {spec.title for spec in STAGES} | {spec.sentence for spec in STAGES}
    words |= {word for spec in STAGES for p in spec.parameters for word in (p.title, p.sentence)}
    assert words - {source[1] if isinstance(source, tuple) else source for source in SOURCES} == set()


def test_nothing_is_cut_off_at_the_least_width_of_the_dock(panel, qtbot):
    panel.resize(320, 600)
    qtbot.wait(10)
    inner = panel.findChild(QScrollArea).widget()
    assert inner.minimumSizeHint().width() <= 320 - 12
    for label in inner.findChildren(QLabel):
        if label.isVisible() and label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width()), label.text()


def test_every_control_has_a_name(panel):
    for card in (panel.card(name) for name in panel.order):
        for control in card.controls():
            assert control.accessibleName() or control.text()
    for control in (*panel.presets.controls, *panel.reply.controls):
        assert control.accessibleName() or control.text()


# --- the funnel in the panel ------------------------------------------------------------------------------------------


def a_token(candidates=64, full=True):
    logits = np.log(np.array((0.40, 0.30, 0.15, 0.10, 0.05), dtype=np.float32))
    record = pick(Chain(neutral_settings()), logits, [], 0, 7, lambda id: Token(id, b"abcde"[id : id + 1]), candidates)
    return Subject(record, (), 7, True, logits if full else None)


def shows(panel, name):
    return [bar.removed for bar in panel.card(name).chart.bars]


def test_without_a_token_the_panel_says_how_to_get_one(panel, qtbot):
    assert "Click a word" in panel._note.text()
    assert not panel.card("top_p").chart.isVisible()
    panel.show_token(a_token(), "all of them")
    qtbot.waitUntil(panel.card("top_p").chart.isVisible)
    assert panel._note.text() == "all of them" and panel._end.isVisible()
    panel.show_token(None)
    assert "Click a word" in panel._note.text()
    assert not panel.card("top_p").chart.isVisible() and not panel._end.isVisible()


def test_moving_a_slider_moves_the_funnel(panel, qtbot):
    panel.set_settings(GenerationSettings(neutral_settings()))
    panel.show_token(a_token())
    panel.card("top_p").row("p").move_to(0.8)
    qtbot.waitUntil(lambda: shows(panel, "top_p") == [False, False, False, True, True])
    neck = panel.column.necks["top_p"]
    qtbot.waitUntil(neck.isVisible)
    assert neck.text == "3 of 5 go on, with 85 % of the probability"
    panel.card("temperature").row("temperature").move_to(2)
    qtbot.waitUntil(lambda: panel.column.necks["temperature"].isVisible())
    assert "3 go on, shifted by 0.0" in panel.column.necks["temperature"].text
    assert panel.card("top_p").chart.accessibleDescription() == neck.text


def test_a_dragged_cut_off_moves_the_slider_and_is_told(panel, qtbot):
    told = told_by(panel)
    panel.set_settings(GenerationSettings(neutral_settings()))
    panel.show_token(a_token())
    qtbot.waitUntil(panel.card("top_k").chart.isVisible)
    panel.card("top_k").chart.cut_asked.emit(2)
    qtbot.waitUntil(lambda: panel.card("top_k").row("k").value() == 2)
    assert shows(panel, "top_k") == [False, False, True, True, True]
    qtbot.waitUntil(lambda: bool(told))
    panel.card("min_p").chart.cut_asked.emit(1)
    qtbot.waitUntil(lambda: 0.75 < panel.card("min_p").row("p").value() <= 1)
    QTest.keyClick(panel, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert panel.card("min_p").row("p").value() == 0


def test_a_dragged_cut_off_is_not_lost_when_something_else_is_asked(panel, qtbot):
    panel.set_settings(GenerationSettings(neutral_settings()))
    panel.show_token(a_token(full=False))
    qtbot.waitUntil(panel.card("top_k").chart.isVisible)
    panel.card("top_k").chart.cut_asked.emit(2)
    panel.show_token(a_token())  # all logits have come
    panel.card("temperature").row("temperature").move_to(0.7)
    qtbot.waitUntil(lambda: panel.card("top_k").row("k").value() == 2)
    qtbot.waitUntil(lambda: shows(panel, "top_k") == [False, False, True, True, True])
    assert panel.card("temperature").row("temperature").value() == 0.7
    panel.card("top_k").chart.cut_asked.emit(4)
    panel.set_settings(GenerationSettings(neutral_settings()))
    qtbot.wait(100)
    assert panel.card("top_k").row("k").value() == 0, "another conversation's chain is not changed by it"


def test_answers_are_shown_where_tokens_come_faster_than_they(panel, qtbot, monkeypatch):
    hold = threading.Event()
    monkeypatch.setattr("app.sampling.live.answer", lambda *asked: (hold.wait(5), answer(*asked))[1])
    panel.show_token(a_token())
    qtbot.wait(20)
    panel.show_token(a_token())
    hold.set()
    qtbot.waitUntil(panel.card("top_p").chart.isVisible)
    hold.clear()
    panel.show_token(a_token())
    panel.show_token(None)
    hold.set()
    qtbot.wait(50)
    assert not panel.card("top_p").chart.isVisible(), "what was given up is not shown"


def test_the_end_of_the_funnel_says_what_the_same_dart_picks(panel, qtbot):
    panel.set_settings(GenerationSettings(neutral_settings()))
    about = a_token()
    panel.show_token(about)
    qtbot.waitUntil(lambda: "as it did" in panel._end.text())
    panel.set_settings(GenerationSettings(greedy_settings()))
    came = about.record.token.id
    wanted = "as it did" if came == 0 else "would pick “a” now"
    qtbot.waitUntil(lambda: wanted in panel._end.text())


def test_the_order_of_the_cards_is_the_order_of_the_funnel(panel, qtbot):
    panel.set_settings(GenerationSettings(with_values(neutral_settings(), {("top_k", "k"): 3, ("top_p", "p"): 0.5})))
    panel.show_token(a_token())
    qtbot.waitUntil(lambda: panel.column.necks["top_p"].text.startswith("2 of 3"))
    panel.column.put(panel.card("top_p"), 0)
    qtbot.waitUntil(lambda: panel.column.necks["top_p"].text.startswith("2 of 5"))


def test_a_hidden_panel_asks_for_nothing_and_catches_up(panel, qtbot):
    panel.hide()
    panel.show_token(a_token())
    qtbot.wait(50)
    assert panel.card("top_p").chart.bars == ()
    panel.show()
    qtbot.waitUntil(lambda: len(panel.card("top_p").chart.bars) == 5)
