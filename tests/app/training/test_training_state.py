"""Runs followed by their folders, steered by their control file, deleted with a way back."""

from concurrent.futures import Future

import pytest

from app.training.state import TrainingState
from engine.runs.about import About, read_about
from engine.runs.control import heard, locked
from engine.runs.events import CheckpointSaved, Finished, Paused, Started
from tests.helpers.fake_runs import go_on, recipe, tell, write_run


@pytest.fixture
def state(qtbot, tmp_path):
    state = TrainingState(tmp_path / "runs")
    yield state
    state.put_away()
    qtbot.waitUntil(lambda: not state.follower._looking)
    state.deleteLater()


def look(qtbot, state):
    """A whole look from now on: while a run goes on there are others by the clock."""
    qtbot.waitUntil(lambda: not state.follower._looking)
    with qtbot.waitSignal(state.follower.found, timeout=10_000):
        state.follower.look()


def test_no_folder_is_no_runs(qtbot, state):
    look(qtbot, state)
    assert state.known and state.runs == {}


def test_a_run_is_found_with_its_whole_curve_and_followed(qtbot, state):
    run = write_run(state.folder, done=40, why="")
    with locked(run):
        look(qtbot, state)
        state.show(run)
        assert state.shown.status.state == "running"
        assert state.shown.history.loss.steps == list(range(2, 41, 2))
        with qtbot.waitSignal(state.grew):
            go_on(run, 40, 60)
            look(qtbot, state)
        assert state.shown.history.loss.steps == list(range(2, 61, 2))
        assert state.shown.history.held_out["texts"].steps == [20, 40, 60]
    look(qtbot, state)
    assert state.shown.status.state == "interrupted" and state.shown.status.resumable


def test_nothing_is_told_where_nothing_is_new(qtbot, state):
    state.show(write_run(state.folder))
    look(qtbot, state)
    with qtbot.assertNotEmitted(state.grew), qtbot.assertNotEmitted(state.listed):
        look(qtbot, state)


def test_what_a_resumed_run_takes_back_is_gone_from_the_curve(qtbot, state):
    run = write_run(state.folder, done=60, why="")
    look(qtbot, state)
    state.show(run)
    tell(run, Started(12_345, 40, 100, 64))
    go_on(run, 40, 50)
    look(qtbot, state)
    assert state.shown.history.loss.steps == list(range(2, 51, 2))


def test_a_run_begun_anew_in_the_same_folder_is_read_anew(qtbot, state):
    run = write_run(state.folder, done=60)
    look(qtbot, state)
    state.show(run)
    (run / "events.jsonl").unlink()
    tell(run, Started(12_345, 0, 100, 64))
    go_on(run, 0, 4)
    look(qtbot, state)
    assert state.shown.history.loss.steps == [2, 4]


def test_steering_writes_what_the_run_listens_to(qtbot, state):
    run = write_run(state.folder, done=40, why="")
    with locked(run):
        look(qtbot, state)
        state.show(run)
        state.tell("pause")
        qtbot.waitUntil(lambda: (run / "control").exists())
        assert heard(run) == "pause" and state.asked_of(state.shown) == "pause"
        tell(run, CheckpointSaved(40, str(run / "checkpoint-0000040")))
        look(qtbot, state)
        assert state.asked_of(state.shown) == "pause", "it has saved, and does not pause yet"
        tell(run, Paused(40))
        look(qtbot, state)
        assert state.shown.status.state == "paused" and state.asked_of(state.shown) is None
        state.resume()  # a paused one goes on at once, no process is started
        qtbot.waitUntil(lambda: (run / "control").exists())
        assert heard(run) == "resume"


def test_steering_what_does_not_go_on_is_told(qtbot, state):
    state.show(write_run(state.folder))
    look(qtbot, state)
    with qtbot.waitSignal(state.failed) as caught:
        state.tell("pause")
    assert caught.args[0].code == "run-not-running" and state.asked_of(state.shown) is None


