"""What a model in training expects next, told with each evaluation."""

import numpy as np
import pytest
import torch

from engine.runs.events import Probe, ProbeToken, Started, append_event, read_events
from engine.tokenizer.character import character_vocabulary
from engine.training.sample import probe
from tests.helpers.small_models import small_decoder
from tests.helpers.small_training import run, write_data, write_recipe


@pytest.fixture
def vocabulary():
    return character_vocabulary(["abc é"])


def test_the_likeliest_tokens_and_the_entropy_are_those_of_the_whole_distribution(vocabulary):
    model = small_decoder(vocabulary_size=vocabulary.size).eval()
    found = probe(model, vocabulary, "ab")
    entropy, top = found.entropy_bits, found.top[:5]
    start = [] if vocabulary.bos_id is None else [vocabulary.bos_id]
    ids = torch.tensor([start + vocabulary.encode("ab")])
    with torch.no_grad():
        logits = model(ids)[0, -1].double().numpy()
    p = np.exp(logits - logits.max())
    p /= p.sum()
    order = np.argsort(-logits, kind="stable")[:5]
    assert [token.id for token in top] == order.tolist()
    assert [token.probability for token in top] == pytest.approx(p[order].tolist(), rel=1e-5)
    assert entropy == pytest.approx(float(-(p * np.log2(p)).sum()), rel=1e-5)
    assert found.history == tuple(ids[0].tolist()) and found.record.vocabulary_size == vocabulary.size
    assert found.record.candidates.logit_array()[:5] == pytest.approx(logits[order], rel=1e-5)
    best = found.record.candidates
    drawn = np.searchsorted(np.cumsum(best.final_array()), found.record.dart, side="right")
    assert found.record.token.id == best.id_array()[drawn] and found.record.stages


def test_where_nothing_is_learnt_the_distribution_is_flat(vocabulary):
    model = small_decoder(vocabulary_size=vocabulary.size).eval()
    with torch.no_grad():
        model.lm_head.weight.zero_()
    found = probe(model, vocabulary, "")
    top = found.top
    assert found.entropy_bits == pytest.approx(np.log2(vocabulary.size))
    assert [token.id for token in top] == list(range(12))  # ties by id
    assert [token.probability for token in top] == pytest.approx([1 / vocabulary.size] * 12)


def test_a_run_tells_it_before_the_first_step_and_at_each_evaluation(tmp_path):
    changes = ["evaluate_every=3", 'sample_prompts=["the fox", "não"]', "baseline.order=0"]
    events = run(write_recipe(tmp_path), write_data(tmp_path), tmp_path / "run", changes)
    probes = [event for event in events if isinstance(event, Probe)]
    assert isinstance(events[0], Started)
    expected = [(step, prompt) for step in (0, 3, 6) for prompt in ("the fox", "não")]
    assert [(event.step, event.prompt) for event in probes] == expected
    assert all(sum(token.probability for token in event.top) <= 1 + 1e-9 for event in probes)
    assert probes[0].top != probes[-2].top  # something was learnt in between
    assert [event for event in read_events(tmp_path / "run")[0] if isinstance(event, Probe)] == probes


def test_it_is_written_as_a_line_and_read_back(tmp_path):
    event = Probe(7, "the", 3.25, (ProbeToken(4, " fox", 0.5), ProbeToken(9, "<0xC3>", 0.25)))
    append_event(tmp_path, event)
    assert '"top":[[4," fox",0.5],[9,"<0xC3>",0.25]]' in (tmp_path / "events.jsonl").read_text()
    assert read_events(tmp_path) == ([event], (tmp_path / "events.jsonl").stat().st_size)
