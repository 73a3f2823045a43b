"""Every stage against llama.cpp's own sampler: the same survivors up to ties, the same probabilities to 1e-5."""

import math

import llama_cpp
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.sampling import specification
from engine.sampling.candidates import Candidates, whole_vocabulary
from engine.sampling.registry import STAGES, stage
from engine.sampling.specification import StageContext
from tests.helpers.llama_samplers import apply_sampler, apply_stage, c_sampler, c_vocabulary
from tests.helpers.small_models import small_llama_gguf

LN2 = math.log(2)
WITH_ENGINE = {"grammar", "json_schema"}  # those are llama.cpp's own: compared by what they allow, elsewhere


def ours(name, logits, values, history=(), state=(), texts=None, piece=lambda id: None):
    candidates = Candidates(whole_vocabulary(len(logits)), np.array(logits, dtype=np.float32))
    spec = stage(name)
    values = spec.values(values)
    texts = spec.text_values(texts or {})
    context = StageContext(list(history), 0, 0, 0, len(logits), state, texts, piece)
    return spec.apply(candidates, values, context).candidates


def theirs(name, logits, values, history=()):
    return apply_stage(c_sampler(name, values, len(logits), history), logits)


def softmax(logits):
    weights = np.exp(np.asarray(logits, dtype=np.float64) - np.max(logits))
    return weights / weights.sum()


def assert_same(mine, their_ids, their_logits, near=lambda id: False):
    """The same tokens but for those that are ``near`` the threshold, and the same probabilities where the tokens are the same.

    A token whose probability is too small for a float64 is as good as gone, on both sides.
    """
    my_p = {id: p for id, p in zip(mine.ids.tolist(), softmax(mine.logits), strict=True) if p > 0}
    their_p = {id: p for id, p in zip(their_ids, softmax(their_logits), strict=True) if p > 0}
    different = my_p.keys() ^ their_p.keys()
    assert all(near(id) for id in different), different
    if len(my_p) == len(their_p):
        np.testing.assert_allclose(sorted(my_p.values()), sorted(their_p.values()), atol=1e-5)
    if not different:
        np.testing.assert_allclose(list(my_p.values()), [their_p[id] for id in my_p], atol=1e-5)


def near_border(name, logits, values, mine, their_ids):
    """Whether a token is tied with others at the border of a truncation, or as near to the threshold as numbers are exact."""
    logits = np.asarray(logits, dtype=np.float32)
    union = np.union1d(mine.ids, np.array(their_ids, dtype=np.int32))
    if name == "typical":
        p = softmax(logits)
        with np.errstate(divide="ignore"):
            surprisal = -np.log(p)
        entropy = float((p[p > 0] * surprisal[p > 0]).sum())
        distance = np.abs(surprisal - entropy)
        order = np.argsort(distance, kind="stable")
        mass = np.empty_like(p)
        mass[order] = p[order].cumsum()
        # llama.cpp adds up probabilities and entropy in one float32 each.
        rounding, tie = 2e-6 + 5e-9 * len(logits), 1e-5 + 2e-7 * len(logits)
        return lambda id: abs(mass[id] - values["p"]) <= rounding + p[id] or distance[union].max() - distance[id] <= tie
    if name == "xtc":
        p = softmax(logits)
        return lambda id: abs(p[id] - values["threshold"]) <= 1e-6 or (p == p[id]).sum() > 1
    border, spread = logits[union].min(), float(logits[logits > -np.inf].std())
    # llama.cpp adds up the deviation of n logits in one float32.
    rounding = 2e-6 + (1e-9 * len(logits) * values["n"] * spread if name == "top_n_sigma" else 0)
    return lambda id: math.isclose(logits[id], border, rel_tol=2e-6, abs_tol=rounding)


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
tied = st.lists(st.sampled_from([0.0, 1.0, 2.5, -3.0]), min_size=1, max_size=300)
some_impossible = st.lists(st.one_of(finite, st.just(-math.inf)), min_size=1, max_size=40).filter(
    lambda x: max(x) > -math.inf
)
logit_lists = st.one_of(st.lists(finite, min_size=1, max_size=60), tied, some_impossible)
possible_lists = st.one_of(st.lists(finite, min_size=1, max_size=60), tied)
penalty = st.floats(-2.0, 2.0, width=32)
parameter_values = {
    "logit_bias": st.dictionaries(st.integers(0, 320).map(str), st.floats(-100, 100, width=32), max_size=8),
    "penalties": st.fixed_dictionaries(
        {
            "repeat": st.floats(1.0, 2.0, width=32),
            "frequency": penalty,
            "presence": penalty,
            "last_n": st.integers(-1, 20),
        }
    ),
    "top_n_sigma": st.fixed_dictionaries({"n": st.floats(0.0625, 5.0, width=32)}),
    "top_k": st.fixed_dictionaries({"k": st.integers(1, 70)}),
    "typical": st.fixed_dictionaries({"p": st.floats(0.0, 0.9990234375, width=32)}),
    "top_p": st.fixed_dictionaries({"p": st.floats(0.0, 0.9999)}),
    "min_p": st.fixed_dictionaries({"p": st.floats(0.0009765625, 1.0, width=32)}),
    "xtc": st.fixed_dictionaries({"probability": st.just(1.0), "threshold": st.floats(0.0009765625, 0.5, width=32)}),
    "temperature": st.fixed_dictionaries({"temperature": st.floats(0.0625, 5.0, width=32)}),
    "dynamic_temperature": st.fixed_dictionaries(
        {
            "temperature": st.floats(0.25, 2.0, width=32),
            "range": st.floats(0.0625, 3.0, width=32),
            "exponent": st.floats(0.0625, 4.0, width=32),
        }
    ),
}
LEARNING = {
    "mirostat_1": st.fixed_dictionaries({"tau": st.floats(0.5, 8.0, width=32), "eta": st.floats(0, 1, width=32)}),
    "mirostat_2": st.fixed_dictionaries({"tau": st.floats(0.5, 8.0, width=32), "eta": st.floats(0, 1, width=32)}),
    "adaptive_p": st.fixed_dictionaries({"target": st.floats(0, 1, width=32), "decay": st.floats(0, 0.75, width=32)}),
}
WITH_VOCABULARY = {"dry"}


