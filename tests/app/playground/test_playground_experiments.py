"""Experiments: what they ask of the model, and that their definitions hold on a real one."""

import numpy as np
import pytest

from app.playground.experiments import EXPERIMENTS, FLAT, PEAKED
from engine.records import Token
from engine.sampling.chain import Chain
from engine.sampling.record import pick

BY_NAME = {experiment.name: experiment for experiment in EXPERIMENTS}


def outcome(panel, logits):
    chain = Chain(panel.settings.sampling)
    return pick(chain, np.array(logits, dtype=np.float32), [], 0, 1, lambda id: Token(id, bytes([id])))


def test_temperature_flattens_from_one_token_to_nearly_all_alike():
    logits = [3.0, 2.0, 1.0, 0.0]
    firsts = [float(outcome(panel, logits).candidates.final_array()[0]) for panel in BY_NAME["temperature"].panels]
    assert firsts[0] == 1.0 and firsts == sorted(firsts, reverse=True)
    raw = float(np.exp(3) / np.exp(logits).sum())
    assert firsts[3] == pytest.approx(raw, rel=1e-5) and firsts[-1] < raw


def test_top_k_keeps_as_many_anywhere_and_top_p_does_not():
    peaked, flat = [10.0, *np.zeros(29)], list(np.linspace(1, 0, 30))
    panels = BY_NAME["cutting"].panels
    assert [panel.text for panel in panels] == [PEAKED, PEAKED, FLAT, FLAT]
    kept = [outcome(panel, peaked if panel.text == PEAKED else flat).stages[-1].kept for panel in panels]
    assert (kept[0], kept[1], kept[2]) == (10, 1, 10) and kept[3] > 20


def test_the_order_of_two_stages_matters():
    first, last = (outcome(panel, [4.0, 3.0, 2.0, 1.0, 0.0]) for panel in BY_NAME["order"].panels)
    assert first.stages[-1].kept > last.stages[0].kept


def test_one_row_of_logits_for_each_text(ground):
    assert ground.state.experiment(BY_NAME["cutting"], "")
    running = ground.state.experimenting
    ground.until(lambda: len(running.records) == 4 and not running.running)
    asked = [call[:2] for call in ground.asked("next_token") if len(call[1]) == 2]
    assert [text for text, _ in asked] == [PEAKED, FLAT]
    assert [settings[0].sampling.stages[0].name for _, settings in asked] == ["top_k", "top_k"]


def test_another_experiment_gives_up_the_one_before(ground):
    ground.worker.token_ms = 100
    ground.state.experiment(BY_NAME["temperature"], "one")
    ground.worker.token_ms = 0
    ground.state.experiment(BY_NAME["order"], "two")
    ground.until(lambda: not ground.state.experimenting.running)
    assert set(ground.state.experimenting.records) == {0, 1} and ground.state.experimenting.text == "two"


def test_a_text_is_cut_three_ways_and_by_a_file(ground):
    running = ground.state.experimenting
    ground.state.experiment(BY_NAME["vocabularies"], "não é")
    ground.until(lambda: len(running.cuts) == 3 and not running.running)
    assert [call[1] for call in ground.asked("tokenize")] == ["model", "characters", "bytes"]
    running.file = "/models/other.gguf"
    ground.state.experiment(BY_NAME["vocabularies"], "não é")
    ground.until(lambda: len(running.cuts) == 4)
    assert ground.asked("tokenize")[-1][1:] == ("file", "/models/other.gguf")


def test_one_that_writes_begins_a_document(ground):
    ground.type("mine")
    ground.saved()
    assert ground.state.experiment(BY_NAME["recife"], BY_NAME["recife"].text)
    assert (ground.state.text, ground.state.documents.caret) == ("Recife é uma", 12)
    ground.saved()
    assert sorted(row.title for row in ground.state.documents.rows) == ["Recife é uma", "mine"]


def test_without_a_model_there_is_none(ground):
    ground.worker.crash(come_back=False)
    assert not ground.state.experiment(BY_NAME["temperature"], "one") and ground.notices
