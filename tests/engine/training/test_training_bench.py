"""The bench's figures: counted by hand, and consistent with each other."""

import json

import pytest
from torch.utils.flop_counter import FlopCounterMode

from engine.cli.main import main
from engine.decoder.config import DecoderConfig
from engine.training import bench
from engine.training.bench import SHAPE, bench_training, busy, flops_per_token

TINY = DecoderConfig(vocabulary_size=50, d_model=32, n_layers=2, n_heads=2, d_ff=64, context_length=16)


def test_flops_by_hand():
    layer = 4 * 384 * 384 + 3 * 384 * 1024
    norms = 13 * 384
    assert flops_per_token(SHAPE) == 6 * (6 * layer + 328 * 384 + norms) + 12 * 6 * 384 * 256
    assert SHAPE.parameter_count == pytest.approx(10.7e6, rel=0.02)


def test_flops_are_those_that_torch_counts():
    """But for the norms, which are no matrix products. 64 positions are one block of attention, in which nothing is left out."""
    shape = DecoderConfig(vocabulary_size=512, d_model=64, n_layers=2, n_heads=4, d_ff=192, context_length=64)
    step = bench._training_step(shape, 3, False, bench.choose_device("cpu"))
    with FlopCounterMode(display=False) as counter:
        step()
    norms = 6 * (2 * shape.n_layers + 1) * shape.d_model
    counted = counter.get_total_flops() / (3 * shape.context_length)
    assert counted == flops_per_token(shape) - norms


def test_untied_embeddings_are_looked_up_and_not_multiplied():
    untied = DecoderConfig(vocabulary_size=50, d_model=32, n_layers=2, n_heads=2, d_ff=64, tied_embeddings=False)
    tied = DecoderConfig(vocabulary_size=50, d_model=32, n_layers=2, n_heads=2, d_ff=64)
    assert flops_per_token(untied) == flops_per_token(tied)


def test_figures_agree():
    found = bench_training(0.05, compile=False, device="cpu", shape=TINY, batch=2, peak_size=64)
    assert found["tokens_per_s"] == pytest.approx(1000 * 2 * 16 / found["ms_per_step"])
    share = found["tokens_per_s"] * found["flops_per_token"] / found["peak_flops"]
    assert found["share_of_peak"] == pytest.approx(share) and share > 0
    assert found["steps"] >= 1 and 0 < found["cores_had"] <= 1.1 * found["cores"]


def test_where_others_are_at_work_it_is_said(capsys, monkeypatch):
    """Half of the time the process did not run: of its cores it had half."""
    ticks = iter(range(1000))
    monkeypatch.setattr(bench.time, "perf_counter", lambda: 2.0 * next(ticks))
    processor = iter((0.0, 1.0))
    monkeypatch.setattr(bench.time, "process_time", lambda: next(processor))
    monkeypatch.setattr(bench, "_times", lambda run, seconds, where: [1.0])
    found = bench_training(0.0, compile=False, device="cpu", shape=TINY, batch=2, peak_size=64)
    assert found["cores_had"] == 0.5
    assert busy({**found, "cores": 1}).startswith("Of 1 cores it had 0.5: others are at work.")
    assert busy({**found, "cores_had": found["cores"]}) == busy({}) == ""
    monkeypatch.setattr("engine.training.bench.bench_training", lambda seconds, compile: {**found, "cores": 1})
    assert main(["bench", "--train"]) == 0
    said = capsys.readouterr()
    assert "others are at work" in said.err and "cores_had: 0.500" in said.out


def test_the_verb(capsys, monkeypatch):
    monkeypatch.setattr(bench, "SHAPE", TINY)
    monkeypatch.setattr(
        "engine.training.bench.bench_training", lambda seconds, compile: {"tokens_per_s": seconds + compile}
    )
    assert main(["bench", "--train", "--seconds", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"tokens_per_s": 3.0}
    assert main(["bench", "--train", "--seconds", "2", "--no-compile"]) == 0
    assert capsys.readouterr().out == "tokens_per_s: 2.000\n"
