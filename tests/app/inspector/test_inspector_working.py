"""The worked arithmetic is the chain's own: every line leads to the next, and the last to the recorded probability."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.inspector.working import explain, working
from app.sampling.subject import Subject
from engine.records import Token
from engine.sampling.chain import Chain
from engine.sampling.record import pick
from engine.sampling.registry import default_settings, with_values

CHAIN = with_values(default_settings(), {("penalties", "repeat"): 1.2, ("top_k", "k"): 20})


@settings(max_examples=30)
@given(st.integers(0, 2**31))
def test_every_line_leads_to_the_next(seed):
    logits = (np.random.default_rng(seed).standard_normal(300) * 3).astype(np.float32)
    history = (3, 5, 5, 9)
    record = pick(Chain(CHAIN), logits, history, 4, seed, lambda id: Token(id, b""), 64)
    explained = explain(Subject(record, history, seed, True, logits), CHAIN, False)
    for place, id in enumerate(record.candidates.id_array().tolist()):
        found = working(explained, id)
        assert found.raw == pytest.approx(np.exp(found.logit - found.log_sum_exp))
        assert found.final == pytest.approx(float(record.candidates.final_array()[place]), abs=1e-6)
        p = found.raw
        for step in found.stages:
            assert step.p_before == pytest.approx(p, abs=1e-6)
            if step.share < 1 and not step.removed:
                assert step.p_after == pytest.approx(step.p_before / step.share, rel=1e-5)
            if step.divisor is not None:
                assert step.logit_after == pytest.approx(step.logit_before / step.divisor, rel=1e-5)
            p = step.p_after
        removed = [step.name for step in found.stages if step.removed]
        assert len(removed) == (found.final == 0) and (not removed or found.stages[-1].removed)


def test_temperature_is_known_by_what_it_does_and_penalties_are_not():
    logits = np.array([3.0, 2.0, 1.0, -1.0], dtype=np.float32)
    record = pick(Chain(CHAIN), logits, (0,), 1, 1, lambda id: Token(id, b""))
    found = working(explain(Subject(record, (0,), 1, True, logits), CHAIN, False), 0)
    by_name = {step.name: step for step in found.stages}
    assert by_name["temperature"].divisor == pytest.approx(0.8)
    assert by_name["penalties"].divisor is None and by_name["penalties"].logit_after == pytest.approx(2.5)


def test_a_token_that_is_not_known_has_no_working():
    logits = np.linspace(2, 0, 50, dtype=np.float32)
    record = pick(Chain(CHAIN), logits, (), 0, 1, lambda id: Token(id, b""), 4)
    explained = explain(Subject(record, (), 1), CHAIN, False)
    assert working(explained, 40) is None and working(explained, 1) is not None
