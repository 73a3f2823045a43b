"""A preview from the stored candidates against one from every logit: what it calls exact is so, and it dares to where it can."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.records import SamplingSettings, StageSettings, Token
from engine.sampling.candidates import Candidates
from engine.sampling.chain import Chain
from engine.sampling.preview import preview, stored_candidates
from engine.sampling.record import pick
from engine.sampling.registry import default_settings, neutral_settings, stage
from engine.sampling.unlisted import Unlisted


def token(id):
    return Token(id, b"%d " % id)


def chain(*stages):
    made = SamplingSettings(tuple(StageSettings(name, True, values) for name, values in stages))
    return Chain(made, lambda id: token(id).bytes)


VALUES = {
    "penalties": st.fixed_dictionaries(
        {
            "repeat": st.sampled_from([1.0, 1.1, 2.0, 5.0]),
            "frequency": st.sampled_from([0.0, 0.2, 2.0, 10.0, -0.5]),
            "presence": st.sampled_from([0.0, 0.3, 3.0, -1.0]),
            "last_n": st.sampled_from([-1.0, 3.0, 64.0]),
        }
    ),
    "dry": st.fixed_dictionaries({"multiplier": st.sampled_from([0.5, 4.0]), "allowed": st.sampled_from([1.0, 2.0])}),
    "logit_bias": st.dictionaries(st.integers(0, 60).map(str), st.floats(-20, 20), max_size=3),
    "top_k": st.fixed_dictionaries({"k": st.integers(0, 80).map(float)}),
    "top_p": st.fixed_dictionaries({"p": st.floats(0.05, 1)}),
    "min_p": st.fixed_dictionaries({"p": st.floats(0, 0.4)}),
    "temperature": st.fixed_dictionaries({"temperature": st.sampled_from([0.0, 0.2, 0.7, 1.0, 1.3, 3.0])}),
    "xtc": st.fixed_dictionaries({"probability": st.just(1.0), "threshold": st.floats(0.01, 0.5)}),
    "top_n_sigma": st.fixed_dictionaries({"n": st.floats(0.2, 4)}),
    "typical": st.fixed_dictionaries({"p": st.floats(0.2, 1)}),
    "dynamic_temperature": st.fixed_dictionaries({"range": st.floats(0, 0.7)}),
    "mirostat_1": st.just({}),
    "mirostat_2": st.fixed_dictionaries({"tau": st.floats(1, 8)}),
    "adaptive_p": st.fixed_dictionaries({"target": st.floats(0, 1)}),
}
CHAINS = st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=5, unique=True).flatmap(
    lambda names: st.tuples(*(VALUES[name].map(lambda values, name=name: (name, values)) for name in names))
)


def agree(record, other, history, seed, logits):
    """Whether the preview from what is stored says exact; if so it must be what all logits say."""
    full, stored = preview(record, other, history, seed, logits), preview(record, other, history, seed)
    assert full.exact
    if stored.exact:
        assert stored.id == full.id
        assert stored.final_probability == pytest.approx(full.final_probability, abs=1e-5)
        np.testing.assert_allclose(stored.final, full.final, atol=1e-5)
        assert stored.removed_by.tolist() == full.removed_by.tolist()
        assert [trace.kept for trace in stored.stages] == [trace.kept for trace in full.stages]
    return stored.exact


@settings(max_examples=200)
@given(
    st.integers(2, 400),
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.1, 1.0, 4.0]),
    st.sampled_from([0, 1, 2]),
    CHAINS,
    st.lists(st.integers(0, 60), max_size=40),
    st.sampled_from([0, 4, 16, 64]),
)
def test_what_a_preview_calls_exact_is_so(size, seed, spread, digits, stages, history, candidates):
    random = np.random.default_rng(seed)
    logits = random.normal(0, spread, size).astype(np.float32)
    if digits:  # ties
        logits = np.round(logits, digits).astype(np.float32)
    history = [id for id in history if id < size]
    record = pick(Chain(neutral_settings()), logits, history, 3, seed, token, candidates=candidates)
    agree(record, chain(*stages), history, seed, logits)


def peaked(size=8192, seed=1):
    """Logits as a model gives them: a few likely tokens and a long tail."""
    logits = np.random.default_rng(seed).normal(0, 2, size).astype(np.float32)
    logits[np.argsort(-logits)[:20]] += np.linspace(6, 1, 20, dtype=np.float32)
    return logits


PENALTIES = ("penalties", {"repeat": 1.1, "frequency": 0.2, "presence": 0.1, "last_n": 64.0})
USUAL = (("top_k", {"k": 40.0}), ("top_p", {"p": 0.95}), ("min_p", {"p": 0.05}), ("temperature", {"temperature": 0.8}))


@pytest.mark.parametrize(
    "stages",
    [
        (PENALTIES, *USUAL),
        (("dry", {"multiplier": 0.8, "allowed": 1.0}), *USUAL),
        (PENALTIES, ("min_p", {"p": 0.05})),
        (PENALTIES, ("top_p", {"p": 0.6})),
        (("temperature", {"temperature": 0.8}), *USUAL[:3]),
        (("temperature", {"temperature": 1.5}), ("top_k", {"k": 20.0})),
        (("logit_bias", {"5": -3.0}), ("min_p", {"p": 0.05})),
        (("xtc", {"probability": 1.0, "threshold": 0.1}), ("top_k", {"k": 20.0})),
        (("mirostat_2", {"tau": 3.0}),),
    ],
)
def test_penalised_tokens_that_are_not_listed_leave_a_preview_exact_where_they_cannot_matter(stages):
    exact = 0
    for seed in range(10):
        logits = peaked(seed=seed)
        record = pick(Chain(default_settings()), logits, [], 3, seed, token)
        unlikely = np.argsort(logits)[:40].tolist()  # none of them is listed
        exact += agree(record, chain(*stages), unlikely * 2, seed, logits)
    assert exact >= 9


def test_without_a_cut_the_draw_is_exact_where_the_dart_hits_what_is_listed():
    found = []
    for seed in range(40):
        logits = np.random.default_rng(seed % 3).normal(0, 2.5, 1000).astype(np.float32)
        record = pick(Chain(default_settings()), logits, [], seed, seed, token)
        found.append(agree(record, Chain(neutral_settings()), [], seed, logits))
    assert 20 < sum(found) < 40, "the others hit the tail"


def test_a_listed_token_that_falls_below_the_others_is_not_taken_for_one_of_the_largest():
    logits = np.arange(100, 0, -1).astype(np.float32) / 100
    record = pick(Chain(default_settings()), logits, [], 0, 1, token, candidates=16)
    fallen = ("penalties", {"presence": 9.0, "last_n": -1.0})
    keeps = lambda k: preview(record, chain(fallen, ("top_k", {"k": k})), list(range(8)), 1).exact  # noqa: E731
    assert keeps(7.0) and not keeps(9.0), "the ninth is one of those that are not listed"


def bounds_hold(changed_logits, unlisted):
    weights = np.exp(np.array(changed_logits, dtype=np.float64))
    total = np.log(weights.sum()) if weights.any() else -np.inf
    assert unlisted.low <= total + 1e-6 and total <= unlisted.high + 1e-6
    assert max(changed_logits) <= unlisted.ceiling


LOGITS = st.lists(st.floats(-20, 5, width=32), min_size=1, max_size=30)


def known(logits):
    total = float(np.log(np.exp(np.array(logits, dtype=np.float64)).sum()))
    return Unlisted(len(logits), max(logits), total, total)


@given(LOGITS, st.floats(0.25, 10, width=32))
def test_bounds_hold_after_a_temperature(logits, scale):
    bounds_hold((np.array(logits, dtype=np.float32) * np.float32(scale)).tolist(), known(logits).scaled(scale))


@given(LOGITS, st.integers(0, 30), st.floats(0, 10), st.floats(0, 10), st.integers(0, 2**32 - 1))
def test_bounds_hold_after_some_were_changed(logits, count, fall, rise, seed):
    moved, random = list(logits), np.random.default_rng(seed)
    for place in random.permutation(len(logits))[:count]:
        moved[place] += random.choice([-fall, rise, random.uniform(-fall, rise)])
    bounds_hold(moved, known(logits).moved(count, fall, rise))


@given(st.integers(3, 300), st.integers(0, 2**32 - 1), st.integers(0, 20))
def test_the_bounds_of_a_record_hold(size, seed, candidates):
    assume(size > candidates + 1)
    logits = np.random.default_rng(seed).normal(0, 3, size).astype(np.float32)
    record = pick(Chain(neutral_settings()), logits, [], 0, seed, token, candidates=candidates)
    stored = stored_candidates(record)
    rest = np.delete(logits, stored.ids)
    assert isinstance(stored, Candidates) and stored.unlisted is not None and len(rest) == stored.unlisted.count
    bounds_hold(rest.tolist(), stored.unlisted)


def test_every_stage_with_numbers_is_tried_here():
    assert {name for name in VALUES if stage(name)} == {
        item.name for item in default_settings().stages if item.name not in ("grammar", "json_schema")
    }
