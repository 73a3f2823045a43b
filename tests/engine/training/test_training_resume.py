"""A run that was broken off and resumed equals the unbroken one, bit for bit."""

import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

import engine.decoder.files
from engine.errors import Cancelled, UserError
from engine.runs.events import Baseline, CheckpointSaved, Evaluated, Finished, Probe, Sample, Started, StepDone
from engine.runs.status import run_status
from engine.training.batches import Batches
from engine.training.loop import Loop
from tests.helpers.small_training import run, stop_after, write_data, write_recipe

STATE = ("model.safetensors", "optimiser.safetensors")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Recipe and data, and the folder of the unbroken run."""
    folder = tmp_path_factory.mktemp("resume")
    recipe, data = write_recipe(folder), write_data(folder)
    events = run(recipe, data, folder / "whole")
    assert events[-1].step == 6 and isinstance(events[-1], Finished) and events[-1].why == "done"
    return recipe, data, folder / "whole"


@pytest.fixture
def noted(monkeypatch):
    """What each step drew and what it cost: (step, part, inputs), and (step, loss, norm)."""
    drawn, costs = [], []
    training, step = Batches.training, Loop._step

    def note_training(self, number, part):
        batch = training(self, number, part)
        drawn.append((number, part, batch[0].tolist()))
        return batch

    def note_step(self, number, factor):
        result = step(self, number, factor)
        costs.append((number, *result))
        return result

    monkeypatch.setattr(Batches, "training", note_training)
    monkeypatch.setattr(Loop, "_step", note_step)
    return drawn, costs


def state_of(checkpoint: Path) -> dict[str, torch.Tensor]:
    return {f"{file}/{name}": tensor for file in STATE for name, tensor in load_file(checkpoint / file).items()}


def assert_same_state(one: Path, other: Path) -> None:
    left, right = state_of(one), state_of(other)
    assert left.keys() == right.keys()
    different = [name for name in left if not torch.equal(left[name], right[name])]
    assert not different
    assert (one / "optimiser.json").read_text() == (other / "optimiser.json").read_text()


@pytest.mark.parametrize("changes", [(), ("optimiser.kind=adamw", "accumulate=2", "precision=bf16"), ("dropout=0.3",)])
def test_stopped_and_resumed_equals_unbroken(place, tmp_path, noted, changes):
    recipe, data, _ = place
    drawn, costs = noted
    run(recipe, data, tmp_path / "whole", changes)
    whole = list(drawn), list(costs)
    drawn.clear(), costs.clear()
    out = tmp_path / "broken"
    first = run(recipe, data, out, changes, stopped=stop_after(out, 4))
    assert first[-1] == Finished(4, "stopped", first[-1].seconds)
    assert len(costs) == 4
    second = run(recipe, data, out, changes, resume=True)
    assert isinstance(second[0], Started) and second[0].step == 4
    assert (drawn, costs) == whole
    assert_same_state(out / "checkpoint-0000006", tmp_path / "whole" / "checkpoint-0000006")


def test_the_optimisers_carry_state_over(place):
    """Without it the comparison above would be of nothing."""
    state = state_of(place[2] / "checkpoint-0000006")
    assert sum("momentum_buffer" in name for name in state) == 14  # seven matrices in each of two layers
    assert sum(name.endswith("exp_avg_sq") for name in state) == 6  # the embedding, five norms
    assert {float(tensor) for name, tensor in state.items() if name.endswith("/step")} == {6.0}


def test_data_that_is_gone_is_not_missed(place, tmp_path):
    recipe, data, whole = place
    out = tmp_path / "run"
    run(recipe, data, out, stopped=stop_after(out, 2))
    run(recipe, tmp_path / "nowhere", out, resume=True)
    assert_same_state(out / "checkpoint-0000006", whole / "checkpoint-0000006")


def test_a_stopped_run_saves_before_anything_else(place, tmp_path):
    recipe, data, _ = place
    out = tmp_path / "run"
    events = run(recipe, data, out, stopped=stop_after(out, 3))
    after = [type(event) for event in events if not isinstance(event, Baseline)]
    assert after == [Started, Probe, CheckpointSaved, Finished]
    finished = run(recipe, data, out, resume=True)
    kinds = [type(event) for event in finished]
    assert kinds == [Started, StepDone, CheckpointSaved, Evaluated, Evaluated, Probe, Sample, Finished]


@pytest.mark.parametrize("moment", ["optimiser.safetensors", "progress.json", "model.safetensors", "latest"])
def test_killed_while_saving(place, tmp_path, monkeypatch, moment):
    """The last file that is written is half there: the run goes on from the checkpoint before, to the same end."""
    recipe, data, whole = place
    out = tmp_path / "run"
    run(recipe, data, out, stopped=stop_after(out, 2))
    real = engine.decoder.files.write_atomically

    def killed(path, write):
        if path.name == moment:
            path.with_name(path.name + ".part").write_bytes(b"half")
            raise KeyboardInterrupt
        real(path, write)

    with monkeypatch.context() as patch:
        patch.setattr("engine.training.checkpoint.write_atomically", killed)
        patch.setattr("engine.decoder.checkpoint.write_atomically", killed)
        with pytest.raises(KeyboardInterrupt):
            run(recipe, data, out, resume=True)
    assert (out / "latest").read_text() == "checkpoint-0000002"
    events = run(recipe, data, out, resume=True)
    assert events[0].step == 2
    assert_same_state(out / "checkpoint-0000006", whole / "checkpoint-0000006")
    assert not (out / "checkpoint.part").exists()


def test_every_file_is_flushed_before_the_checkpoint_has_its_name(place, tmp_path, monkeypatch):
    recipe, data, _ = place
    flushed = []
    real = engine.decoder.files.os.fsync

    def fsync(file):
        flushed.append(Path(f"/proc/self/fd/{file}").readlink())
        real(file)

    monkeypatch.setattr(engine.decoder.files.os, "fsync", fsync)
    out = tmp_path / "run"
    run(recipe, data, out, ["steps=1"])
    saved = out / "checkpoint-0000001"
    part = out / "checkpoint.part"
    assert {path.name for path in saved.iterdir()} == {
        path.name.removesuffix(".part") for path in flushed if path.parent == part
    }
    assert part in flushed and flushed[-1] == out


def test_latest_that_points_nowhere(place, tmp_path):
    recipe, data, whole = place
    out = tmp_path / "run"
    run(recipe, data, out, ["checkpoint_minutes=0"], stopped=stop_after(out, 4))
    assert sorted(path.name for path in out.glob("checkpoint-*")) == ["checkpoint-0000003", "checkpoint-0000004"]
    shutil.rmtree(out / "checkpoint-0000004")
    events = run(recipe, data, out, resume=True)
    assert events[0].step == 3
    assert_same_state(out / "checkpoint-0000006", whole / "checkpoint-0000006")


def test_a_newest_checkpoint_without_weights_is_passed_over(place, tmp_path):
    recipe, data, whole = place
    out = tmp_path / "run"
    run(recipe, data, out, ["checkpoint_minutes=0"], stopped=stop_after(out, 4))
    (out / "checkpoint-0000004" / "model.safetensors").unlink()
    assert run(recipe, data, out, resume=True)[0].step == 3
    assert_same_state(out / "checkpoint-0000006", whole / "checkpoint-0000006")


def test_a_damaged_optimiser_is_one_sentence(place, tmp_path):
    recipe, data, _ = place
    out = tmp_path / "run"
    run(recipe, data, out, ["steps=1"])
    (out / "checkpoint-0000001" / "optimiser.safetensors").write_bytes(b"half")
    with pytest.raises(UserError, match=r"checkpoint-0000001 is damaged"):
        run(recipe, data, out, resume=True)


@pytest.mark.parametrize("change", ["optimiser.kind=adamw", "optimiser.kind=muon"])
def test_resuming_with_another_optimiser_is_refused(place, tmp_path, change):
    recipe, data, _ = place
    out = tmp_path / "run"
    other = {"optimiser.kind=adamw": "optimiser.kind=muon"}.get(change, "optimiser.kind=adamw")
    run(recipe, data, out, ["steps=1", other])
    with pytest.raises(UserError, match="another optimiser"):
        run(recipe, data, out, ["steps=2", change], resume=True)


def test_stopped_before_anything_could_be_saved(place, tmp_path):
    recipe, data, whole = place
    out = tmp_path / "run"
    with pytest.raises(Cancelled):
        run(recipe, data, out, stopped=lambda: True)
    assert run_status(out).state == "stopped" and not run_status(out).resumable
    run(recipe, data, out)
    assert_same_state(out / "checkpoint-0000006", whole / "checkpoint-0000006")


def test_killed_before_the_first_checkpoint_starts_anew(place, tmp_path, monkeypatch):
    """Neither "already holds a run" nor "nothing to resume" may leave a person with no way on."""
    recipe, data, _ = place
    out = tmp_path / "run"

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("engine.training.loop.save_checkpoint", killed)
        with pytest.raises(KeyboardInterrupt):
            run(recipe, data, out, ["steps=2"])
    assert (out / "events.jsonl").exists()
    with pytest.raises(UserError, match="no checkpoint to go on from"):
        run(recipe, data, out, ["steps=2"], resume=True)
    run(recipe, data, out, ["steps=2"])
    assert (out / "events.jsonl").read_text().count('"Started"') == 1
    with pytest.raises(UserError, match="already holds a run"):
        run(recipe, data, out, ["steps=2"])


def test_a_start_that_failed_leaves_nothing_that_the_next_one_uses(place, tmp_path):
    """The recipe and the texts were changed after the first try: tokenizer and packed ids are those of the second."""
    recipe, data, _ = place
    shutil.copytree(data, tmp_path / "data")
    data, out = tmp_path / "data", tmp_path / "run"
    whole = (data / "prose.txt").read_text()
    (data / "prose.txt").write_text("too short")
    with pytest.raises(UserError, match="shorter than one row of 16 tokens") as caught:
        run(recipe, data, out)
    largest = caught.value.hint.rpartition(" ")[2].rstrip(".")
    run(recipe, data, tmp_path / "short", [f"block={largest}", "steps=1"])
    (data / "prose.txt").write_text(whole)
    run(recipe, data, out, ["steps=1", "tokenizer.vocabulary_size=290"])
    embedding = load_file(out / "checkpoint-0000001" / "model.safetensors")["embed_tokens.weight"]
    assert embedding.shape[0] == 290


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        (lambda out: out.write_text("x"), "is a file"),
        (lambda out: (out.mkdir(), (out / "tokenizer.json").write_text("{}")), "already holds another model"),
    ],
)
def test_folders_that_are_not_a_run(place, tmp_path, prepare, sentence):
    recipe, data, _ = place
    out = tmp_path / "out"
    prepare(out)
    with pytest.raises(UserError, match=sentence):
        run(recipe, data, out)


def test_a_full_disk_is_one_sentence(place, tmp_path, monkeypatch):
    recipe, data, _ = place

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.training.loop.save_checkpoint", full)
    with pytest.raises(UserError, match="cannot be written") as caught:
        run(recipe, data, tmp_path / "run", ["steps=1"])
    assert "No space left" in caught.value.detail


def test_weights_that_would_be_spoilt_are_not_saved(place, tmp_path):
    recipe, data, _ = place
    out = tmp_path / "run"
    changes = ["checkpoint_minutes=0", "optimiser.kind=adamw"]
    run(recipe, data, out, [*changes, "steps=2"])
    with pytest.raises(UserError, match="no number any more") as caught:
        run(recipe, data, out, [*changes, "optimiser.learning_rate=1e38"], resume=True)
    assert "resume from the last checkpoint" in caught.value.hint
    with pytest.raises(UserError, match="no number any more") as caught:
        run(recipe, data, tmp_path / "new", [*changes[1:], "optimiser.learning_rate=1e38", "steps=4"])
    assert caught.value.hint == "Lower the learning rate and begin again."
    weights = load_file(out / (out / "latest").read_text() / "model.safetensors")
    assert all(tensor.isfinite().all() for tensor in weights.values())


def test_only_the_last_two_checkpoints_are_kept_and_a_stale_later_one_goes(place, tmp_path):
    recipe, data, _ = place
    out = tmp_path / "run"
    run(recipe, data, out, ["checkpoint_minutes=0", "steps=3"])
    for stale in ("checkpoint-0000008", "checkpoint-0000009"):
        (out / stale).mkdir()
    run(recipe, data, out, ["steps=4"], resume=True)
    assert sorted(path.name for path in out.glob("checkpoint*")) == ["checkpoint-0000003", "checkpoint-0000004"]
    assert (out / "latest").read_text() == "checkpoint-0000004"


def test_losses_are_told_before_each_evaluation_however_quick_the_steps_are(tmp_path):
    events = run(write_recipe(tmp_path), write_data(tmp_path), tmp_path / "run", ["evaluate_every=2"])
    assert [event.step for event in events if isinstance(event, StepDone)] == [2, 4, 6]
