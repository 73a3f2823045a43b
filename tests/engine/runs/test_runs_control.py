"""A run is steered through its folder, found by its lock, and survives whoever started it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from engine.cli.main import main
from engine.errors import UserError
from engine.runs.control import heard, is_running, locked, running_pid, tell, was_cut_off
from engine.runs.events import (
    CheckpointSaved,
    Failed,
    Finished,
    Paused,
    Resumed,
    StepDone,
    append_event,
    read_events,
)
from engine.runs.status import find_runs, run_status
from tests.helpers.small_training import run, write_data, write_recipe


def until(condition, seconds=60.0):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)
    return found


def kinds(folder):
    return [type(event) for event in read_events(folder)[0]]


@pytest.fixture
def going(tmp_path):
    """A run in a thread that goes on until it is told to stop."""
    out = tmp_path / "run"
    recipe, data = write_recipe(tmp_path), write_data(tmp_path)
    thread = threading.Thread(target=run, args=(recipe, data, out, ["steps=1000000", "baseline.order=0"]))
    thread.start()
    until(lambda: (out / "events.jsonl").exists() and is_running(out))
    yield out
    if is_running(out):
        tell(out, "stop")
    thread.join(60)


def test_pause_resume_save_and_stop(going):
    tell(going, "save")
    until(lambda: CheckpointSaved in kinds(going))
    tell(going, "pause")
    until(lambda: Paused in kinds(going))
    assert run_status(going).state == "paused"
    (paused,) = [event for event in read_events(going)[0] if isinstance(event, Paused)]
    assert (going / "latest").read_text() == f"checkpoint-{paused.step:07d}", "what is paused is safe"
    time.sleep(0.3)
    assert kinds(going)[-1] is Paused, "nothing happens meanwhile"
    tell(going, "resume")
    until(lambda: Resumed in kinds(going))
    assert run_status(going).state == "running" and not run_status(going).resumable
    tell(going, "stop")
    finished = until(lambda: [event for event in read_events(going)[0] if isinstance(event, Finished)])[0]
    until(lambda: not is_running(going))
    assert finished.why == "stopped" and finished.step > paused.step
    status = run_status(going)
    assert status.state == "stopped" and status.resumable and status.step == finished.step


def test_a_pause_costs_no_time_of_the_run(going):
    tell(going, "pause")
    until(lambda: Paused in kinds(going))
    paused = time.monotonic()
    saved = going / (going / "latest").read_text() / "progress.json"
    seconds_before = json.loads(saved.read_text())["seconds"]
    time.sleep(1.5)
    tell(going, "resume")
    until(lambda: StepDone in kinds(going)[kinds(going).index(Paused) :])
    tell(going, "stop")
    (finished,) = until(lambda: [event for event in read_events(going)[0] if isinstance(event, Finished)])
    (before,) = [event for event in read_events(going)[0] if isinstance(event, Paused)]
    assert finished.step > before.step
    assert finished.seconds - seconds_before < time.monotonic() - paused - 1.4


def test_two_processes_do_not_share_a_run(going, tmp_path):
    with pytest.raises(UserError, match="is going on already"), locked(going):
        raise AssertionError


def test_nobody_is_there_to_be_told(tmp_path):
    assert not is_running(tmp_path)
    with pytest.raises(UserError, match="is not going on"):
        tell(tmp_path, "stop")
    with locked(tmp_path):
        assert is_running(tmp_path)
        tell(tmp_path, "save")
        assert heard(tmp_path) == "save" and heard(tmp_path) is None
        (tmp_path / "control").write_text("dance")
        assert heard(tmp_path) is None
        tell(tmp_path, "pause")
    assert not is_running(tmp_path)
    with locked(tmp_path):
        assert heard(tmp_path) is None, "what was meant for the process before"


def test_a_line_that_is_half_written_is_read_later(tmp_path):
    append_event(tmp_path, Paused(3))
    with (tmp_path / "events.jsonl").open("ab") as file:
        file.write(b'{"type":"Nonsense"}\n{"type":"Resu')
    events, place = read_events(tmp_path)
    assert events == [Paused(3)]
    with (tmp_path / "events.jsonl").open("ab") as file:
        file.write(b'med","step":4}\n')
    assert read_events(tmp_path, place)[0] == [Resumed(4)]


def test_an_error_is_written_down(tmp_path):
    recipe, data = write_recipe(tmp_path), write_data(tmp_path)
    (data / "talk.jsonl").unlink()
    with pytest.raises(UserError):
        run(recipe, data, tmp_path / "run")
    (failed,) = [event for event in read_events(tmp_path / "run")[0] if isinstance(event, Failed)]
    status = run_status(tmp_path / "run")
    assert status.state == "failed" and failed.text in status.problem and not status.resumable
    assert not was_cut_off(tmp_path / "run"), "it has said why"


def test_a_detached_run_is_found_steered_killed_and_resumed(tmp_path, capsys):
    """Through the command line, in processes of its own, as a person would."""
    recipe, data, out = write_recipe(tmp_path), write_data(tmp_path), tmp_path / "runs" / "one"
    start = ["train", str(recipe), "--data", str(data), "--out", str(out), "--set", "steps=1000000"]
    assert main([*start, "--detach"]) == 0
    pid = running_pid(out)
    assert pid != os.getpid() and os.getsid(pid) != os.getsid(0)
    until(lambda: StepDone in kinds(out))
    assert main([*start, "--resume"]) == 2, "it runs already, or has no checkpoint"
    assert main(["runs", "save", str(out)]) == 0
    until(lambda: CheckpointSaved in kinds(out))
    os.kill(pid, signal.SIGKILL)
    until(lambda: not is_running(out))
    assert was_cut_off(out) and not was_cut_off(out), "said once"
    capsys.readouterr()
    assert main(["runs", "list", str(out.parent), "--json"]) == 0
    (status,) = json.loads(capsys.readouterr().out)
    assert status["state"] == "interrupted" and status["resumable"]
    before = len(read_events(out)[0])
    assert main(["runs", "resume", str(out), "--detach"]) == 0
    until(lambda: StepDone in kinds(out)[before:])
    assert main(["runs", "stop", str(out)]) == 0
    until(lambda: not is_running(out))
    capsys.readouterr()
    assert main(["runs", "show", str(out)]) == 0
    assert "stopped, step" in (said := capsys.readouterr().out) and "runs resume" in said
    assert find_runs(out.parent) == [out]


def test_a_run_that_cannot_start_says_why(tmp_path, capsys):
    recipe, data = write_recipe(tmp_path), write_data(tmp_path)
    arguments = ["train", str(recipe), "--data", str(data), "--out", str(tmp_path / "run"), "--detach"]
    assert main([*arguments, "--set", "model.n_heads=3"]) == 2
    assert "cannot be shared by 3 heads evenly" in capsys.readouterr().err


KILLED = """
import sys
from pathlib import Path
from tests.helpers.small_training import run
recipe, data, out, resume = sys.argv[1:]
run(Path(recipe), Path(data), Path(out), ["steps=1000000", "checkpoint_minutes=0", "baseline.order=0"], resume == "resume")
"""


def test_killed_again_and_again_while_it_saves(tmp_path):
    """Every step writes a checkpoint, so a kill nearly always falls into one; each time it goes on from where it had come."""
    recipe, data, out = write_recipe(tmp_path), write_data(tmp_path), tmp_path / "run"
    reached = -1
    for kill in range(4):
        known = len(kinds(out)) if kill else 0
        arguments = [str(recipe), str(data), str(out), "resume" if kill else "new"]
        process = subprocess.Popen([sys.executable, "-c", KILLED, *arguments])
        until(lambda known=known, more=2 + kill: kinds(out)[known:].count(CheckpointSaved) >= more)
        process.kill()
        process.wait()
        step = int((out / "latest").read_text().removeprefix("checkpoint-"))
        assert step > reached and run_status(out).resumable
        reached = step
    events = run(recipe, data, out, [f"steps={reached + 3}"], resume=True)
    assert isinstance(events[-1], Finished) and events[-1].step == reached + 3
