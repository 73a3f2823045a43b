"""The values of the funnel, by hand and against the chain itself."""

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.sampling.funnel import cut_parameter, funnel, solve_cut
from app.sampling.subject import AllowedTokens, Subject
from engine.records import SamplingSettings, StageSettings, Token
from engine.sampling.chain import Chain
from engine.sampling.record import pick
from engine.sampling.registry import STAGES, default_settings, neutral_settings, with_values

P = np.array((0.40, 0.30, 0.15, 0.10, 0.05))


def subject(logits, *, full=True, candidates=64, history=()):
    logits = np.asarray(logits, dtype=np.float32)
    record = pick(Chain(neutral_settings()), logits, history, 3, 7, lambda id: Token(id, b"%d" % id), candidates)
    return Subject(record, tuple(history), 7, True, logits if full else None)


def test_each_stage_of_the_worked_example():
    chain = with_values(neutral_settings(), {("top_p", "p"): 0.8, ("temperature", "temperature"): 2.0})
    made = funnel(subject(np.log(P)), chain)
    top_p = made.stage("top_p")
    assert (top_p.works, top_p.entering, top_p.leaving, top_p.cut) == (True, 5, 3, 3)
    assert top_p.mass == pytest.approx(0.85) and not top_p.at_least
    assert [bar.before for bar in top_p.bars] == pytest.approx(P, abs=1e-6)
    assert [bar.after for bar in top_p.bars] == pytest.approx([0.4 / 0.85, 0.3 / 0.85, 0.15 / 0.85, 0, 0], abs=1e-6)
    assert [bar.removed for bar in top_p.bars] == [False, False, False, True, True]
    heat = made.stage("temperature")
    root = np.sqrt(P[:3])
    assert [bar.after for bar in heat.bars] == pytest.approx(root / root.sum(), abs=1e-6)
    before, after = P[:3] / 0.85, root / root.sum()
    assert heat.divergence_bits == pytest.approx(float((after * np.log2(after / before)).sum()), abs=1e-5)
    assert (heat.mass, heat.entering, heat.leaving) == (1.0, 3, 3)


def test_a_grammar_cuts_as_the_model_told_wherever_it_stands():
    text = 'root ::= "b" | "d"'
    grammar = StageSettings("grammar", True, {}, {"grammar": text})
    chain = SamplingSettings((StageSettings("top_k", True, {"k": 4}), grammar))
    allowed = AllowedTokens(text, np.array([False, True, False, True, False]))
    views = set()
    for seed in range(20):
        at = msgspec.structs.replace(subject(np.log(P)), seed=seed)
        unknown = funnel(at, chain)
        assert not unknown.exact and not at.knows_grammar("grammar")
        made = funnel(msgspec.structs.replace(at, allowed={"grammar": allowed}), chain)
        cut, top_k = made.stage("grammar"), made.stage("top_k")
        assert made.exact and made.chosen in (1, 3) and cut.works and top_k.works
        views.add((cut.entering, cut.leaving, round(cut.mass, 6), top_k.entering, top_k.leaving))
        if cut.leaving == 2:
            assert made.probability == pytest.approx({1: 0.75, 3: 0.25}[made.chosen], abs=1e-6)
        else:  # the dart hit what is allowed: the grammar was only asked
            assert made.chosen == unknown.chosen
    # A grammar comes first; and it cuts only where the draw without it was not allowed.
    assert views == {(5, 2, 0.4, 2, 2), (5, 5, 1.0, 5, 4)}
    other = msgspec.structs.replace(at, allowed={"grammar": msgspec.structs.replace(allowed, text="another")})
    assert not funnel(other, chain).exact


def test_a_stage_that_does_nothing_lets_everything_through():
    made = funnel(subject(np.log(P)), neutral_settings())
    assert [view.name for view in made.stages] == [spec.name for spec in STAGES]
    for view in made.stages:
        assert not view.works and (view.entering, view.leaving, view.cut) == (5, 5, 5)
        assert all(bar.before == bar.after for bar in view.bars)
    assert made.probability == pytest.approx(P[made.chosen], abs=1e-6)


def test_a_stage_that_is_off_or_stands_elsewhere_is_found_in_its_place():
    stages = {item.name: item for item in default_settings().stages}
    order = (
        stages["temperature"],
        StageSettings("top_k", False, {"k": 2}),
        StageSettings("min_p", True, {"p": 0.5}),
    )
    made = funnel(subject(np.log(P)), SamplingSettings(order))
    assert [(view.name, view.works) for view in made.stages] == [
        ("temperature", True),
        ("top_k", False),
        ("min_p", True),
    ]
    heated = P ** (1 / 0.8)
    assert made.stage("min_p").leaving == int((heated >= heated[0] / 2).sum())


