"""Retroactive sliders: against a real run of the other chain over the same logits, token by token."""

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.chat.rerun import Superseded, rerun
from app.chat.retro_bar import RetroBar
from app.chat.token_text import TokenText
from app.storage.rows import Kept
from engine.records import GenerationSettings, Token
from engine.records.explore import Difference, Replayed
from engine.sampling.chain import Chain
from engine.sampling.record import observe, pick
from engine.sampling.registry import default_settings, greedy_settings, neutral_settings, with_values

V, SEED = 200, 11
PROMPT = (5, 6, 7)


def rows(seed, count=12):
    return (np.random.default_rng(seed).standard_normal((count, V)) * 3).astype(np.float32)


def write(logits, chain, prompt=PROMPT, candidates=64):
    """A reply whose logits do not depend on what was picked, so that any chain can be run on it again."""
    history, records = list(prompt), []
    for position, row in enumerate(logits):
        record = pick(Chain(chain), row, history, position, SEED, lambda id: Token(id, b"%d " % id), candidates)
        history.append(record.token.id)
        records.append(record)
    return records


@settings(max_examples=25)
@given(
    st.integers(0, 2**31),
    st.floats(0.2, 1.5),
    st.integers(1, 40),
    st.floats(0.3, 1.0),
)
def test_the_changes_are_those_of_a_real_run_after_the_same_words(seed, temperature, k, p):
    logits = rows(seed)
    records = write(logits, default_settings())
    tried = with_values(
        default_settings(),
        {("temperature", "temperature"): temperature, ("top_k", "k"): k, ("top_p", "p"): p, ("min_p", "p"): 0.0},
    )
    found = rerun(records, default_settings(), tried, SEED, (), PROMPT)
    really = [
        pick(Chain(tried), row, PROMPT, position, SEED, lambda id: Token(id, b"%d " % id)).token
        for position, row in enumerate(logits)
    ]
    wanted = [(i, token.id, token.bytes) for i, token in enumerate(really) if token.id != records[i].token.id]
    assert [(change.index, change.id, change.piece) for change in found.changes] == wanted
    assert (found.drawn, found.doubt) == (12, "")


def test_the_same_chain_changes_nothing():
    records = write(rows(1), default_settings())
    found = rerun(records, default_settings(), default_settings(), SEED)
    assert found.first is None and found.doubt == "" and found.drawn == 12


def test_what_was_put_there_by_a_person_is_no_change():
    logits = rows(2)
    records = write(logits, neutral_settings())
    unlikely = int(np.argmin(logits[0]))
    records[0] = observe(logits[0], unlikely, 0, lambda id: Token(id, b""), forced=True)
    found = rerun(records, neutral_settings(), greedy_settings(), SEED)
    assert (found.drawn, found.given) == (11, 1) and all(change.index > 0 for change in found.changes)
    records[3] = msgspec.structs.replace(records[3], forced=True)
    found = rerun(records, neutral_settings(), greedy_settings(), SEED)
    assert (found.drawn, found.given) == (10, 2) and 3 not in [change.index for change in found.changes]


def test_tokens_that_were_kept_are_drawn_again_with_the_darts_and_the_chain_that_drew_them():
    logits = rows(7)
    first, best = write(logits, default_settings()), write(logits, greedy_settings())
    place = rerun(first, default_settings(), greedy_settings(), SEED).changes[1].index
    branch, kept = [*first[:place], *best[place:]], (Kept(place, GenerationSettings(default_settings()), SEED),)
    there = rerun(branch, greedy_settings(), default_settings(), 99, kept)
    assert there.first.index >= place and (there.drawn, there.given, there.doubt) == (12, 0, "")
    same_luck = rerun(branch, greedy_settings(), default_settings(), SEED, kept)
    assert (same_luck.first.index, same_luck.first.id) == (place, first[place].token.id)
    assert rerun(branch, greedy_settings(), default_settings(), 99).first.index < place, "with other darts they change"


