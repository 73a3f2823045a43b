"""Every stage against llama.cpp's own sampler: the same survivors up to ties, the same probabilities to 1e-5."""

import math

import llama_cpp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.sampling.candidates import Candidates
from engine.sampling.registry import STAGES, stage
from engine.sampling.specification import StageContext
from tests.helpers.llama_samplers import apply_stage


def ours(name, logits, values, history=()):
    candidates = Candidates(np.arange(len(logits), dtype=np.int32), np.array(logits, dtype=np.float32))
    result = stage(name).apply(candidates, stage(name).values(values), StageContext(list(history), 0, lambda: 0.0))
    return result.candidates


def theirs(name, logits, values, history=()):
    v = stage(name).values(values)
    if name == "top_k":
        sampler = llama_cpp.llama_sampler_init_top_k(int(v["k"]))
    elif name == "top_p":
        sampler = llama_cpp.llama_sampler_init_top_p(v["p"], 1)
    elif name == "min_p":
        sampler = llama_cpp.llama_sampler_init_min_p(v["p"], 1)
    elif name == "temperature":
        sampler = llama_cpp.llama_sampler_init_temp(v["temperature"])
    elif name == "penalties":
        last_n = len(history) if v["last_n"] < 0 else int(v["last_n"])
        sampler = llama_cpp.llama_sampler_init_penalties(
            len(logits), last_n, v["repeat"], v["frequency"], v["presence"]
        )
        for id in history:
            llama_cpp.llama_sampler_accept(sampler, int(id))
    return apply_stage(sampler, logits)


def softmax(logits):
    weights = np.exp(np.asarray(logits, dtype=np.float64) - np.max(logits))
    return weights / weights.sum()


def assert_same(mine, their_ids, their_logits):
    mine_by_id = dict(zip(mine.ids.tolist(), mine.logits.tolist(), strict=True))
    theirs_by_id = dict(zip(their_ids, their_logits.tolist(), strict=True))
    if set(mine_by_id) != set(theirs_by_id):
        # Only ties, or what stands within rounding of the threshold, may differ.
        border = min(list(mine_by_id.values()) + list(theirs_by_id.values()))
        for id in set(mine_by_id) ^ set(theirs_by_id):
            logit = mine_by_id.get(id, theirs_by_id.get(id))
            assert math.isclose(logit, border, rel_tol=2e-6, abs_tol=2e-6), (id, logit, border)
        if len(mine_by_id) != len(theirs_by_id):
            return
    p_mine = np.sort(mine.probabilities(mine.logits))
    p_theirs = np.sort(softmax(their_logits))
    np.testing.assert_allclose(p_mine, p_theirs, atol=1e-5)


def assert_same_nucleus(logits, p, mine, their_ids):
    """top-p: llama.cpp adds up in float32, so with many tokens its sum reaches p a little sooner or later than the true sum."""
    probabilities = softmax(logits)
    rounding = 1e-6 + len(their_ids) * 2.0**-24
    assert (
        abs(probabilities[mine.ids].sum() - probabilities[their_ids].sum()) <= rounding + probabilities[mine.ids].min()
    )
    assert probabilities[their_ids].sum() >= p - rounding
    assert probabilities[mine.ids].sum() >= p - 1e-6
    assert probabilities[mine.ids].sum() - probabilities[mine.ids].min() <= p + 1e-6  # one token fewer would not do
    if len(mine.ids) == len(their_ids):
        np.testing.assert_allclose(np.sort(logits[mine.ids]), np.sort(logits[their_ids]))


finite = st.floats(-30, 30, width=32)
logit_lists = st.one_of(
    st.lists(finite, min_size=1, max_size=60),
    st.lists(st.sampled_from([0.0, 1.0, 2.5, -3.0]), min_size=1, max_size=300),  # ties
    st.lists(st.one_of(finite, st.just(-math.inf)), min_size=1, max_size=40).filter(lambda x: max(x) > -math.inf),
)
parameter_values = {
    "top_k": st.fixed_dictionaries({"k": st.integers(1, 70)}),
    "top_p": st.fixed_dictionaries({"p": st.floats(0.0, 0.9999)}),
    "min_p": st.fixed_dictionaries({"p": st.floats(0.0009765625, 1.0, width=32)}),
    "temperature": st.fixed_dictionaries({"temperature": st.floats(0.0625, 5.0, width=32)}),
    "penalties": st.fixed_dictionaries(
        {
            "repeat": st.floats(1.0, 2.0, width=32),
            "frequency": st.floats(-2.0, 2.0, width=32),
            "presence": st.floats(-2.0, 2.0, width=32),
            "last_n": st.integers(-1, 20),
        }
    ),
}


def test_every_registered_stage_is_compared():
    assert {spec.name for spec in STAGES} == set(parameter_values)


@pytest.mark.parametrize("name", sorted(parameter_values))
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_stage_agrees_with_llama_cpp(name, data):
    logits = data.draw(logit_lists)
    values = data.draw(parameter_values[name])
    history = data.draw(st.lists(st.integers(0, len(logits) - 1), max_size=30)) if name == "penalties" else []
    mine = ours(name, logits, values, history)
    if name == "top_p":
        assert_same_nucleus(np.array(logits, dtype=np.float32), values["p"], mine, theirs(name, logits, values)[0])
        return
    alive = mine.logits > -np.inf
    assert_same(Candidates(mine.ids[alive], mine.logits[alive]), *theirs(name, logits, values, history))


@pytest.mark.parametrize("size", [1_000, 32_000, 152_000])
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("top_k", {"k": 40}),
        ("top_p", {"p": 0.95}),
        ("top_p", {"p": 0.9999}),
        ("min_p", {"p": 0.01}),
        ("temperature", {"temperature": 0.7}),
        ("penalties", {"repeat": 1.3, "frequency": 0.2, "presence": -0.4, "last_n": 64}),
    ],
)
def test_stage_agrees_on_large_vocabularies(name, values, size):
    random = np.random.default_rng(size)
    logits = random.normal(0, 2.5, size).astype(np.float32)
    history = random.integers(0, size, 200).tolist()
    mine = ours(name, logits, values, history)
    their_ids, their_logits = theirs(name, logits, values, history)
    if name == "top_p":
        assert_same_nucleus(logits, values["p"], mine, their_ids)
    else:
        assert_same(mine, their_ids, their_logits)


def test_temperature_zero_keeps_the_maximum():
    kept = ours("temperature", [1.0, 3.0, 3.0, -1.0], {"temperature": 0.0})
    assert kept.ids.tolist() == [1]  # ties break by id


def test_top_p_worked_example():
    kept = ours("top_p", np.log([0.40, 0.30, 0.15, 0.10, 0.05]), {"p": 0.85 - 1e-7})
    assert kept.ids.tolist() == [0, 1, 2]
