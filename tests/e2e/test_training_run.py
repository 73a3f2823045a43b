"""A run from the window: begun, left alone while the window is closed, found again, paused, killed, resumed, stopped."""

import os
import signal

import msgspec
import pytest

from app.training.draft import Shape
from engine.runs.control import is_running, running_pid, tell
from tests.helpers.small_training import write_data


@pytest.mark.timeout(900)
def test_a_run_outlives_the_window(qtbot, start_program, model_path, tmp_path, monkeypatch):
    data = write_data(tmp_path)
    program = start_program(model_path)
    program.window.open_page("training")
    page, state = program.window.view("training").widget, program.training
    page.new_run()
    planner = page.new.planner
    planner.add_files([str(data / "prose.txt")])
    planner.change(
        shape=Shape(16, 2, 2, 32, 300), block=16, batch=3, steps=1_000_000, evaluations=1000, prompts=("the fox",)
    )
    page.new.go_to(2)
    begin = state.begin  # with one thread: a model as small as this only waits for more of them
    one = {"threads": 1}
    monkeypatch.setattr(state, "begin", lambda recipe, data: begin(msgspec.structs.replace(recipe, **one), data))
    page.new.start.click()
    try:
        qtbot.waitUntil(lambda: state.shown is not None and len(state.shown.history.loss.steps) > 1, timeout=300_000)
        run = state.shown.path
        assert state.shown.status.state == "running" and state.shown.history.probes[0].prompt == "the fox"
        program.close()
        assert is_running(run)

        program = start_program(model_path)
        program.window.open_page("training")
        page, state = program.window.view("training").widget, program.training
        qtbot.waitUntil(lambda: state.shown is not None and bool(page.curves.loss.lines), timeout=30_000)
        assert state.shown.path == run and page.curves.loss.lines[0].steps[0] <= 10_000
        page._pause.trigger()
        qtbot.waitUntil(lambda: state.shown.status.state == "paused", timeout=120_000)
        known = len(state.shown.history.loss.steps)
        page._resume.trigger()
        qtbot.waitUntil(lambda: len(state.shown.history.loss.steps) > known, timeout=120_000)
        os.kill(running_pid(run), signal.SIGKILL)
        qtbot.waitUntil(lambda: state.shown.status.state == "interrupted", timeout=30_000)
        assert "ended without a word" in page.curves._note.text() and page._resume.isEnabled()
        page._resume.trigger()
        qtbot.waitUntil(lambda: state.shown.status.state == "running", timeout=120_000)
        page._stop.trigger()
        qtbot.waitUntil(lambda: state.shown.status.state == "stopped", timeout=120_000)
        assert not is_running(run) and state.shown.status.resumable
        assert page._resume.isEnabled() and not page._pause.isEnabled()
        steps = state.shown.history.loss.steps
        assert steps == sorted(set(steps))
    finally:
        for left in state.folder.glob("*"):
            if is_running(left):
                tell(left, "stop")
                qtbot.waitUntil(lambda left=left: not is_running(left), timeout=120_000)


def test_what_cannot_be_begun_is_said_and_leaves_nothing(qtbot, start_program, model_path, tmp_path):
    program = start_program(model_path)
    state = program.training
    page = program.window.view("training").widget
    planner = page.new.planner
    planner.change(files=(str(tmp_path / "gone.txt"),), title="Gone")
    recipe = msgspec.structs.replace(planner.draft.recipe(), steps=1)
    with qtbot.waitSignal(state.failed, timeout=120_000) as caught:
        state.begin(recipe, tmp_path / "nowhere")
    assert "There is no file or folder" in caught.args[0].text
    assert list(state.folder.glob("gone*")) == []


def test_an_adapter_is_trained_and_exported(qtbot, start_program, model_path, tmp_path):
    data = write_data(tmp_path, 60)
    program = start_program(model_path)
    program.window.open_page("training")
    page, state = program.window.view("training").widget, program.training
    page.new_run()
    new = page.new
    new.planner.add_files([str(data / "prose.txt"), str(data / "talk.jsonl")])
    new.planner.start_from(str(model_path))
    qtbot.waitUntil(lambda: new.planner.data is not None, timeout=120_000)
    assert new.planner.data.conversations == 60
    new.planner.change(block=16, batch=2, steps=4, rank=2, evaluations=2, prompts=("the fox",))
    new.go_to(2)
    new.start.click()
    qtbot.waitUntil(lambda: state.shown is not None and state.shown.status.state == "finished", timeout=300_000)
    page.dock.show_pane(page.dock.about)
    pane = page.dock.about.export
    assert pane.kind.currentData() == "adapter" and pane.export.isEnabled()
    with qtbot.waitSignal(state.exporting.written, timeout=120_000):
        pane._export(state.shown.path, str(state.shown.path), str(tmp_path / "fox.gguf"), "adapter")
    assert "fox.gguf" in pane.result.text() and "without the adapter" in pane.result.text()
    before, after = state.shown.history.bits["texts"].values[0], state.exporting.results[state.shown.path].quality[0]
    assert after.alone > after.after > 0 and before > 0
    worker, adapters = program.worker, program.chat.link.adapters
    pane.adapter.click()
    assert program.window.page == "chat"
    qtbot.waitUntil(lambda: worker.model is not None and len(worker.model.adapters) == 1, timeout=120_000)
    assert worker.model.path == str(model_path) and worker.model.adapters[0].scale == 1.0
    adapters.set_on(worker.model.adapters[0].path, False)
    qtbot.waitUntil(lambda: worker.model is not None and worker.model.adapters[0].scale == 0.0, timeout=60_000)


@pytest.mark.timeout(600)
def test_the_shipped_sums_are_learnt_without_texts_and_the_model_adds(qtbot, start_program, model_path, monkeypatch):
    program = start_program(model_path)
    program.window.open_page("training")
    page, state = program.window.view("training").widget, program.training
    begin = state.begin
    few = {"steps": 30, "evaluate_every": 15, "evaluation_rows": 4}  # the whole way; what it writes is not right
    monkeypatch.setattr(state, "begin", lambda recipe, data: begin(msgspec.structs.replace(recipe, **few), data))
    page.new_run()
    page.new.data.addition.click()
    assert not page.new.isVisible()
    qtbot.waitUntil(
        lambda: state.shown is not None and state.shown.status.state == "finished" and bool(state.shown.checkpoints),
        timeout=300_000,
    )
    assert state.shown.title == "Addition, column by column"
    assert [probe.step for probe in state.shown.history.probes] == [0, 15, 30]
    page.dock.show_pane(page.dock.about)
    page.dock.about.export.add.click()
    ground = program.window.view("playground").widget
    checkpoint, worker = state.shown.checkpoints[0][0], program.worker
    qtbot.waitUntil(lambda: worker.model is not None and worker.model.path == checkpoint, timeout=60_000)
    qtbot.keyClicks(ground.addition.first, "95")
    qtbot.keyClicks(ground.addition.second, "17")
    ground.addition.button.click()
    qtbot.waitUntil(lambda: program.playground.adding.whole, timeout=60_000)
    assert program.playground.adding.right == "112"