def test_doubts_are_told_up_to_the_first_change():
    logits = rows(3)
    records = write(logits, greedy_settings(), candidates=4)
    flat = with_values(neutral_settings(), {("temperature", "temperature"): 1.0})
    assert rerun(records, greedy_settings(), flat, SEED, (), PROMPT).doubt == "", "the dart hits what is listed"
    even = write(logits / 100, greedy_settings(), candidates=4)
    assert rerun(even, greedy_settings(), flat, SEED, (), PROMPT).doubt == "candidates"
    few = with_values(neutral_settings(), {("top_k", "k"): 2})
    assert rerun(records, greedy_settings(), few, SEED, (), PROMPT).doubt == ""
    penal = with_values(few, {("penalties", "repeat"): 1.3})
    wide = write(logits, greedy_settings())
    assert rerun(wide, greedy_settings(), penal, SEED, (), None).doubt == "prompt"
    assert rerun(wide, greedy_settings(), penal, SEED, (), PROMPT).doubt != "prompt"


def test_a_long_run_ends_when_something_newer_is_asked():
    records = write(rows(4, 40), default_settings())
    asked = []

    def superseded():
        asked.append(1)
        return len(asked) > 1

    with pytest.raises(Superseded):
        rerun(records, default_settings(), greedy_settings(), SEED, superseded=superseded)


# --- in the open conversation -----------------------------------------------------------------------------------------


@pytest.fixture
def reply(desk, qtbot):
    """A conversation whose reply has real records; (bar, message id)."""
    bar = RetroBar(desk.state)
    qtbot.addWidget(bar)
    desk.worker.reply = "one two three"
    desk.send("hello")
    message = desk.state.tree.path()[-1]
    chain = GenerationSettings(default_settings())
    records = write(rows(5, 8), chain.sampling)
    desk.storage.submit(lambda store: store.reopen_reply(message.id)).result(5)
    desk.state.texts.put(message.id, TokenText(records))
    summary = msgspec.structs.replace(message.summary, seed=SEED)
    desk.state.tree.replace(msgspec.structs.replace(message, settings=chain, summary=summary))
    return bar, message.id, records


def forks(desk):
    """Fills with the forks of the last message that is shown, as they change."""
    found = []

    def look():
        fork = desk.state.tree.path()[-1].fork
        if fork is not None and fork not in found:
            found.append(fork)

    desk.state.path_changed.connect(look)
    return found


def greedy():
    return GenerationSettings(greedy_settings())


def test_nothing_is_said_until_a_slider_is_moved(desk, reply):
    bar, _, _ = reply
    desk.state.retro.look_again()
    assert desk.state.retro.found is None and bar.isHidden()
    desk.state.retro.try_settings(GenerationSettings(default_settings()))
    assert desk.state.retro.found is None, "the sliders of the reply itself change nothing"


def test_the_first_change_is_shown_and_branched_at_with_the_same_luck(desk, reply):
    bar, message_id, records = reply
    desk.state.retro.try_settings(greedy())
    desk.until(lambda: desk.state.retro.found is not None)
    first = desk.state.retro.found.result.first
    best = [int(np.argmax(row)) for row in rows(5, 8)]
    wanted = next(i for i, record in enumerate(records) if record.token.id != best[i])
    assert (first.index, first.id) == (wanted, best[wanted])
    assert not bar.isHidden() and "(exact)" in bar.text.text()
    assert bar.branch_button.isEnabled() and not bar.compute_button.isEnabled()
    bar.show_button.click()
    assert desk.state.choice.selected == (message_id, wanted)
    begun = forks(desk)
    bar.branch_button.click()
    desk.idle()
    _, _, settings_, forced = next(r for r in reversed(desk.worker.requests) if r[0] == "generate")
    assert forced == tuple(record.token.id for record in records[:wanted]), "the chain draws the other token itself"
    assert settings_.sampling.seed == SEED
    branch = desk.state.tree.path()[-1]
    assert (begun[0].position, begun[0].piece) == (wanted, b"%d " % best[wanted])
    # The pretended model draws other words: the branch is named by what came.
    assert branch.fork.piece == desk.state.token_text(branch.id).runs[wanted].record.token.bytes != begun[0].piece
    assert branch.id in desk.state.tree.siblings(message_id) and message_id in desk.state.tree


def test_with_tokens_that_somebody_put_there_exact_is_said_of_the_others(desk, reply):
    bar, message_id, records = reply
    desk.state.texts.put(message_id, TokenText([msgspec.structs.replace(records[0], forced=True), *records[1:]]))
    desk.state.retro.try_settings(greedy())
    desk.until(lambda: desk.state.retro.found is not None)
    assert "exact for the tokens that were drawn" in bar.text.text() and "(exact)" not in bar.text.text()


