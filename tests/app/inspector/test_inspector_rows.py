"""The inspector's values, worked by hand: five candidates 0.40, 0.30, 0.15, 0.10, 0.05 under top-p 0.8."""

import math

import numpy as np
import pytest

from app.inspector.rows import cumulative, hit, stage_rows, table_of
from app.sampling.funnel import looks_further_back
from engine.records import SamplingSettings, StageSettings, StageTrace, Token
from engine.sampling.chain import Chain
from engine.sampling.preview import preview
from engine.sampling.record import observe, pick, put
from engine.sampling.registry import neutral_settings, with_values

P = (0.40, 0.30, 0.15, 0.10, 0.05)
LOGITS = np.log(np.array(P, dtype=np.float32))
TOP_P = with_values(neutral_settings(), {("top_p", "p"): 0.8})


def token(id: int) -> Token:
    return Token(id, b"abcde"[id : id + 1])


def record(settings=TOP_P, logits=LOGITS, candidates=64):
    return pick(Chain(settings), logits, [], 0, 7, token, candidates)


def test_the_table_of_the_worked_example():
    table = table_of(record())
    assert [row.raw for row in table.rows] == pytest.approx(P, abs=1e-6)
    assert [row.final for row in table.rows] == pytest.approx([0.4 / 0.85, 0.3 / 0.85, 0.15 / 0.85, 0, 0], abs=1e-6)
    assert [row.removed_by for row in table.rows] == ["", "", "", "top_p", "top_p"]
    assert (table.number_left, table.final_left, table.exact) == (0, 0.0, True)
    assert [row.id for row in table.rows if row.chosen] == [record().token.id]


def test_the_rest_of_the_vocabulary_is_a_sum():
    table = table_of(record(candidates=2))
    assert table.number_left == 5 - len(table.rows)
    assert table.raw_left + sum(row.raw for row in table.rows) == pytest.approx(1, abs=1e-6)


def test_a_token_from_outside_the_stored_candidates_has_its_own_row():
    given = observe(LOGITS, 4, 0, token, candidates=2)
    table = table_of(given)
    assert [row.id for row in table.rows] == [0, 1, 4]
    assert table.rows[2].raw == pytest.approx(0.05, abs=1e-6) and table.chosen.id == 4
    assert not table.drawn and table.dart is None


def test_the_cumulative_bar_is_in_the_order_of_the_draw_and_ends_at_one():
    parts = cumulative(table_of(record()))
    assert [row.id for row, _, _ in parts] == [0, 1, 2]
    assert [start for _, start, _ in parts] == pytest.approx([0, 0.4 / 0.85, 0.7 / 0.85], abs=1e-6)
    assert parts[-1][2] == pytest.approx(1, abs=1e-6)
    assert hit(table_of(record())).id == record().token.id


def test_of_a_token_that_somebody_put_there_the_table_says_what_removed_it_and_what_the_dart_fell_on():
    drawn = record()
    forced = put(Chain(TOP_P), LOGITS, [], 0, 7, 4).record(token)
    table = table_of(forced)
    assert (table.chosen.id, table.chosen.removed_by, forced.final_probability) == (4, "top_p", 0.0)
    assert hit(table).id == drawn.token.id and forced.dart == drawn.dart and forced.forced
    assert hit(table_of(observe(LOGITS, 4, 0, token))) is None, "nothing was drawn"


def test_other_settings_are_shown_with_the_same_dart():
    made = record()
    outcome = preview(made, Chain(with_values(neutral_settings(), {("top_k", "k"): 1})), [], 7)
    table = table_of(made, outcome)
    assert table.chosen.id == 0 and table.dart == made.dart and table.exact
    assert [row.removed_by for row in table.rows] == ["", "top_k", "top_k", "top_k", "top_k"]


def test_the_funnel_counts_from_the_vocabulary_down():
    rows = stage_rows((StageTrace("top_k", 40, 0.78, 0.36), StageTrace("temperature", 40, 1.0, 0.04)), 8192)
    assert [(row.before, row.kept, row.removes) for row in rows] == [(8192, 40, True), (40, 40, False)]
    assert not rows[1].idle
    assert stage_rows((StageTrace("top_p", 8192, 1.0),), 8192)[0].idle


def test_counts_that_the_stored_candidates_cannot_tell_are_none():
    first, second = stage_rows((StageTrace("min_p", 64, 1.0), StageTrace("top_k", 10, 0.9)), 8192, listed=64)
    assert (first.before, first.kept) == (None, None)
    assert (second.before, second.kept) == (None, 10)
    (only,) = stage_rows((StageTrace("top_k", 10, 0.9),), 8192, listed=64)
    assert (only.before, only.kept) == (8192, 10)


@pytest.mark.parametrize(
    ("values", "enabled", "known", "further"),
    [
        ({"repeat": 1.1, "last_n": 64}, True, 10, True),
        ({"repeat": 1.1, "last_n": 64}, True, 64, False),
        ({"repeat": 1.1, "last_n": -1}, True, 10**6, True),
        ({"repeat": 1.0, "last_n": 64}, True, 10, False),
        ({"repeat": 1.1, "last_n": 64}, False, 10, False),
    ],
)
def test_penalties_look_further_back_than_what_is_known(values, enabled, known, further):
    sampling = SamplingSettings((StageSettings("penalties", enabled, values),))
    assert looks_further_back(sampling, known) is further


def test_raw_probabilities_are_over_the_full_vocabulary():
    logits = np.linspace(0, 3, 1000, dtype=np.float32)
    made = pick(Chain(neutral_settings()), logits, [], 0, 1, lambda id: Token(id, b"x"), 8)
    total = float(np.exp(logits.astype(np.float64)).sum())
    assert table_of(made).rows[0].raw == pytest.approx(math.exp(3) / total, rel=1e-5)
