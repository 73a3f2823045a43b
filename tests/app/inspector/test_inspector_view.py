"""The inspector on the screen: numbers, dropped candidates in their place, what other sliders would do, and how sure that is."""

import csv
import io
import json

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu

from app.inspector.bias_menu import add_biases
from app.inspector.copying import as_csv, as_json
from app.inspector.token_inspector import TokenInspector
from engine.records import GenerationSettings, Token
from engine.sampling.chain import Chain
from engine.sampling.record import observe, pick
from engine.sampling.registry import default_settings, neutral_settings, with_values

LOGITS = np.log(np.array((0.40, 0.30, 0.15, 0.10, 0.05), dtype=np.float32))
TOP_P = GenerationSettings(with_values(neutral_settings(), {("top_p", "p"): 0.8}))


def token(id: int) -> Token:
    return Token(id, (b" a", b"b\n", b"\xc3", b"d", b"e")[id])


@pytest.fixture
def inspector(qtbot):
    made = TokenInspector()
    qtbot.addWidget(made)
    made.resize(340, 900)
    made.show()
    return made


def show(inspector, qtbot, record=None, **more):
    record = record or pick(Chain(TOP_P.sampling), LOGITS, [], 0, 7, token)
    inspector.show_record(record, "before", **{"settings": TOP_P, "seed": 7, "history_is_whole": True, **more})
    qtbot.wait(10)
    return record


def would(inspector, qtbot):
    """What is said about other sliders, once the run of the chain has answered."""
    qtbot.waitUntil(lambda: inspector._explained is not None and inspector._explained.tried == inspector._tries())
    return inspector._would.text() if inspector._would.isVisible() else ""


def test_dropped_candidates_stand_in_their_place_with_the_stage(inspector, qtbot):
    record = show(inspector, qtbot)
    bars = inspector.candidates.bars.bars
    assert [bar.label for bar in bars] == ["·a", "b⏎", "<0xC3>", "d", "e"]
    assert [bar.note for bar in bars] == ["", "", "", "Top-p", "Top-p"]
    assert [bar.key for bar in bars if bar.chosen] == [record.token.id]
    assert bars[0].final == pytest.approx(0.4 / 0.85, abs=1e-6)


def test_the_numbers_are_those_of_the_record(inspector, qtbot):
    record = observe(LOGITS, 1, 0, token)
    show(inspector, qtbot, record)
    shown = {key: label.text() for key, label in inspector._numbers.values.items()}
    assert shown["raw"] == "30 %" and shown["final"] == "–" and shown["rank"] == "2" and shown["distortion"] == "–"
    assert shown["surprisal"].startswith(("1.74", "1,74"))
    assert shown["margin"] == "10 %"
    assert shown["choices"] in ("4.0", "4,0")  # 2 ** 2.0087
    assert not inspector._dart.isVisible()


def test_other_sliders_tell_what_would_have_come(inspector, qtbot):
    show(inspector, qtbot)
    assert would(inspector, qtbot) == ""
    inspector.set_settings(GenerationSettings(with_values(neutral_settings(), {("top_k", "k"): 1})))
    qtbot.wait(10)
    assert "(exact)" in would(inspector, qtbot)
    assert [bar.note for bar in inspector.candidates.bars.bars] == ["", *["Top-k"] * 4]
    inspector.set_settings(TOP_P)
    qtbot.waitUntil(lambda: not inspector._would.isVisible())


@pytest.mark.parametrize(("whole", "said"), [(True, "exact"), (False, "approximate")])
def test_penalties_over_an_unknown_prompt_are_approximate(inspector, qtbot, whole, said):
    show(inspector, qtbot, history_is_whole=whole)
    changed = with_values(TOP_P.sampling, {("penalties", "repeat"): 1.3})
    inspector.set_settings(GenerationSettings(changed))
    qtbot.wait(10)
    assert f"({said}" in would(inspector, qtbot)


def test_stored_candidates_that_do_not_suffice_are_approximate(inspector, qtbot):
    record = pick(Chain(TOP_P.sampling), LOGITS, [], 0, 7, token, candidates=2)
    show(inspector, qtbot, record)
    inspector.set_settings(GenerationSettings(with_values(neutral_settings(), {("temperature", "temperature"): 1.5})))
    qtbot.wait(10)
    assert "(approximate" in would(inspector, qtbot)


def test_the_rest_of_the_vocabulary_has_a_row_that_is_no_candidate(inspector, qtbot):
    record = pick(Chain(TOP_P.sampling), LOGITS, [], 0, 7, token, candidates=4)
    show(inspector, qtbot, record)
    others = inspector.candidates.bars.bars[-1]
    assert others.label == "1 others" and others.raw == pytest.approx(0.05, abs=1e-6) and not others.selectable
    asked = []
    inspector.branchRequested.connect(asked.append)
    QTest.keyClick(inspector.candidates.bars, Qt.Key.Key_End)
    QTest.keyClick(inspector.candidates.bars, Qt.Key.Key_Return)
    assert asked == []


