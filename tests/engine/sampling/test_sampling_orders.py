"""Chains of several stages in any order against a llama.cpp chain of the same; what the stages learn, kept and replayed."""

import math

import llama_cpp
import msgspec
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.storage.record_codec import decode_records, encode_records
from engine.records import SamplingSettings, StageSettings, Token
from engine.sampling.candidates import Candidates, whole_vocabulary
from engine.sampling.chain import Chain
from engine.sampling.grammar import NothingAllowedError
from engine.sampling.presets import PRESETS
from engine.sampling.preview import MadeWith, preview, previews, recorded_states
from engine.sampling.record import pick
from engine.sampling.registry import STAGES, completed, default_settings, stage
from tests.helpers.llama_samplers import apply_sampler, c_sampler

VALUES = {
    "logit_bias": {"0": 2.0, "5": -3.0},
    "penalties": {"repeat": 1.3, "frequency": 0.1, "presence": 0.1, "last_n": 8},
    "top_n_sigma": {"n": 2.0},
    "top_k": {"k": 20},
    "typical": {"p": 0.9},
    "top_p": {"p": 0.8},
    "min_p": {"p": 0.05},
    "xtc": {"probability": 1.0, "threshold": 0.09},
    "temperature": {"temperature": 0.7},
    "dynamic_temperature": {"temperature": 1.0, "range": 0.4, "exponent": 1.2},
}


def token(id):
    return Token(id, f"<{id}>".encode())


def chain_of(order, values=VALUES):
    return Chain(SamplingSettings(tuple(StageSettings(name, True, values[name]) for name in order)))


@pytest.mark.parametrize("size", [1, 2, 10, 1_000, 10_000])
@pytest.mark.parametrize("seed", range(30))
def test_any_order_does_what_llama_cpp_does_in_that_order(seed, size):
    random = np.random.default_rng([seed, size])
    order = random.permutation(list(VALUES))[: random.integers(2, len(VALUES) + 1)].tolist()
    # llama.cpp's logit bias leaves an order that it broke marked as sorted, and its top-n-sigma leaves impossible tokens in the
    # list, of which typical takes the logarithm and which dynamic temperature counts: its own chains have no such orders.
    order.sort(key=lambda name: name != "logit_bias")
    if "top_n_sigma" in order:
        order.remove("top_n_sigma")
        after = [place for place, name in enumerate(order) if name in ("logit_bias", "typical", "dynamic_temperature")]
        order.insert(random.integers(max(after, default=-1) + 1, len(order) + 1), "top_n_sigma")
    logits = random.normal(0, 2.5, size).astype(np.float32)
    history = random.integers(0, size, 12).tolist()
    mine = chain_of(order).draw(Candidates(whole_vocabulary(size), logits), history, 0, 1).steps[-1].after
    theirs = llama_cpp.llama_sampler_chain_init(llama_cpp.llama_sampler_chain_default_params())
    for name in order:
        accepted = history if name == "penalties" else []
        llama_cpp.llama_sampler_chain_add(theirs, c_sampler(name, VALUES[name], size, accepted))
    ids, their_logits, _ = apply_sampler(theirs, logits)
    llama_cpp.llama_sampler_free(theirs)
    assert set(ids) == set(mine.ids.tolist()), order
    weights = np.exp(their_logits.astype(np.float64) - their_logits.max())
    by_id = dict(zip(ids, weights / weights.sum(), strict=True))
    np.testing.assert_allclose(mine.probabilities(mine.logits), [by_id[id] for id in mine.ids.tolist()], atol=1e-5)


def a_reply(chain, size=300, tokens=12, seed=5, candidates=64):
    """Records of a reply drawn from random logits, the rows, and its ids."""
    random = np.random.default_rng(size)
    rows = random.normal(0, 2.5, (tokens, size)).astype(np.float32)
    ids, records, states = [], [], None
    for position, row in enumerate(rows):
        records.append(pick(chain, row, ids, position, seed, token, candidates, states))
        states = recorded_states(records[-1], after=True)
        ids.append(records[-1].token.id)
    return records, rows, ids


@pytest.mark.parametrize("name", ["mirostat_1", "mirostat_2", "adaptive_p"])
def test_what_a_stage_knew_is_recorded_and_every_position_can_be_run_again_alone(name):
    chain = chain_of([name], {name: {}})
    records, rows, ids = a_reply(chain)
    stored = decode_records(encode_records(records))
    assert stored == records
    first = records[0].stages[0]
    assert first.state == stage(name).start(stage(name).values({}))
    for place, (record, row) in enumerate(zip(stored, rows, strict=True)):
        if place:
            assert record.stages[0].state == stored[place - 1].stages[0].next_state
        again = preview(record, chain, ids[:place], 5, row)
        assert again.id == record.token.id and again.stages == record.stages
    assert len({record.stages[0].state for record in records}) == len(records), "it learned something each time"


