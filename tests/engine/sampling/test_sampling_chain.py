"""The chain, the dart and the record: hand-worked examples, definitions, and a slow reference."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import UserError
from engine.records import KEPT, SamplingSettings, StageSettings, Token
from engine.sampling.chain import Chain
from engine.sampling.dart import dart
from engine.sampling.preview import preview
from engine.sampling.record import observe, pick
from engine.sampling.registry import default_settings, greedy_settings, neutral_settings, with_values


def token(id):
    return Token(id, f"<{id}>".encode())


def chain(*stages):
    return Chain(SamplingSettings(tuple(StageSettings(name, True, values) for name, values in stages)))


def slow_reference(logits, seed, position):
    """Softmax in float64, order raw logit descending then id, first cumulative sum above the dart."""
    logits = np.asarray(logits, dtype=np.float64)
    p = np.exp(logits - logits.max())
    p /= p.sum()
    order = sorted(range(len(logits)), key=lambda id: (-logits[id], id))
    sums = np.cumsum([p[id] for id in order])
    return order[min(int(np.searchsorted(sums, dart(seed, position), side="right")), len(order) - 1)]


def test_the_dart_never_changes():
    # Golden values: an old reply must be replayable by any later release.
    assert [dart(1, 0), dart(1, 1), dart(2, 0), dart(1, 0, 0)] == pytest.approx(GOLDEN, abs=0)


GOLDEN = [0.07116932931307707, 0.5128842175220968, 0.028583472522902276, 0.3035680343067586]


def test_darts_are_uniform_and_differ():
    numbers = np.array([dart(7, position) for position in range(4000)])
    assert numbers.min() >= 0 and numbers.max() < 1
    counts = np.histogram(numbers, bins=10, range=(0, 1))[0]
    assert counts.min() > 320 and counts.max() < 480
    assert len(set(numbers)) == 4000


@settings(max_examples=200)
@given(st.lists(st.floats(-12, 12, width=32), min_size=1, max_size=500), st.integers(0, 2**63), st.integers(0, 999))
def test_the_neutral_chain_draws_from_the_model_itself(logits, seed, position):
    record = pick(Chain(neutral_settings()), np.array(logits, dtype=np.float32), [], position, seed, token)
    expected = slow_reference(np.array(logits, dtype=np.float32), seed, position)
    if record.token.id != expected:  # only where the dart falls on a border, within rounding
        assert abs(logits[record.token.id] - logits[expected]) < 1e-3 or record.final_probability < 1e-5
    p = np.exp(record.logprob)
    assert record.final_probability == pytest.approx(p, abs=1e-5)


def test_the_worked_example_from_logits_to_draw():
    logits = np.log(np.array([0.40, 0.30, 0.15, 0.10, 0.05], dtype=np.float32))
    record = pick(chain(("top_p", {"p": 0.8499}), ("temperature", {"temperature": 1.0})), logits, [], 0, 3, token)
    kept = record.candidates.removed_by_array() == KEPT
    assert kept.tolist() == [True, True, True, False, False]
    np.testing.assert_allclose(record.candidates.final_array()[:3], np.array([0.40, 0.30, 0.15]) / 0.85, atol=1e-6)
    assert record.stages[0].kept == 3
    assert record.stages[0].mass == pytest.approx(0.85, abs=1e-6)
    assert record.stages[0].divergence_bits == pytest.approx(-math.log2(0.85), abs=1e-5)
    assert len(record.stages) == 1  # a neutral stage leaves no trace


def test_a_record_tells_rank_entropy_and_tail_over_the_whole_vocabulary():
    random = np.random.default_rng(5)
    logits = random.normal(0, 3, 5000).astype(np.float32)
    record = observe(logits, int(np.argsort(-logits)[700]), 0, token)
    p = np.exp(logits.astype(np.float64) - logits.max())
    p /= p.sum()
    assert record.rank == 701
    assert record.entropy_bits == pytest.approx(float(-(p * np.log2(p)).sum()), abs=1e-4)
    assert record.logprob == pytest.approx(float(np.log(p[record.token.id])), abs=1e-5)
    top = np.sort(p)[::-1][:64]
    assert record.tail_mass == pytest.approx(1 - top.sum(), abs=1e-5)
    assert record.tail_square_mass == pytest.approx(float((p**2).sum() - (top**2).sum()), abs=1e-6)
    assert record.dart is None and record.stages == ()
    stored = record.candidates
    np.testing.assert_allclose(np.exp(stored.logit_array() - record.log_sum_exp), top, atol=1e-6)


def test_each_removed_candidate_names_its_stage():
    logits = np.array([5.0, 4.0, 3.0, 2.0, 1.0, -9.0], dtype=np.float32)
    record = pick(
        chain(("top_k", {"k": 4}), ("min_p", {"p": 0.2}), ("temperature", {"temperature": 0.5})),
        logits,
        [],
        0,
        1,
        token,
    )
    assert record.candidates.removed_by_array().tolist() == [KEPT, KEPT, 1, 1, 0, 0]
    assert [stage.name for stage in record.stages] == ["top_k", "min_p", "temperature"]
    assert [stage.kept for stage in record.stages] == [4, 2, 2]
    assert record.stages[2].divergence_bits > 0
    assert record.candidates.final_array().sum() == pytest.approx(1, abs=1e-6)


def test_order_matters():
    logits = np.array([3.0, 2.0, 1.0, 0.0], dtype=np.float32)
    first = pick(chain(("temperature", {"temperature": 5.0}), ("top_p", {"p": 0.6})), logits, [], 0, 1, token)
    last = pick(chain(("top_p", {"p": 0.6}), ("temperature", {"temperature": 5.0})), logits, [], 0, 1, token)
    assert first.stages[1].kept > last.stages[0].kept


def test_penalties_count_the_prompt():
    logits = np.array([1.0, 0.9], dtype=np.float32)
    penalised = with_values(greedy_settings(), {("penalties", "repeat"): 2.0})
    stages = tuple(sorted(penalised.stages, key=lambda stage: stage.name != "penalties"))
    greedy = Chain(SamplingSettings(stages))
    assert pick(greedy, logits, [], 0, 1, token).token.id == 0
    assert pick(greedy, logits, [0], 0, 1, token).token.id == 1


def test_greedy_takes_the_lowest_id_among_equals():
    logits = np.array([0.0, 2.0, 2.0], dtype=np.float32)
    record = pick(Chain(greedy_settings()), logits, [], 0, 9, token)
    assert (record.token.id, record.final_probability) == (1, 1.0)


def test_an_unknown_sampler_is_refused():
    with pytest.raises(UserError) as caught:
        chain(("no_such", {}))
    assert caught.value.code == "unknown-sampler"


@settings(max_examples=150)
@given(
    st.lists(st.floats(-10, 10, width=32), min_size=2, max_size=400),
    st.integers(0, 2**40),
    st.sampled_from([0.3, 0.8, 1.0, 1.7]),
    st.integers(0, 100),
    st.floats(0.3, 1.0),
    st.floats(0.0, 0.3),
)
def test_a_preview_from_stored_candidates_is_right_whenever_it_says_exact(logits, seed, temperature, k, p, min_p):
    logits = np.array(logits, dtype=np.float32)
    record = pick(Chain(default_settings()), logits, [], 3, seed, token, candidates=16)
    other = chain(
        ("top_k", {"k": k}), ("top_p", {"p": p}), ("min_p", {"p": min_p}), ("temperature", {"temperature": temperature})
    )
    full = preview(record, other, [], seed, logits)
    stored = preview(record, other, [], seed)
    assert full.exact
    if stored.exact:
        assert stored.id == full.id
        np.testing.assert_allclose(stored.final, full.final, atol=1e-4)
        assert stored.removed_by.tolist() == full.removed_by.tolist()


def test_the_same_settings_replay_the_same_token():
    random = np.random.default_rng(2)
    for position in range(50):
        logits = random.normal(0, 3, 300).astype(np.float32)
        record = pick(Chain(default_settings()), logits, [1, 2, 3], position, 42, token)
        again = preview(record, Chain(default_settings()), [1, 2, 3], 42)
        assert again.exact and again.id == record.token.id
        assert again.final_probability == pytest.approx(record.final_probability, abs=1e-5)


def test_impossible_tokens_are_never_drawn():
    logits = np.array([-np.inf, 0.0, -np.inf, 1.0], dtype=np.float32)
    for position in range(40):
        record = pick(Chain(neutral_settings()), logits, [], position, 1, token)
        assert record.token.id in (1, 3)
        assert math.isfinite(record.entropy_bits)
