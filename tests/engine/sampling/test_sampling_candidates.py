"""Candidates against plain numpy in float64: what is kept, found and changed, whichever quick way was taken."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.sampling.candidates import Candidates, whole_vocabulary
from engine.sampling.chain import Draw, Step, tell


def whole(logits):
    logits = np.asarray(logits, dtype=np.float32)
    return Candidates(whole_vocabulary(len(logits)), logits)


def softmax(logits):
    logits = np.asarray(logits, dtype=np.float64)
    weights = np.exp(logits - logits.max())
    return weights / weights.sum()


def told(before, after, asked):
    """What tell() says about one step."""
    draw = Draw(0, 0.0, 1.0, [Step("", before), Step("x", after)], {})
    return tell(draw, np.asarray(asked, dtype=np.int32))


sizes = st.sampled_from([2, 50, 1500, 5000])


@settings(max_examples=150)
@given(sizes, st.integers(0, 999), st.floats(-100, 100), st.integers(1, 40), st.booleans())
def test_a_change_at_some_places_is_the_same_as_computing_anew(size, seed, by, count, sort_first):
    random = np.random.default_rng(seed)
    before = whole(random.normal(0, 3, size))
    if sort_first:
        before.head(1)
    places = np.unique(random.integers(0, size, min(count, size)))
    if seed % 2:
        places = np.unique(np.append(places, before.logits.argmax()))  # the one that weighs most
    after = before.changed(places, before.logits[places] + np.float32(by))
    expected = softmax(after.logits)
    assert after.log_sum_exp == pytest.approx(float(np.log(np.exp(after.logits.astype(np.float64)).sum())), abs=2e-5)
    np.testing.assert_allclose(after.probabilities(after.logits), expected, atol=1e-5)
    p, q = expected, softmax(before.logits)
    divergence = float((p[p > 0] * np.log2(p[p > 0] / q[p > 0])).sum())
    assert told(before, after, []).stages[0].divergence_bits == pytest.approx(divergence, rel=1e-3, abs=1e-4)


@settings(max_examples=150)
@given(sizes, st.integers(0, 999), st.floats(-3, 3), st.booleans())
def test_what_is_at_least_a_threshold_stays(size, seed, sigmas, sort_first):
    logits = np.random.default_rng(seed).normal(0, 2, size).round(1).astype(np.float32)
    before = whole(logits)
    if sort_first:
        before.head(1)
    threshold = float(np.float32(2 * sigmas))
    after = before.keep_at_least(threshold)
    expected = np.flatnonzero(logits >= np.float32(threshold))
    if len(expected) == 0:
        expected = [int(logits.argmax())]
    assert sorted(after.ids.tolist()) == list(expected)
    ids, head_logits = after.head(10)
    order = sorted(expected, key=lambda id: (-logits[id], id))
    assert ids[:10].tolist() == order[:10] and (np.diff(head_logits) <= 0).all()
    assert after.share == pytest.approx(float(softmax(logits)[expected].sum()), abs=1e-5)
    asked = list(dict.fromkeys([*order[:3], int(logits.argmin())]))
    removed = told(before, after, asked).removed_by
    assert [number == 255 for number in removed] == [id in set(order) for id in asked]


@settings(max_examples=150)
@given(sizes, st.integers(0, 999), st.booleans(), st.lists(st.integers(-5, 6000), max_size=20))
def test_tokens_are_found_where_they_stand(size, seed, sort_first, wanted):
    random = np.random.default_rng(seed)
    before = whole(random.normal(0, 2, size))
    if sort_first:
        before.head(size)
    kept = before.keep_places(np.flatnonzero(random.random(size) < 0.5)) if seed % 3 else before.keep(size // 2 + 1)
    if len(kept) == 0:
        return
    ids = np.unique(np.array(wanted, dtype=np.int32))
    places, listed = kept.find(ids)
    assert kept.ids[places].tolist() == ids[listed].tolist()
    assert set(ids[listed].tolist()) == set(ids.tolist()) & set(kept.ids.tolist())
    assert kept.logits_at(kept.ids[places]).tolist() == before.logits[ids[listed]].tolist()


def test_entropy_by_hand_and_with_impossible_tokens():
    assert whole(np.log([0.5, 0.25, 0.125, 0.125])).entropy == pytest.approx(1.75 * np.log(2), abs=1e-6)
    assert whole([0.0, 0.0, -np.inf]).entropy == pytest.approx(np.log(2), abs=1e-9)
    assert whole([3.0]).entropy == pytest.approx(0.0, abs=1e-9)