@pytest.mark.parametrize("name", ["mirostat_1", "mirostat_2", "adaptive_p"])
def test_the_same_chain_over_all_stored_candidates_finds_the_same_states_without_the_recorded_ones(name):
    chain = chain_of(["top_k", name], {"top_k": {"k": 30}, name: {}})
    records, _, ids = a_reply(chain)
    found = list(previews(records, chain, [], [MadeWith(None, 5)]))
    for record, (outcome, states) in zip(records, found, strict=True):
        assert outcome.exact and outcome.id == record.token.id
        assert states[name] == pytest.approx(record.stages[1].state, rel=1e-6)
    assert ids == [outcome.id for outcome, _ in found]


def test_other_settings_of_a_stage_follow_the_tokens_that_were_picked():
    records, rows, ids = a_reply(chain_of(["mirostat_2"], {"mirostat_2": {"tau": 5.0, "eta": 0.1}}), candidates=300)
    other = chain_of(["mirostat_2"], {"mirostat_2": {"tau": 2.0, "eta": 0.5}})
    state = None
    for place, (outcome, states) in enumerate(previews(records, other, [], [MadeWith(None, 5)])):
        raw = Candidates(whole_vocabulary(300), rows[place])
        draw = other.draw(raw, ids[:place], place, 5, state)
        assert outcome.id == draw.id and states["mirostat_2"] == pytest.approx(draw.steps[1].state, rel=1e-5)
        state = other.follow(draw.steps, ids[place])


def test_states_are_taken_as_recorded_where_the_chain_is_the_same_up_to_there():
    values = {"mirostat_2": {}, "temperature": {"temperature": 0.7}}
    made = chain_of(["mirostat_2"], values)
    records, _, _ = a_reply(made, size=2000, candidates=8)
    later = chain_of(["mirostat_2", "temperature"], values)
    earlier = chain_of(["temperature", "mirostat_2"], values)
    assert later.learns_like(made) == {"mirostat_2"} and earlier.learns_like(made) == frozenset()
    taken = [states["mirostat_2"] for _, states in previews(records, later, [], [MadeWith(None, 5, made)])]
    assert taken == [record.stages[0].state for record in records]


def test_a_token_that_a_person_put_there_teaches_as_if_it_had_been_picked():
    chain = chain_of(["mirostat_2"], {"mirostat_2": {}})
    records, _, _ = a_reply(chain, candidates=300)
    forced = [msgspec.structs.replace(records[0], dart=None, stages=(), forced=True), *records[1:]]
    found = list(previews(forced, chain, [], [MadeWith(None, 5)]))
    assert found[0][0] is None and found[0][1] == chain.start
    assert found[1][1]["mirostat_2"] == pytest.approx(records[1].stages[0].state, rel=1e-6)


def test_a_token_that_was_put_there_although_a_stage_removed_it_counts_as_it_was_before_the_stage():
    logits = np.log(np.array([0.9, 0.1], dtype=np.float32))
    chain = chain_of(["mirostat_2"], {"mirostat_2": {"tau": 0.5, "eta": 1.0}})
    draw = chain.draw(Candidates(whole_vocabulary(2), logits), [], 0, 1)
    assert draw.steps[1].after.ids.tolist() == [0]
    assert chain.follow(draw.steps, 1)["mirostat_2"][0] == pytest.approx(1.0 - (math.log2(10) - 0.5), abs=1e-5)


@settings(max_examples=100)
@given(seed=st.integers(0, 2**40), position=st.integers(0, 500), off=st.sets(st.sampled_from(["top_k", "min_p"])))
def test_the_luck_of_a_random_stage_does_not_hang_on_the_others(seed, position, off):
    logits = np.log(np.array([0.4, 0.3, 0.2, 0.1], dtype=np.float32))
    values = {"top_k": {"k": 4}, "min_p": {"p": 0.01}, "xtc": {"probability": 0.5, "threshold": 0.15}}
    order = [name for name in ("top_k", "min_p", "xtc") if name not in off]
    kept = {
        len(chain_of(some, values).draw(Candidates(whole_vocabulary(4), logits), [], position, seed).steps[-1].after)
        for some in (order, ["xtc"])
    }
    assert len(kept) == 1


def test_what_a_grammar_leaves_is_drawn_by_the_models_own_probabilities():
    # 0.3 and 0.2 are allowed, in two places of the cumulative distribution: 0.6 and 0.4 of the draws.
    logits = np.log(np.array([0.3, 0.4, 0.2, 0.1], dtype=np.float32))
    made = Chain(SamplingSettings((StageSettings("grammar", True, {}, {"grammar": "root ::= x"}),)))
    allowed = {"grammar": lambda ids: np.isin(ids, [0, 2])}
    raw = Candidates(whole_vocabulary(4), logits)
    drawn = [made.draw(raw, [], position, 11, allowed=allowed) for position in range(4000)]
    ids = np.array([draw.id for draw in drawn])
    assert set(ids.tolist()) == {0, 2}
    assert abs((ids == 0).mean() - 0.6) < 0.03
    applied = [len(draw.steps[1].after) == 2 for draw in drawn]
    assert abs(np.mean(applied) - 0.5) < 0.03, "half of the first draws were allowed, and for those nothing was removed"