def test_every_registered_stage_is_compared():
    assert {spec.name for spec in STAGES} - WITH_ENGINE == {*parameter_values, *LEARNING, *WITH_VOCABULARY}


@pytest.mark.parametrize("name", sorted(parameter_values))
@settings(max_examples=150)
@given(data=st.data())
def test_stage_agrees_with_llama_cpp(name, data):
    # llama.cpp's typical takes the logarithm of 0 and its dynamic temperature counts the impossible: no order, other numbers.
    logits = data.draw(possible_lists if name == "typical" else logit_lists)
    values = data.draw(parameter_values[name])
    history = data.draw(st.lists(st.integers(0, len(logits) - 1), max_size=30)) if name == "penalties" else []
    mine = ours(name, logits, values, history)
    their_ids, their_logits = theirs(name, logits, values, history)
    # Near temperature 0 llama.cpp's dynamic one divides into the infinite.
    assume(name != "dynamic_temperature" or math.isfinite(max(their_logits)))
    if name == "top_p":
        assert_same_nucleus(np.array(logits, dtype=np.float32), values["p"], mine, their_ids)
    else:
        assert_same(mine, their_ids, their_logits, near_border(name, logits, values, mine, their_ids))


@pytest.mark.parametrize("name", sorted(parameter_values))
@settings(max_examples=6)
@given(data=st.data(), size=st.sampled_from([1, 2, 700, 5_000, 32_000, 152_000]), seed=st.integers(0, 999))
def test_stage_agrees_over_whole_vocabularies_with_ties_and_impossible_tokens(name, data, size, seed):
    random = np.random.default_rng(seed)
    logits = random.normal(0, data.draw(st.sampled_from([0.5, 2.5, 6.0])), size).astype(np.float32)
    if data.draw(st.booleans()):
        logits = logits.round(1)
    if name not in ("typical", "dynamic_temperature") and data.draw(st.booleans()):
        logits[random.random(size) < 0.3] = -np.inf
        logits[0] = 1.0
    values = data.draw(parameter_values[name])
    history = random.integers(0, size, 30).tolist() if name == "penalties" else []
    mine = ours(name, logits, values, history)
    their_ids, their_logits = theirs(name, logits, values, history)
    # Near temperature 0 llama.cpp's dynamic one divides into the infinite.
    assume(name != "dynamic_temperature" or math.isfinite(max(their_logits)))
    if name == "top_p":
        assert_same_nucleus(logits, values["p"], mine, their_ids)
    elif name == "dynamic_temperature" and len(their_ids) == size:
        # llama.cpp adds up the entropy in one float32; its error grows with their number.
        largest = int(np.abs(logits).argmax())
        my_logits = mine.logits_at(np.arange(size, dtype=np.int32))
        my_temperature = logits[largest] / my_logits[largest]
        their_temperature = logits[largest] / dict(zip(their_ids, their_logits, strict=True))[largest]
        assert my_temperature == pytest.approx(their_temperature, rel=1e-4 + 2e-8 * size)
        np.testing.assert_allclose(my_logits, logits / my_temperature, rtol=1e-5)
    else:
        assert_same(mine, their_ids, their_logits, near_border(name, logits, values, mine, their_ids))


