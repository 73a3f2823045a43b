"""A token that is not listed has at most so much, and never less is said than it can have."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.inspector.shares import Share, Shares, by_piece, final_shares, raw_shares
from app.widgets.formats import at_most
from engine.records import SamplingSettings, StageSettings, Token, TokenRecord
from engine.sampling.chain import Chain
from engine.sampling.record import pick

KEEPS_ALL = SamplingSettings((StageSettings("temperature", values={"temperature": 0.7}),), 1)
KEEPS_FEW = SamplingSettings((StageSettings("top_k", values={"k": 5}),), 1)


def picked(logits: np.ndarray, sampling: SamplingSettings) -> TokenRecord:
    return pick(Chain(sampling), logits, [], 0, 1, lambda id: Token(id, b"%d" % id))


def test_by_hand():
    shares = Shares({7: 0.6, 8: 0.3}, 0.05)
    assert shares.of(7) == Share(0.6) and shares.of(9) == Share(0.05, True)
    assert Shares({7: 1.0}, 0.0).of(9) == Share(0.0), "where nothing is left there is no doubt"


@given(seed=st.integers(0, 10_000), size=st.integers(2, 300), width=st.floats(0, 20))
def test_no_token_is_above_what_it_is_said_to_have_at_most(seed, size, width):
    logits = (np.random.default_rng(seed).standard_normal(size) * width).astype(np.float32)
    exact = np.exp(logits.astype(np.float64) - logits.max())
    exact /= exact.sum()
    record = picked(logits, KEEPS_ALL)
    raw = raw_shares(record)
    for id, p in enumerate(exact.tolist()):
        share = raw.of(id)
        assert share.at_most or share.value == pytest.approx(p, rel=1e-4, abs=1e-12)
        assert not share.at_most or p <= share.value * (1 + 1e-4)
    warmed = exact ** (1 / 0.7)
    warmed /= warmed.sum()
    final = final_shares(record)
    for id, p in enumerate(warmed.tolist()):
        assert p <= final.of(id).value + 1e-4


def test_what_a_chain_removed_has_nothing_and_no_doubt():
    record = picked(np.linspace(0, 5, 200, dtype=np.float32), KEEPS_FEW)
    final = final_shares(record)
    assert final.of(199).value > 0 and final.of(150) == final.of(0) == Share(0.0)
    assert raw_shares(record).of(0).at_most


def test_by_their_bytes():
    record = picked(np.zeros(100, dtype=np.float32), KEEPS_ALL)
    shares = by_piece(raw_shares(record), record)
    assert shares.of(b"3") == Share(pytest.approx(0.01)) and shares.of(b"99").at_most
    assert math.isclose(shares.of(b"99").value, 0.01, rel_tol=1e-5)


@pytest.mark.parametrize(
    ("p", "told"),
    [(0.123, "≤ 13 %"), (0.0301, "≤ 3.1 %"), (0.03, "≤ 3.0 %"), (0.00301, "≤ 0.31 %"), (1e-9, "≤ 0.01 %"), (0, "0 %")],
)
def test_it_is_rounded_up(p, told):
    assert at_most(p) == told
