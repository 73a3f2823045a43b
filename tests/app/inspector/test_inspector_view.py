"""The inspector on the screen: numbers, dropped candidates in their place, what other sliders would do, and how sure that is."""

import csv
import io
import json

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

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


def would(inspector):
    return inspector._would.text() if inspector._would.isVisible() else ""


def test_dropped_candidates_stand_in_their_place_with_the_stage(inspector, qtbot):
    record = show(inspector, qtbot)
    bars = inspector._bars.bars
    assert [bar.label for bar in bars] == ["·a", "b⏎", "<0xC3>", "d", "e"]
    assert [bar.note for bar in bars] == ["", "", "", "Top-p", "Top-p"]
    assert [bar.key for bar in bars if bar.chosen] == [record.token.id]
    assert bars[0].final == pytest.approx(0.4 / 0.85, abs=1e-6)


def test_the_numbers_are_those_of_the_record(inspector, qtbot):
    record = observe(LOGITS, 1, 0, token)
    show(inspector, qtbot, record)
    shown = {key: label.text() for key, label in inspector._numbers.items()}
    assert shown["raw"] == "30 %" and shown["final"] == "–" and shown["rank"] == "2 / 5"
    assert shown["surprisal"].startswith(("1.74", "1,74"))
    assert shown["margin"] == "10 %"
    assert shown["choices"] in ("4.0", "4,0")  # 2 ** 2.0087
    assert not inspector._dart.isVisible()


def test_other_sliders_tell_what_would_have_come(inspector, qtbot):
    show(inspector, qtbot)
    assert would(inspector) == ""
    inspector.set_settings(GenerationSettings(with_values(neutral_settings(), {("top_k", "k"): 1})))
    qtbot.wait(10)
    assert "(exact)" in would(inspector)
    assert [bar.note for bar in inspector._bars.bars] == ["", *["Top-k"] * 4]
    inspector.set_settings(TOP_P)
    qtbot.wait(10)
    assert would(inspector) == ""


@pytest.mark.parametrize(("whole", "said"), [(True, "exact"), (False, "approximate")])
def test_penalties_over_an_unknown_prompt_are_approximate(inspector, qtbot, whole, said):
    show(inspector, qtbot, history_is_whole=whole)
    changed = with_values(TOP_P.sampling, {("penalties", "repeat"): 1.3})
    inspector.set_settings(GenerationSettings(changed))
    qtbot.wait(10)
    assert f"({said}" in would(inspector)


def test_stored_candidates_that_do_not_suffice_are_approximate(inspector, qtbot):
    record = pick(Chain(TOP_P.sampling), LOGITS, [], 0, 7, token, candidates=2)
    show(inspector, qtbot, record)
    inspector.set_settings(GenerationSettings(with_values(neutral_settings(), {("temperature", "temperature"): 1.5})))
    qtbot.wait(10)
    assert "(approximate" in would(inspector)


def test_any_candidate_begins_a_branch_by_click_or_key_dropped_ones_too(inspector, qtbot):
    record = show(inspector, qtbot)
    asked = []
    inspector.branchRequested.connect(asked.append)
    bars = inspector._bars
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
    keys = [bar.key for bar in inspector._bars.bars]
    assert keys == [*range(12), 39]
    inspector._more.click()
    assert [bar.key for bar in inspector._bars.bars] == list(range(40))


def test_what_is_copied_can_be_read_back(inspector, qtbot):
    record = show(inspector, qtbot)
    rows = json.loads(inspector._json())
    assert [row["id"] for row in rows] == [0, 1, 2, 3, 4]
    assert rows[2]["bytes"] == "c3" and rows[3]["removed_by"] == "top_p"
    assert [row["id"] for row in rows if row["chosen"]] == [record.token.id]
    table = list(csv.DictReader(io.StringIO(inspector._csv())))
    assert [float(row["raw"]) for row in table] == pytest.approx([0.4, 0.3, 0.15, 0.1, 0.05], abs=1e-6)


def test_the_arrow_keys_go_from_token_to_token(inspector, qtbot):
    show(inspector, qtbot)
    steps = []
    inspector.stepRequested.connect(steps.append)
    inspector._bars.setFocus()
    QTest.keyClick(inspector._bars, Qt.Key.Key_Right)
    QTest.keyClick(inspector._bars, Qt.Key.Key_Left)
    assert steps == [1, -1]


def test_without_a_token_it_says_what_to_do(inspector, qtbot):
    show(inspector, qtbot)
    inspector.clear()
    assert inspector._empty.isVisible()
    assert default_settings().stages
