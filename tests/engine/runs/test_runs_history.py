"""Curves out of events; a run that goes on from a checkpoint takes back what lay beyond it."""

from engine.runs.events import (
    Baseline,
    CheckpointSaved,
    Evaluated,
    Failed,
    Prepared,
    Probe,
    ProbeToken,
    Sample,
    Started,
    StepDone,
)
from engine.runs.history import History


def step(number: int, loss: float) -> StepDone:
    return StepDone(number, 100, loss, 0.5, 1.5, 2000.0, None)


def grown(*events) -> History:
    history = History()
    for event in events:
        history.add(event)
    return history


def test_each_number_has_its_curve():
    history = grown(
        Started(1000, 0, 100, 48),
        Baseline("prose", 5, 900, 3.0, 2.5),
        step(10, 4.0),
        step(20, 3.5),
        Evaluated(20, "prose", 3.6, 2.9),
        Evaluated(20, "talk", 4.6, 3.9),
    )
    assert (history.loss.steps, history.loss.values) == ([10, 20], [4.0, 3.5])
    assert history.rate.values == [0.5, 0.5] and history.norm.values == [1.5, 1.5]
    assert history.speed.values == [2000.0, 2000.0]
    assert history.held_out["talk"].values == [4.6] and history.bits["prose"].values == [2.9]
    assert history.baseline["prose"].loss == 3.0


def test_a_resumed_run_takes_back_what_it_told_beyond_its_checkpoint():
    probe = [Probe(n, "a", 1.0, (ProbeToken(1, "b", 0.5),)) for n in (0, 20, 30)]
    history = grown(
        Started(1000, 0, 100, 48),
        probe[0],
        step(10, 4.0),
        CheckpointSaved(10, "checkpoint-0000010"),
        step(20, 3.5),
        Evaluated(20, "prose", 3.6, 2.9),
        probe[1],
        Sample(20, "a", "b"),
        step(30, 3.2),
        Failed("disk", "The disk is full.", ""),
        Started(1000, 10, 100, 48),
    )
    assert history.loss.steps == [10] and history.held_out["prose"].steps == []
    assert history.probes == [probe[0]] and history.samples == [] and history.failed is None
    assert [saved.step for saved in history.checkpoints] == [10]
    history.add(step(20, 3.4))
    assert (history.loss.steps, history.loss.values) == ([10, 20], [4.0, 3.4])


def test_probes_by_prompt():
    events = [Probe(n, prompt, float(n), ()) for n in (0, 5) for prompt in ("one", "two")]
    history = grown(*events)
    assert history.prompts() == ["one", "two"]
    assert [probe.entropy_bits for probe in history.probes_of("two")] == [0.0, 5.0]


def test_nothing_is_held_out_where_no_source_has_anything():
    def source(name, held_out):
        return Prepared(name, 7, 100, 0, 0, "", held_out)

    assert grown(source("a", 0), source("b", 0)).nothing_held_out
    assert not grown(source("a", 0), source("b", 1)).nothing_held_out
    assert not grown(source("a", None)).nothing_held_out and not grown().nothing_held_out, "it is not known"