def test_the_arithmetic_of_the_candidate_that_is_pointed_at(inspector, qtbot):
    chain = with_values(TOP_P.sampling, {("temperature", "temperature"): 2.0})
    record = pick(Chain(chain), LOGITS, [], 0, 7, token)
    show(inspector, qtbot, record, settings=GenerationSettings(chain))
    qtbot.waitUntil(inspector._working.isVisible)
    inspector.candidates.bars.setFocus()
    QTest.keyClick(inspector.candidates.bars, Qt.Key.Key_Home)
    first = inspector._working.lines.text()
    assert "exp(-0.916 − 0.000) = 0.4000" in first
    assert "keeps it: 0.4000 / 0.8500 = 0.4706" in first
    assert "-0.916 / 2.00 = -0.458" in first
    root = [0.4**0.5, 0.3**0.5, 0.15**0.5]
    assert f"after the chain: {root[0] / sum(root):.4f} = 40 %" in first
    QTest.keyClick(inspector.candidates.bars, Qt.Key.Key_End)
    assert "Top-p</b> removes it" in inspector._working.lines.text()
    assert "after the chain: 0.0000 = 0 %" in inspector._working.lines.text()


def test_the_distortion_is_that_of_the_shown_distribution(inspector, qtbot):
    show(inspector, qtbot)
    assert inspector._numbers.values["distortion"].text() == "0.23 bits"  # -log2 0.85
    inspector.set_settings(GenerationSettings(with_values(neutral_settings(), {("top_k", "k"): 1})))
    qtbot.waitUntil(lambda: inspector._numbers.values["distortion"].text() == "1.32 bits")  # -log2 0.4


def test_all_logits_make_a_preview_exact(inspector, qtbot):
    record = pick(Chain(TOP_P.sampling), LOGITS, [], 0, 7, token, candidates=2)
    inspector.set_settings(GenerationSettings(with_values(neutral_settings(), {("temperature", "temperature"): 1.5})))
    show(inspector, qtbot, record)
    assert "(approximate" in would(inspector, qtbot)
    show(inspector, qtbot, record, logits=LOGITS)
    qtbot.waitUntil(lambda: "(exact)" in inspector._would.text())


def test_any_candidate_begins_a_branch_by_click_or_key_dropped_ones_too(inspector, qtbot):
    record = show(inspector, qtbot)
    asked = []
    inspector.branchRequested.connect(asked.append)
    bars = inspector.candidates.bars
    bars.setFocus()
    QTest.keyClick(bars, Qt.Key.Key_End)
    QTest.keyClick(bars, Qt.Key.Key_Return)
    assert asked == [4]
    row = bars.height() // len(bars.bars)

    QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(60, 3 * row + row // 2))
    assert asked == [4, 3]
    place = [bar.key for bar in bars.bars].index(record.token.id)
    QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(60, place * row + row // 2))
    assert asked == [4, 3], "the token that came is no branch"


def test_more_rows_come_on_demand_and_the_chosen_one_is_always_there(inspector, qtbot):
    logits = np.linspace(3, 0, 40, dtype=np.float32)
    record = observe(logits, 39, 0, lambda id: Token(id, b"%d" % id))
    show(inspector, qtbot, record)
    bars = inspector.candidates.bars.bars
    assert [bar.key for bar in bars[:-1]] == [*range(10), 39]
    assert bars[-1].label == "29 others" and sum(bar.raw for bar in bars) == pytest.approx(1)
    inspector.candidates.more.click()
    assert [bar.key for bar in inspector.candidates.bars.bars] == list(range(40))


@pytest.mark.parametrize("piece", [b"<b>", b"<br>", b"</p> &amp;", b"&"])
def test_tokens_that_look_like_html_are_shown_to_the_letter(inspector, qtbot, piece):
    record = show(inspector, qtbot, observe(LOGITS, 1, 0, lambda id: Token(id, piece)))
    name = piece.decode().replace(" ", "·")
    assert inspector._token.text() == f"{name}   #{record.token.id}"
    for label in inspector.findChildren(QLabel):
        if label.textFormat() == Qt.TextFormat.AutoText:
            assert name not in label.text()
    menu = QMenu(inspector)
    add_biases(menu, name, 0.0, lambda value: None)
    assert f"“{name.replace('&', '&&')}”" in menu.actions()[0].text()


def test_what_is_copied_can_be_read_back(inspector, qtbot):
    record = show(inspector, qtbot)
    rows = json.loads(as_json(inspector._table))
    assert [row["id"] for row in rows] == [0, 1, 2, 3, 4]
    assert rows[2]["bytes"] == "c3" and rows[3]["removed_by"] == "top_p"
    assert [row["id"] for row in rows if row["chosen"]] == [record.token.id]
    table = list(csv.DictReader(io.StringIO(as_csv(inspector._table))))
    assert [float(row["raw"]) for row in table] == pytest.approx([0.4, 0.3, 0.15, 0.1, 0.05], abs=1e-6)


def test_the_arrow_keys_go_from_token_to_token(inspector, qtbot):
    show(inspector, qtbot)
    steps = []
    inspector.stepRequested.connect(steps.append)
    inspector.candidates.bars.setFocus()
    QTest.keyClick(inspector.candidates.bars, Qt.Key.Key_Right)
    QTest.keyClick(inspector.candidates.bars, Qt.Key.Key_Left)
    assert steps == [1, -1]


def test_without_a_token_it_says_what_to_do(inspector, qtbot):
    show(inspector, qtbot)
    inspector.clear()
    assert inspector._empty.isVisible()
    assert default_settings().stages


def test_with_little_room_the_numbers_stand_below_each_other(inspector, qtbot):
    show(inspector, qtbot)

    def beside() -> bool:
        values = inspector._numbers.values
        return values["raw"].y() == values["rank"].y()

    inspector.resize(400, 900)
    qtbot.waitUntil(beside)
    inspector.resize(260, 900)
    qtbot.waitUntil(lambda: not beside())
    inspector.resize(400, 900)
    qtbot.waitUntil(beside)