def test_a_deleted_run_comes_back(qtbot, state):
    run = write_run(state.folder)
    look(qtbot, state)
    state.show(run)
    offered = []
    state.undoable.connect(lambda text, undo: offered.append((text, undo)))
    state.delete(run)
    qtbot.waitUntil(lambda: bool(offered))
    assert state.shown is None and not run.exists() and "Machado" in offered[0][0]
    offered[0][1]()
    qtbot.waitUntil(lambda: state.shown is not None, timeout=10_000)
    assert state.shown.path == run and state.shown.history.loss.steps


def test_title_notes_and_tags_are_kept_and_found(qtbot, state):
    run = write_run(state.folder)
    look(qtbot, state)
    about = About("Dom Casmurro", "Olhos de ressaca", ("prosa",))
    state.set_about(run, about)
    assert state.runs[run].title == "Dom Casmurro"
    state.put_away()  # the end of the program waits for it
    assert read_about(run) == about
    found = state.runs[run]
    assert found.matches("ressaca CASMURRO") and found.matches("prosa") and not found.matches("poems")


def test_another_shown_run_is_no_longer_compared(qtbot, state):
    one, two = write_run(state.folder, "One"), write_run(state.folder, "Two")
    look(qtbot, state)
    state.show(one)
    state.compare(two, True)
    assert state.compared == (two,)
    state.show(two)
    assert state.compared == ()


def test_checkpoints_are_those_that_are_there_and_whole(qtbot, state):
    run = write_run(state.folder, done=60)
    (run / "checkpoint-0000040").mkdir()
    (run / "checkpoint.part").mkdir()
    look(qtbot, state)
    state.show(run)
    assert state.shown.checkpoints == ((str(run / "checkpoint-0000060"), 60),)
    (run / "checkpoint-0000040" / "adapter.safetensors").write_bytes(b"weights")
    with qtbot.waitSignal(state.grew):
        look(qtbot, state)
    assert [step for _, step in state.shown.checkpoints] == [60, 40]


def test_a_run_that_was_cut_off_is_offered_once(qtbot, state):
    cut, whole = write_run(state.folder, "Cut", why=""), write_run(state.folder, "Whole")
    (cut / "run.pid").write_text("1")
    (cut / "run.lock").touch()
    with qtbot.waitSignal(state.cut_off) as told:
        state.start()
    assert told.args == ["Cut", cut] and whole.exists()
    with qtbot.assertNotEmitted(state.cut_off, wait=500):
        state.start()


def test_the_end_of_a_run_is_told_whatever_page_is_open(qtbot, state):
    run = write_run(state.folder, done=40, why="")
    with locked(run):
        state.start()
        qtbot.waitUntil(lambda: run in state.runs, timeout=10_000)
        tell(run, Finished(100, "done", 9.0))
    with qtbot.waitSignal(state.ended, timeout=10_000) as told:
        pass
    assert told.args[0].status.state == "finished"
    qtbot.waitUntil(lambda: not state.follower._timer.isActive())
    with qtbot.assertNotEmitted(state.ended, wait=300):
        look(qtbot, state)


def test_a_title_that_is_taken_gets_a_number(qtbot, state, monkeypatch):
    write_run(state.folder, "Sums"), write_run(state.folder, "Sums 2")
    look(qtbot, state)
    begun = []
    monkeypatch.setattr(
        "app.training.state.start_run", lambda recipe, data, out: begun.append(recipe.title) or Future()
    )
    for title in ("Sums", "Sums 2", "Other 2"):
        state.begin(recipe(title), state.folder)
    assert begun == ["Sums 3", "Sums 3", "Other 2"]


def test_a_run_that_goes_on_is_looked_at_by_the_clock_and_not_without_a_pause(qtbot, state):
    run = write_run(state.folder, done=40, why="")
    looks = []
    state.follower.found.connect(looks.append)
    with locked(run):
        look(qtbot, state)
        qtbot.wait(600)
        assert len(looks) <= 3