@pytest.mark.parametrize("size", [1_000, 32_000, 152_000])
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("logit_bias", {"3": -4.0, "999": 7.5, "200000": 1.0}),
        ("top_n_sigma", {"n": 1.5}),
        ("top_k", {"k": 40}),
        ("typical", {"p": 0.2}),
        ("typical", {"p": 0.9}),
        ("top_p", {"p": 0.95}),
        ("top_p", {"p": 0.9999}),
        ("min_p", {"p": 0.01}),
        ("xtc", {"probability": 1.0, "threshold": 0.002}),
        ("temperature", {"temperature": 0.7}),
        ("dynamic_temperature", {"temperature": 0.9, "range": 0.5, "exponent": 1.5}),
        ("penalties", {"repeat": 1.3, "frequency": 0.2, "presence": -0.4, "last_n": 64}),
    ],
)
def test_stage_agrees_on_large_vocabularies(name, values, size):
    random = np.random.default_rng(size)
    logits = random.normal(0, 2.5, size).astype(np.float32)
    history = random.integers(0, size, 200).tolist() if name == "penalties" else []
    mine = ours(name, logits, values, history)
    their_ids, their_logits = theirs(name, logits, values, history)
    if name == "top_p":
        assert_same_nucleus(logits, values["p"], mine, their_ids)
    else:
        assert_same(mine, their_ids, their_logits, near_border(name, logits, values, mine, their_ids))


@pytest.mark.parametrize("name", sorted(LEARNING))
@settings(max_examples=60)
@given(data=st.data())
def test_what_a_stage_learns_is_what_llama_cpp_learns(name, data):
    values = stage(name).values(data.draw(LEARNING[name]))
    size = data.draw(st.integers(2, 300))
    random = np.random.default_rng(data.draw(st.integers(0, 1000)))
    sampler = c_sampler(name, values, size)
    state = stage(name).start(values)
    try:
        for _ in range(6):
            logits = random.normal(0, data.draw(st.floats(0.5, 4)), size).astype(np.float32)
            raw = Candidates(whole_vocabulary(size), logits)
            mine = ours(name, logits, values, state=state)
            their_ids, their_logits, selected = apply_sampler(sampler, logits)
            # llama.cpp's mu and k are float32, and k is cut to a whole number.
            edge = np.sort(logits)[::-1]
            fewer, more = sorted((len(mine), len(their_ids)))
            if name == "mirostat_2" and fewer < more:
                assert abs(-np.log2(np.sort(softmax(logits))[::-1][more - 1]) - state[0]) < 1e-4, (
                    "only at the threshold"
                )
            assume(name != "mirostat_1" or more - fewer <= 1 + more // 5000)
            border = set() if name == "adaptive_p" else set(edge[fewer - 1 : more].tolist())
            at_border = set(np.flatnonzero(np.isin(logits, list(border))).tolist())
            assert_same(mine, their_ids, their_logits, at_border.__contains__)
            llama_cpp.llama_sampler_accept(sampler, selected)
            assume(selected in mine.ids)
            state = stage(name).follow(state, values, raw.p_of(selected), mine.p_of(selected))
    finally:
        llama_cpp.llama_sampler_free(sampler)


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory):
    """(llama.cpp's vocabulary, the bytes of each of its tokens)."""
    from engine.inference.llama_cpp import open_vocabulary

    path = small_llama_gguf(tmp_path_factory.mktemp("models") / "small.gguf")
    read, _ = open_vocabulary(path)
    with c_vocabulary(path) as pointer:
        yield pointer, [read.token(id).bytes for id in range(read.size)]


