"""Two processes that share every batch reach what one reaches alone."""

import os
import subprocess
import sys

import pytest
import torch
from safetensors.torch import load_file

from engine.errors import UserError
from engine.runs.events import Evaluated, Finished, StepDone, read_events
from engine.training.distributed import Ranks
from tests.helpers.small_training import run, write_data, write_recipe

CHANGES = [
    "optimiser.kind=sgd",
    "optimiser.learning_rate=0.1",
    "batch=5",
    "accumulate=2",
    "steps=8",
    "baseline.order=0",
    "evaluate_every=4",
]


def shared(folder, processes, changes=CHANGES):
    """Train as torchrun does it, in processes that find each other on this machine."""
    recipe, data, out = folder / "tiny.toml", folder / "data", folder / f"of{processes}"
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc_per_node={processes}"]
    command += ["-m", "app", "train", str(recipe), "--data", str(data), "--out", str(out)]
    for change in changes:
        command += ["--set", change]
    return out, subprocess.run(
        command, capture_output=True, text=True, timeout=150, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )


def test_the_same_as_one_process(tmp_path):
    recipe, data = write_recipe(tmp_path), write_data(tmp_path, 60)
    alone = run(recipe, data, tmp_path / "alone", CHANGES)
    out, done = shared(tmp_path, 2)
    assert done.returncode == 0, done.stderr
    together = read_events(out)[0]
    kinds = [type(event) for event in together]
    assert kinds.count(Finished) == 1, "one of them writes"
    for kind in (Evaluated, StepDone):
        ours = [event.loss for event in together if isinstance(event, kind)]
        theirs = [event.loss for event in alone if isinstance(event, kind)]
        assert ours[-1] == pytest.approx(theirs[-1], rel=1e-4)
    weights = [load_file(folder / "checkpoint-0000008/model.safetensors") for folder in (tmp_path / "alone", out)]
    assert all(torch.allclose(weights[0][name], weights[1][name], atol=1e-5) for name in weights[0])


def test_a_batch_that_is_too_small_is_one_sentence():
    ranks = Ranks()
    ranks.size = 3
    ranks.check_batch(3)
    with pytest.raises(UserError, match="cannot be shared by 3 processes"):
        ranks.check_batch(2)


def test_alone_nothing_is_different(monkeypatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    ranks = Ranks()
    rows = torch.arange(6).reshape(3, 2).numpy()
    assert ranks.leads and ranks.agreed(3) == 3 and ranks.sum(2.5) == 2.5 and (ranks.own(rows) == rows).all()