def test_it_can_be_dismissed_and_comes_back_with_the_next_move(desk, reply):
    bar, _, _ = reply
    desk.state.retro.try_settings(greedy())
    desk.until(lambda: desk.state.retro.found is not None)
    desk.state.retro.dismiss()
    assert desk.state.retro.found is None and bar.isHidden()
    desk.state.retro.look_again()
    assert desk.state.retro.found is None
    desk.state.retro.try_settings(greedy())
    desk.until(lambda: not bar.isHidden())


def test_where_the_stored_candidates_do_not_suffice_the_model_is_offered(desk, reply):
    bar, message_id, _ = reply
    penal = with_values(default_settings(), {("penalties", "repeat"): 1.4})
    desk.state.retro.try_settings(GenerationSettings(penal))
    desk.until(lambda: desk.state.retro.found is not None)
    assert "(approximate)" in bar.text.text() and bar.compute_button.isEnabled()
    bar.compute_button.click()
    desk.until(lambda: "Computed" in bar.text.text())
    (saved,) = [request[1] for request in desk.worker.requests if request[0] == "replay"]
    assert saved.settings.sampling.stages == penal.stages and saved.summary.seed == SEED and saved.kept == 0
    assert bar.text.text().startswith("Computed: the same to the byte") and not bar.compute_button.isEnabled()
    assert desk.state.tree.siblings(message_id) == [message_id], "an identical version is not kept"
    desk.state.choice.choose(message_id, 3)
    desk.state.retro.try_settings(greedy())
    desk.until(lambda: "Computed" not in bar.text.text())
    desk.state.retro.try_settings(GenerationSettings(penal))
    desk.until(lambda: "Computed" in bar.text.text())
    assert not bar.compute_button.isEnabled(), "what is known is not offered again"


def test_what_the_model_computed_is_marked_and_branched_at_though_no_candidate_was_stored(desk, reply):
    bar, _, records = reply
    desk.state.retro.try_settings(GenerationSettings(with_values(default_settings(), {("penalties", "repeat"): 1.4})))
    desk.until(lambda: desk.state.retro.found is not None)
    was, now = records[4].token, Token(900, b" other")
    difference = Difference(4, was, now, 0.5, None, -1.0, None, math.log(0.125))
    desk.worker.replayed = Replayed(5, 8, difference, 0.0, ())
    bar.compute_button.click()
    desk.until(lambda: "Computed" in bar.text.text())
    assert "the first 4 of 8 tokens stay, then comes “·other”" in bar.text.text()
    assert [change.index for change in desk.state.retro.found.result.changes] == [4]
    begun = forks(desk)
    bar.branch_button.click()
    desk.idle()
    assert (begun[0].position, begun[0].piece) == (4, b" other")
    assert begun[0].probability == pytest.approx(0.125)


def test_a_slider_moved_while_the_model_computes_gives_that_up(desk, reply):
    bar, _, _ = reply
    desk.worker.token_ms = 300
    desk.state.retro.try_settings(GenerationSettings(with_values(default_settings(), {("penalties", "repeat"): 1.4})))
    desk.until(lambda: desk.state.retro.found is not None)
    bar.compute_button.click()
    assert "once more" in bar.text.text() and bar.compute_button.text() == "Stop"
    desk.state.retro.try_settings(greedy())
    desk.until(lambda: "Same luck" in bar.text.text())
    assert desk.state.trying.replay is None and bar.compute_button.text() == "Compute with the model"


def test_a_token_of_a_version_that_is_hidden_is_not_looked_at(desk, reply):
    _, message_id, _ = reply
    desk.state.choice.choose(message_id, 1)
    desk.state.regenerate(message_id)
    desk.idle()
    assert desk.state.choice.selected is None and desk.state.tree.leaf_id != message_id
    assert desk.state.retro._message_id() == desk.state.tree.leaf_id


def test_a_reply_of_another_vocabulary_is_not_branched(desk, reply):
    _, message_id, records = reply
    message = desk.state.tree.get(message_id)
    desk.state.tree.replace(msgspec.structs.replace(message, vocabulary_hash="another"))
    desk.state.branch(int(records[2].candidates.id_array()[-1]), (message_id, 2))
    desk.idle()
    assert len(desk.state.tree.siblings(message_id)) == 1
    assert any("other tokens" in notice for notice in desk.notices)