@settings(max_examples=250)
@given(
    history=st.one_of(
        st.lists(st.integers(300, 306), max_size=60),
        st.lists(st.sampled_from([300, 301, 302, "\n", ":", "*"]), max_size=60),
        st.lists(st.sampled_from([300, 301]), min_size=150, max_size=260),
    ),
    multiplier=st.floats(0.125, 3, width=32),
    base=st.sampled_from([1.0, 1.25, 1.75, 4.0]),
    allowed=st.integers(1, 6),
    last_n=st.sampled_from([-1, 5, 40]),
    breakers=st.sampled_from(['\\n\n:\n"\n*', "", ":"]),
)
def test_dry_agrees_with_llama_cpp(vocabulary, history, multiplier, base, allowed, last_n, breakers):
    pointer, pieces = vocabulary
    history = [pieces.index(item.encode()) if isinstance(item, str) else item for item in history]
    logits = np.random.default_rng(len(history)).normal(0, 2, len(pieces)).astype(np.float32)
    values = {"multiplier": multiplier, "base": base, "allowed": allowed, "last_n": last_n}
    mine = ours("dry", logits, values, history, texts={"breakers": breakers}, piece=pieces.__getitem__)
    sampler = c_sampler("dry", values, len(pieces), history, {"breakers": breakers}, pointer)
    ids, their_logits = apply_stage(sampler, logits)
    np.testing.assert_allclose(mine.logits[ids], their_logits, rtol=1e-5, atol=1e-5)


def test_dry_worked_example(vocabulary):
    # a b c, a b: one more c would make three in a row that occurred before; the match is two long, which is what is allowed.
    a, b, c = 300, 301, 302
    logits = np.zeros(512, dtype=np.float32)
    piece = vocabulary[1].__getitem__
    values = {"multiplier": 0.8, "base": 2.0, "allowed": 1}
    mine = ours("dry", logits, values, [a, b, c, a, b], piece=piece)
    assert mine.logits[c] == pytest.approx(-0.8 * 2.0**1)
    assert (mine.logits[np.arange(512) != c] == 0).all()


def test_a_repetition_ends_at_a_breaker_of_several_tokens():
    pieces = {1: b"so", 2: b" the", 3: b" E", 4: b"ND x", 5: b" fox", 6: b"END"}
    values, texts = {"multiplier": 1.0, "base": 2.0, "allowed": 1}, {"breakers": "END"}
    history = [1, 3, 4, 2, 5, 1, 3, 4, 2]
    mine = ours("dry", np.zeros(10, np.float32), values, history, texts=texts, piece=pieces.get)
    # Of the match of four tokens one stands after the breaker: 2^(1 - 1).
    assert mine.logits[5] == pytest.approx(-1.0)
    free = ours("dry", np.zeros(10, np.float32), values, history, texts={"breakers": ""}, piece=pieces.get)
    assert free.logits[5] == pytest.approx(-(2.0**3))


@pytest.mark.parametrize("number", [0.0, 0.299, 0.301, 0.999])
def test_xtc_acts_as_often_as_it_should(number, monkeypatch):
    monkeypatch.setattr(specification, "dart", lambda *_: number)
    spec = stage("xtc")
    candidates = Candidates(whole_vocabulary(3), np.log(np.array([0.5, 0.3, 0.2], dtype=np.float32)))
    context = StageContext([], 0, 0, 0, 3)
    kept = spec.apply(candidates, spec.values({"probability": 0.3, "threshold": 0.25}), context).candidates
    assert kept.ids.tolist() == ([1, 2] if number <= 0.3 else [0, 1, 2])


def test_temperature_zero_keeps_the_maximum():
    kept = ours("temperature", [1.0, 3.0, 3.0, -1.0], {"temperature": 0.0})
    assert kept.ids.tolist() == [1]  # ties break by id


def test_top_p_worked_example():
    kept = ours("top_p", np.log([0.40, 0.30, 0.15, 0.10, 0.05]), {"p": 0.85 - 1e-7})
    assert kept.ids.tolist() == [0, 1, 2]


def test_typical_drops_the_obvious_token_where_the_model_is_usually_unsure():
    # H = 1.75 bits; the surprisals 1, 2, 3, 3 bits are 0.75, 0.25, 1.25 and 1.25 away.
    kept = ours("typical", np.log([0.5, 0.25, 0.125, 0.125]), {"p": 0.2})
    assert kept.ids.tolist() == [1]


def test_mirostat_2_worked_example():
    # Surprisals 1, 2, 3, 3 bits; mu is 2 tau = 2.5.
    kept = ours("mirostat_2", np.log([0.5, 0.25, 0.125, 0.125]), {"tau": 1.25, "eta": 0.1})
    assert kept.ids.tolist() == [0, 1]
    # Of 2/3 and 1/3 the second was picked: log2(3) = 1.585 bits, 0.335 too many.
    state = stage("mirostat_2").follow((2.5,), {"tau": 1.25, "eta": 0.1}, 0.25, 1 / 3)
    assert state[0] == pytest.approx(2.5 - 0.1 * (math.log2(3) - 1.25))
