"""kill -9 while a checkpoint is written, a disk without room: what was saved before is there, and the run goes on."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from safetensors import SafetensorError

from engine.decoder.files import is_full, write_atomically
from engine.errors import UserError
from engine.runs.events import CheckpointSaved, Failed, StepDone, append_event, read_events
from engine.runs.status import run_status
from tests.helpers.small_training import run, stop_after, write_data, write_recipe


@pytest.mark.skipif(sys.platform == "win32", reason="fork and kill -9")
@pytest.mark.timeout(600)
def test_killed_while_saving_again_and_again():
    """The program with which fifty kills were tried, with a few."""
    command = [sys.executable, "-m", "tests.helpers.kill_while_saving", "--kills", "4"]
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    assert ended.returncode == 0, ended.stderr
    assert "killed 4 times, resumed 4 times" in ended.stdout and "to the bit" in ended.stdout


def full_from(monkeypatch, name):
    """From now on there is no room for files of this name."""
    real = os.fsync

    def fsync(descriptor):
        if name in str(Path(f"/proc/self/fd/{descriptor}").readlink()):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr("engine.decoder.files.os.fsync", fsync)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
@pytest.mark.parametrize("name", ["optimiser.safetensors", "model.safetensors"])
def test_a_full_disk_is_said_and_the_checkpoint_before_kept(tmp_path, monkeypatch, name):
    recipe, data, out = write_recipe(tmp_path), write_data(tmp_path), tmp_path / "run"
    run(recipe, data, out, stopped=stop_after(out, 2))
    with monkeypatch.context() as patch:
        full_from(patch, name)
        with pytest.raises(UserError, match="The disk is full: the checkpoint of step 6 could not be saved") as caught:
            run(recipe, data, out, resume=True)
    assert "Make room" in caught.value.hint and not (out / "checkpoint.part").exists()
    status = run_status(out)
    assert status.state == "failed" and status.resumable and status.problem.startswith("The disk is full")
    assert (out / "latest").read_text() == "checkpoint-0000002"
    assert run(recipe, data, out, resume=True)[0].step == 2
    assert run_status(out).state == "finished"


def test_no_room_even_for_a_line(tmp_path, monkeypatch):
    recipe, data, out = write_recipe(tmp_path), write_data(tmp_path), tmp_path / "run"
    run(recipe, data, out, stopped=stop_after(out, 2))

    def full(run, event):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("engine.training.run.append_event", full)
    with pytest.raises(UserError, match="The disk is full"):
        run(recipe, data, out, resume=True)
    assert run_status(out).resumable


def test_a_disk_without_room_for_one_checkpoint_is_said_before_anything_is_trained(tmp_path, monkeypatch):
    recipe, data, out = write_recipe(tmp_path), write_data(tmp_path), tmp_path / "run"
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr("engine.training.checkpoint.shutil.disk_usage", lambda _: usage._replace(free=40_000))
    with pytest.raises(UserError, match="A checkpoint of this model takes"):
        run(recipe, data, out)
    events, _ = read_events(out)
    assert not any(isinstance(event, StepDone) for event in events) and isinstance(events[-1], Failed)


def test_full_before_the_first_checkpoint_there_is_nothing_to_go_on_from(tmp_path, monkeypatch):
    recipe, data, out = write_recipe(tmp_path), write_data(tmp_path), tmp_path / "run"
    full_from(monkeypatch, "model.safetensors")
    with pytest.raises(UserError, match="The disk is full") as caught:
        run(recipe, data, out)
    assert caught.value.hint == "Make room on the disk, then begin again."


def test_the_library_for_tensors_says_it_like_the_system(tmp_path):
    def write(path):
        path.write_bytes(b"half")
        raise SafetensorError("Error while serializing: I/O error: No space left on device (os error 28)")

    with pytest.raises(OSError) as caught:
        write_atomically(tmp_path / "x", write)
    assert is_full(caught.value) and not list(tmp_path.iterdir())


def test_half_a_line_is_ended_before_the_next(tmp_path):
    append_event(tmp_path, StepDone(1, 2, 3.0, 1.0, 1.0, 1.0, None))
    with (tmp_path / "events.jsonl").open("ab") as file:
        file.write(b'{"type":"StepDo')
    append_event(tmp_path, Failed("a", "b", "c"))
    events, _ = read_events(tmp_path)
    assert [type(event) for event in events] == [StepDone, Failed]


def test_what_is_saved_is_not_saved_again_at_the_same_step(tmp_path):
    recipe, data, out = write_recipe(tmp_path), write_data(tmp_path), tmp_path / "run"
    run(recipe, data, out, stopped=stop_after(out, 2))
    weights = out / "checkpoint-0000002" / "model.safetensors"
    before = weights.stat().st_ino
    events = run(recipe, data, out, resume=True, stopped=stop_after(out, 0))
    assert [event.step for event in events if isinstance(event, CheckpointSaved)] == [2]
    assert weights.stat().st_ino == before
