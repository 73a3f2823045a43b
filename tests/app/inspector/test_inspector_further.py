"""Rows beyond those of a record: which tokens, with which numbers, and what the chain did to them."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.inspector.further import STEP, further
from app.inspector.rows import table_of
from app.inspector.token_inspector import TokenInspector
from app.sampling.biasing import BANNED, with_bias
from app.sampling.subject import Subject
from engine.records import GenerationSettings, SamplingSettings, StageSettings, Token
from engine.sampling.chain import Chain
from engine.sampling.record import observe, pick

SIZE = 200
LOGITS = np.random.default_rng(4).permutation(np.linspace(4, -4, SIZE)).astype(np.float32)
ORDER = np.argsort(-LOGITS)
P = np.exp(LOGITS.astype(np.float64)) / np.exp(LOGITS.astype(np.float64)).sum()
CHAIN = SamplingSettings(
    (StageSettings("top_k", values={"k": 80}), StageSettings("temperature", values={"temperature": 2.0})), 3
)


def token(id):
    return Token(id, b"t%d" % id)


def subject(candidates=64, sampling=CHAIN):
    record = pick(Chain(sampling), LOGITS, (), 0, 3, token, candidates)
    return Subject(record, (), 3, True, LOGITS.copy())


def test_the_next_most_likely_tokens_follow_in_order_and_with_exact_numbers():
    found = further(subject(), CHAIN, 20)
    came = found.subject.record.token.id
    expected = [id for id in ORDER[64:].tolist() if id != came][:20]
    assert [row.id for row in found.rows] == expected
    assert [row.raw for row in found.rows] == pytest.approx(P[expected], rel=1e-5)
    # By hand: of the 80 that top-k keeps, halved logits, normalised.
    kept = ORDER[:80]
    weights = {id: np.exp(LOGITS[id] / 2.0) for id in kept.tolist()}
    total = sum(weights.values())
    for row in found.rows:
        if row.id in weights:
            assert row.final == pytest.approx(weights[row.id] / total, rel=1e-4) and row.removed_by == ""
        else:
            assert row.final == 0 and row.removed_by == "top_k"
    assert {row.removed_by for row in found.rows} == {"", "top_k"}


def test_the_remainder_shrinks_by_what_is_listed():
    it = subject()
    few = table_of(it.record)
    many = table_of(it.record, None, further(it, CHAIN, 30).rows)
    assert many.number_left == few.number_left - 30 and len(many.rows) == len(few.rows) + 30
    shown = sum(P[row.id] for row in many.rows)
    assert many.raw_left == pytest.approx(1 - shown, abs=1e-6)
    logits = [row.logit for row in many.rows]
    assert logits == sorted(logits, reverse=True)
    whole = table_of(it.record, None, further(it, CHAIN, SIZE).rows)
    assert whole.number_left == 0 and len(whole.rows) == SIZE and whole.raw_left == pytest.approx(0, abs=1e-6)


def test_a_token_that_was_given_has_raw_numbers_alone():
    record = observe(LOGITS, int(ORDER[100]), 5, token)
    found = further(Subject(record, (), 0, True, LOGITS.copy()), None, 40)
    assert ORDER[100] not in [row.id for row in found.rows], "it has its own row already"
    assert all(row.final == 0 and row.removed_by == "" and not row.chosen for row in found.rows)


@pytest.fixture
def inspector(qtbot):
    made = TokenInspector(asks_model=True)
    qtbot.addWidget(made)
    made.resize(400, 900)
    made.show()
    return made


def test_more_rows_on_demand_get_their_names_and_follow_the_sliders(inspector, qtbot):
    it, settings = subject(), GenerationSettings(CHAIN)
    asked = []
    inspector.namesRequested.connect(asked.append)
    inspector.set_settings(settings)
    inspector.show_record(it.record, settings=settings, history_is_whole=True, seed=3)
    listed = inspector.candidates
    qtbot.waitUntil(lambda: len(listed.bars.bars) > 1)
    assert not listed.further.isVisible()
    listed.more.click()
    assert listed.further.isVisible() and not listed.further.isEnabled(), "the model has not told the others yet"
    inspector.show_record(it.record, settings=settings, history_is_whole=True, seed=3, logits=LOGITS.copy())
    qtbot.waitUntil(listed.further.isEnabled)
    before = len(listed.bars.bars)
    listed.further.click()
    qtbot.waitUntil(lambda: len(listed.bars.bars) == before + STEP)
    assert listed.bars.bars[-2].label == f"#{listed.bars.bars[-2].key}"
    assert len(asked) == 1 and set(asked[0]) <= {bar.key for bar in listed.bars.bars}
    inspector.set_names({id: b" n%d" % id for id in asked[0]})
    last = listed.bars.bars[-2]
    assert last.label == f"·n{last.key}" and last.note == "Top-k"
    assert listed.bars.bars[-1].label == f"{SIZE - (before - 1) - STEP} others"
    hot = SamplingSettings((StageSettings("temperature", values={"temperature": 2.0}),), 3)
    inspector.set_settings(GenerationSettings(hot))
    qtbot.waitUntil(lambda: listed.bars.bars[-2].note == "" and listed.bars.bars[-2].final > 0)
    assert listed.bars.bars[-2].label.startswith("·n"), "names stay"
    other = pick(Chain(CHAIN), LOGITS, (), 1, 3, token)
    inspector.show_record(other, settings=settings, history_is_whole=True, seed=3, logits=LOGITS.copy())
    qtbot.waitUntil(lambda: len(listed.bars.bars) in (before, before - 1, before + 1))


def test_keys_and_menu_of_a_row_ask_for_another_bias(inspector, qtbot):
    it, asked = subject(), []
    inspector.biasRequested.connect(lambda id, bias: asked.append((id, bias)))
    inspector.set_settings(GenerationSettings(CHAIN))
    inspector.show_record(it.record, settings=GenerationSettings(CHAIN), history_is_whole=True, seed=3)
    listed, first = inspector.candidates, int(ORDER[0])
    qtbot.waitUntil(lambda: len(listed.bars.bars) > 1)
    listed.bars.setFocus()
    QTest.keyClick(listed.bars, Qt.Key.Key_Home)
    for key, bias in (("+", 1.0), ("=", 1.0), ("-", -1.0), ("b", BANNED), ("0", 0.0)):
        QTest.keyClicks(listed.bars, key)
        assert asked[-1] == (first, bias)
    QTest.keyClicks(listed.bars, "x")
    QTest.keyClick(listed.bars, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert len(asked) == 5
    inspector.set_settings(GenerationSettings(with_bias(CHAIN, first, BANNED)))
    qtbot.waitUntil(lambda: listed.bars.bars[0].label.endswith("⊘"))
    assert "bias -100.0" in listed.bars.bars[0].detail
    menu = listed.menu()
    actions = {action.text().split("\t")[0]: action for action in menu.actions()}
    assert not actions["Ban it"].isEnabled() and "-100.0" in next(
        text for text in actions if text.startswith("Bias of")
    )
    actions["More likely"].trigger()
    assert asked[-1] == (first, 0.0), "the way back from a ban"
    menu.close()
    QTest.keyClick(listed.bars, Qt.Key.Key_End)
    before = len(asked)
    QTest.keyClicks(listed.bars, "b")
    assert len(asked) == before, "the rest of the vocabulary is no token"


def test_without_a_chain_to_change_nothing_is_offered(qtbot):
    bare = TokenInspector()
    qtbot.addWidget(bare)
    bare.set_settings(GenerationSettings(CHAIN))
    bare.show_record(subject().record)
    qtbot.waitUntil(lambda: len(bare.candidates.bars.bars) > 1)
    bare.candidates.bars._set_current(0)
    assert not any("Ban" in action.text() for action in bare.candidates.menu().actions())
