"""Comparing without widgets: which process does it, what is told of it, and that the second process goes again."""

import math

import pytest

from app.inspector.shares import Share
from app.playground.comparing import Comparing, shares
from app.workers.inference import WorkerState
from engine.records import AdapterInfo, Message, SamplingSettings, StageSettings
from engine.records.explore import Side, Span
from engine.worker.protocol import Failed
from tests.helpers.records import make_record

LOADED = Side("/models/pretend.gguf")
OTHER = Side("/models/other.gguf")
GREEDY = Side("/models/pretend.gguf", SamplingSettings((StageSettings("top_k", values={"k": 1}),)))


def compared(ground, left=LOADED, right=OTHER) -> Comparing:
    ground.type("one two three")
    ground.state.compare(left, right)
    comparing = ground.state.comparing
    ground.until(lambda: len(comparing.spans) == 3 and not comparing.running)
    return comparing


def test_another_model_runs_in_a_process_of_its_own_which_goes_again(ground):
    comparing = compared(ground)
    assert ground.asked("compare_text") == [] and len(ground.others) == 1
    assert ground.others[0].requests[0][1:5] == ("one two three", LOADED, OTHER, ground.state.seed)
    comparing.release()
    assert ground.others[0].state == WorkerState.STOPPED and len(comparing.spans) == 3
    ground.state.compare(LOADED, OTHER)
    ground.until(lambda: len(comparing.spans) == 3)
    assert len(ground.others) == 2


def test_two_chains_of_the_loaded_model_need_no_second_process(ground):
    compared(ground, LOADED, GREEDY)
    assert ground.others == [] and len(ground.asked("compare_text")) == 1


def test_the_places_of_most_disagreement_come_first(ground):
    comparing = compared(ground)
    assert comparing.most_different() == [2, 1] and comparing.most_different(1) == [2]
    totals = comparing.totals()
    assert totals is not None
    assert (totals.js_bits, totals.kl_bits) == (pytest.approx(0.1), pytest.approx(0.5))
    assert (totals.left_bits, totals.right_bits) == (6.0, 6.0)


def test_both_records_of_a_place_are_asked_for(ground):
    comparing = compared(ground)
    comparing.look(1)
    ground.until(lambda: len(comparing.records) == 2)
    assert ground.others[0].requests[-1][1] == "one"
    comparing.look(99)
    assert comparing.current == 1


def test_without_a_common_vocabulary_the_bits_are_told_apart(ground):
    comparing = compared(ground)
    comparing.spans = [Span(0, 3, 4.0, 1.0), Span(3, 7, 2.0, 2.5), Span(7, 9, math.inf, 1.0)]
    assert comparing.most_different() == [0, 1]
    totals = comparing.totals()
    assert totals is not None and totals.js_bits is None and totals.kl_bits is None
    assert (totals.left_bits, totals.left_cut, totals.right_cut) == (6.0, 1, 0)
    assert totals.mean_bits == (3.0, 1.5), "without the one that cannot come at the left"


def test_a_chain_against_the_raw_model_has_a_finite_divergence(ground):
    comparing = compared(ground)
    comparing.spans = [Span(0, 3, 4.0, math.inf, math.inf, 0.5, 1.0), Span(3, 7, 2.0, 1.0, 0.5, 0.25, 0.5)]
    totals = comparing.totals()
    assert totals is not None and (totals.kl_bits, totals.kl_back_bits) == (None, 0.75)
    assert totals.mean_bits == (3.0, 1.0) and (totals.left_cut, totals.right_cut) == (0, 1)


def test_a_failure_and_a_crash_of_the_second_process_are_told(ground):
    ground.type("one")
    ground.state.compare(LOADED, OTHER)
    ground.others[0].fail_next = Failed(0, "model-load", "It could not be loaded.")
    ground.until(lambda: len(ground.failures) == 1)
    ground.others[0].crash(come_back=False)
    assert "SIGSEGV" in ground.failures[1].text and not ground.state.comparing.running


def test_without_a_text_it_is_said(ground):
    ground.state.compare(LOADED, OTHER)
    assert ground.notices and ground.others == []


def test_shares_are_raw_or_after_the_chain():
    raw, final = shares(make_record(0), False), shares(make_record(0), True)
    assert raw.of(b" word").value == pytest.approx(math.e / (1 + math.e), rel=1e-5) and final.of(b" word") == Share(1.0)
    assert raw.of(b"\xff").value == pytest.approx(1 / (1 + math.e), rel=1e-5) and final.of(b"\xff") == Share(0.0)


def test_the_loaded_model_with_an_adapter_needs_a_process_of_its_own(ground):
    beside = Side(LOADED.path, None, (AdapterInfo("pirate", "/a/pirate.gguf"),))
    compared(ground, LOADED, beside)
    assert len(ground.others) == 1 and ground.others[0].requests[0][2:4] == (LOADED, beside)


def test_a_reply_is_compared_in_its_conversation_and_again_with_others(ground):
    chat = (Message("user", "Where is the fox?"),)
    shown = []
    ground.state.sides_wanted.connect(lambda *sides: shown.append(sides))
    ground.state.compare_reply(LOADED, OTHER, "in the wood", chat)
    comparing = ground.state.comparing
    ground.until(lambda: len(comparing.spans) == 3 and not comparing.running)
    assert shown == [(LOADED, OTHER)] and ground.state.text == "in the wood"
    comparing.look(1)
    ground.until(lambda: len(comparing.records) == 2)
    ground.state.compare(OTHER, LOADED)
    ground.until(lambda: len(comparing.spans) == 3)
    requests = ground.others[0].requests
    assert [call[0] for call in requests] == ["compare_text", "compare_next", "compare_text"]
    assert all(call[-1] == chat for call in requests)
    ground.type(" now")
    ground.state.compare(LOADED, OTHER)
    assert ground.others[0].requests[-1][-1] == (), "another text is no reply any more"


def test_without_a_reply_the_sides_are_shown_and_the_open_text_is_compared(ground):
    shown = []
    ground.state.sides_wanted.connect(lambda *sides: shown.append(sides))
    ground.state.compare_reply(LOADED, OTHER, "", ())
    assert shown == [(LOADED, OTHER)] and ground.others == []
    assert ground.notices == ["There is no text to compare over. Write something first."]
    ground.type("one two three")
    ground.state.compare_reply(LOADED, OTHER, "", ())
    assert ground.others[0].requests[0][1] == "one two three"
