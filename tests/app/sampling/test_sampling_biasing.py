"""The bias of single tokens: set, moved, taken away, within the bounds of the stage; the stage is on while there is any."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.sampling.bias_rows import BiasRows
from app.sampling.biasing import BANNED, bias_of, biased_ids, nudged, with_bias
from engine.records import SamplingSettings, StageSettings, Token
from engine.sampling.chain import Chain
from engine.sampling.record import pick
from engine.sampling.registry import default_settings, stage


def stage_of(sampling):
    return next(item for item in sampling.stages if item.name == "logit_bias")


@given(st.integers(0, 200_000), st.floats(-300, 300, allow_nan=False))
def test_what_is_set_is_what_is_read_within_the_bounds(id, bias):
    found = with_bias(default_settings(), id, bias)
    assert bias_of(found, id) == min(max(bias, -100.0), 100.0)
    assert stage_of(found).enabled == bool(bias)
    assert with_bias(found, id, 0.0).stages == with_bias(default_settings(), id, 0.0).stages, "and taken away again"


def test_other_tokens_keep_theirs_but_not_those_of_a_stage_that_was_off():
    two = with_bias(with_bias(SamplingSettings((), 7), 3, 2.0), 4, -1.0)
    assert stage_of(two).values == {"3": 2.0, "4": -1.0} and two.seed == 7
    assert stage_of(with_bias(two, 3, 0)).values == {"4": -1.0}
    off = SamplingSettings((StageSettings("logit_bias", False, {"9": 5.0}),))
    assert bias_of(off, 9) == 0.0
    assert stage_of(with_bias(off, 3, 1.0)).values == {"3": 1.0}


def test_a_banned_token_does_not_come_and_its_way_back_leads_to_none():
    logits = np.array([5.0, 1.0, 0.0], dtype=np.float32)

    def drawn(sampling):
        return {pick(Chain(sampling), logits, (), p, 7, lambda id: Token(id, b"x")).token.id for p in range(50)}

    assert 0 in drawn(default_settings())
    assert 0 not in drawn(with_bias(default_settings(), 0, BANNED))
    assert nudged(BANNED, 1.0) == 0.0 and nudged(2.0, 1.0) == 3.0 and nudged(0.0, -1.0) == -1.0


def test_rows_of_tokens_are_called_by_what_was_told_last_and_by_their_numbers_else(qtbot):
    rows = BiasRows(stage("logit_bias").per_token)
    qtbot.addWidget(rows)
    rows.set_values({"3": 1.0, "4": -2.0})
    assert [label.text() for _, _, label in rows._rows.values()] == ["#3", "#4"]
    rows.set_names({3: "·fox", 9: "·owl"})
    rows.name_by(lambda id: "·the" if id == 4 else f"#{id}")
    assert [label.text() for _, _, label in rows._rows.values()] == ["·fox", "·the"], (
        "who does not know takes nothing away"
    )
    rows.set_values({"9": 1.0})
    (_, box, label) = rows._rows["9"]
    assert label.text() == "·owl" and "·owl" in box.accessibleName() and label.toolTip() == "#9"
    assert biased_ids(with_bias(SamplingSettings(), 9, 1.0)) == (9,) and biased_ids(SamplingSettings()) == ()