def test_a_grammar_that_allows_nothing_says_so():
    made = Chain(SamplingSettings((StageSettings("json_schema", True, {}, {"schema": "{}"}),)))
    raw = Candidates(whole_vocabulary(3), np.zeros(3, dtype=np.float32))
    with pytest.raises(NothingAllowedError):
        made.draw(raw, [], 0, 1, allowed={"json_schema": lambda ids: np.zeros(len(ids), dtype=bool)})


def test_presets_are_what_their_names_say():
    logits = np.log(np.array([0.5, 0.2, 0.15, 0.1, 0.03, 0.02], dtype=np.float32))
    raw = Candidates(whole_vocabulary(6), logits)
    entropy = {name: Chain(make()).draw(raw, [], 0, 1).steps[-1].after.entropy for name, make in PRESETS.items()}
    assert entropy["Greedy"] == 0.0
    assert entropy["Precise"] < entropy["Balanced"] < entropy["Creative"] and entropy["Neutral"] == raw.entropy


@settings(max_examples=300)
@example(
    seed=10624146, size=60, order=["mirostat_1"], spread=8.0
)  # what is not listed has a probability that rounds to 0
@given(
    seed=st.integers(0, 2**30),
    size=st.sampled_from([5, 16, 60, 400]),
    order=st.lists(
        st.sampled_from([*VALUES, "dry", "mirostat_1", "mirostat_2", "adaptive_p"]), unique=True, max_size=6
    ),
    spread=st.sampled_from([1.0, 3.0, 8.0]),
)
def test_a_preview_from_stored_candidates_is_right_whenever_it_says_exact(seed, size, order, spread):
    logits = np.random.default_rng(seed).normal(0, spread, size).astype(np.float32)
    history = np.random.default_rng(seed).integers(0, size, 20).tolist()
    record = pick(Chain(default_settings()), logits, history, 3, seed, token, candidates=16)
    values = {**VALUES, "dry": {"multiplier": 1.0, "allowed": 1}, "mirostat_1": {}, "mirostat_2": {}, "adaptive_p": {}}
    other = chain_of(order, values)
    full = preview(record, other, history, seed, logits)
    stored = preview(record, other, history, seed)
    assert full.exact or "dry" in order  # whose breakers are not known here
    if stored.exact:
        assert stored.id == full.id
        np.testing.assert_allclose(stored.final, full.final, atol=1e-4)
        assert stored.removed_by.tolist() == full.removed_by.tolist()


def test_an_old_chain_gets_the_stages_that_it_does_not_know_in_their_usual_places_and_off():
    old = SamplingSettings((StageSettings("temperature", True, {"temperature": 2.0}), StageSettings("top_k")), 7)
    whole = completed(old)
    names = [item.name for item in whole.stages]
    assert sorted(names) == sorted(spec.name for spec in STAGES) and whole.seed == 7
    assert [item.name for item in whole.stages if item.enabled] == ["temperature", "top_k"]
    assert names.index("penalties") < names.index("temperature") and names.index("xtc") > names.index("top_k")
    assert completed(default_settings()) == default_settings()


def test_values_of_single_tokens_are_kept_and_nonsense_is_not():
    spec = stage("logit_bias")
    assert spec.values({"12": 3.0, "bias": 1.0, "-4": 2.0}) == {"12": 3.0}
    assert spec.is_neutral(spec.values({"12": 0.0})) and not spec.is_neutral(spec.values({"12": 0.5}))
    logits = np.array([1.0, 0.0, 0.0], dtype=np.float32)
    biased = Chain(SamplingSettings((StageSettings("logit_bias", True, {"2": 100.0, "99999999999": 1.0}),)))
    record = pick(biased, logits, [], 0, 1, token)
    assert record.token.id == 2 and record.stages[0].divergence_bits > 1


@pytest.mark.parametrize("spec", STAGES, ids=lambda spec: spec.name)
def test_stages_describe_themselves(spec):
    assert spec.title and spec.sentence.endswith(".") and spec.apply.__doc__
    for parameter in (*spec.parameters, *([spec.per_token] if spec.per_token else [])):
        assert parameter.minimum <= parameter.default <= (parameter.limit or parameter.maximum)
        assert parameter.sentence.endswith(".")
    assert (spec.start is None) == (spec.follow is None)