def test_from_the_stored_candidates_the_counts_are_at_least():
    logits = np.linspace(2, 0, 500)
    made = funnel(subject(logits, full=False, candidates=8), neutral_settings())
    # All go on, although only eight of them, and the one that was picked, are known by name.
    assert (made.stages[0].entering, made.stages[0].leaving, made.stages[0].at_least) == (500, 500, False)
    assert not made.exact
    low = funnel(subject(logits, full=False, candidates=8), with_values(neutral_settings(), {("min_p", "p"): 0.01}))
    assert (low.stage("min_p").entering, low.stage("min_p").leaving, low.stage("min_p").at_least) == (500, 9, True)
    cut = funnel(subject(logits, full=False, candidates=8), with_values(neutral_settings(), {("top_k", "k"): 3}))
    view = cut.stage("top_k")
    assert (view.entering, view.leaving, view.at_least, view.cut) == (500, 3, False, 3) and cut.exact
    whole = funnel(subject(logits), with_values(neutral_settings(), {("top_k", "k"): 3}))
    assert [bar.after for bar in view.bars][:8] == pytest.approx([bar.after for bar in whole.stage("top_k").bars][:8])


def test_the_dart_picks_what_the_chain_picks():
    rng = np.random.default_rng(1)
    logits = rng.standard_normal(3000).astype(np.float32) * 2
    made = funnel(subject(logits), default_settings())
    record = pick(Chain(default_settings()), logits, [], 3, 7, lambda id: Token(id, b""), 64)
    assert made.chosen == record.token.id and made.probability == pytest.approx(record.final_probability)
    assert [v.leaving for v in made.stages if v.works] == [s.kept for s in record.stages]


def test_few_bars_are_drawn_where_few_hold_the_probability():
    peaked = np.full(1000, -20.0)
    peaked[5] = 5
    assert len(funnel(subject(peaked), neutral_settings()).stages[0].bars) == 12
    assert len(funnel(subject(np.zeros(1000)), neutral_settings()).stages[0].bars) == 64


@pytest.mark.parametrize(("k", "drawn"), [(2, 12), (40, 50), (60, 64), (0, 12)])
def test_a_quarter_more_than_a_cut_off_lets_through_is_drawn(k, drawn):
    peaked = -np.arange(1000.0) * 3
    view = funnel(subject(peaked), with_values(neutral_settings(), {("top_k", "k"): k})).stage("top_k")
    assert (len(view.bars), view.cut) == (drawn, k or 1000)


def test_which_parameter_moves_a_cut_off_is_found_by_trying():
    found = {spec.name: cut_parameter(spec.name) for spec in STAGES}
    assert {name: found[name] for name in ("penalties", "top_k", "top_p", "min_p", "temperature")} == {
        "penalties": None,
        "top_k": "k",
        "top_p": "p",
        "min_p": "p",
        "temperature": None,
    }


@settings(max_examples=40)
@given(st.integers(0, 2**31), st.integers(1, 60), st.sampled_from(["top_k", "top_p", "min_p"]))
def test_a_cut_off_that_is_dragged_somewhere_falls_there(seed, target, name):
    logits = np.random.default_rng(seed).standard_normal(60) * 2
    about = subject(logits)
    parameter, value = solve_cut(StageSettings(name), about.candidates(), target, about)
    made = funnel(about, with_values(neutral_settings(), {(name, parameter): value}))
    kept = made.stage(name).leaving
    p = np.append(np.sort(np.exp(logits - logits.max()))[::-1], 0.0)
    # How wide the range of values is that keeps this many; four decimals must be able to tell it.
    width = {"top_k": 1.0, "top_p": p[target - 1] / p.sum(), "min_p": p[target - 1] - p[target]}[name]
    assert kept == target or width < 3e-4
    assert value == round(value, 4)


def test_everything_stays_at_the_neutral_value():
    about = subject(np.log(P))
    assert solve_cut(StageSettings("top_k", True, {"k": 2}), about.candidates(), 5, about) == ("k", 0.0)
    assert solve_cut(StageSettings("top_p", True, {"p": 0.5}), about.candidates(), 9, about) == ("p", 1.0)
    assert solve_cut(StageSettings("temperature"), about.candidates(), 2, about) is None
