"""What the shown model would take, what is kept of it, and answers that come too late."""

import pytest

from app.models.loading_state import LoadingState
from app.settings.store import SettingsStore
from engine.records.loading import AUTO, LoadSettings
from engine.worker.loading_messages import KeepLoading, PlanLoad
from engine.worker.protocol import Failed, ModelMeasured
from tests.helpers.fake_planner import PROSPECT, FakePlanner
from tests.helpers.fake_worker import FakeWorker

PATH = "/models/a.gguf"


@pytest.fixture
def planner(qapp):
    return FakePlanner()


@pytest.fixture
def worker(qapp):
    return FakeWorker()


@pytest.fixture
def state(planner, worker, tmp_path):
    settings = SettingsStore(tmp_path / "settings.json")
    settings.set(threads=3)
    return LoadingState(planner, worker, settings)


def known(qtbot, state, path=PATH):
    state.show(path)
    qtbot.waitUntil(lambda: state.prospect is not None)


def test_the_program_s_settings_are_asked_with(qtbot, state, planner):
    known(qtbot, state)
    asked = planner.requests[0]
    assert asked == PlanLoad(1, PATH, None, LoadSettings(threads=3), 0)
    assert state.settings == AUTO and state.prospect.plan == PROSPECT.plan


def test_a_change_is_kept_and_planned(qtbot, state, planner):
    known(qtbot, state)
    state.set(context_length=2048)
    assert state.settings == LoadSettings(2048)
    qtbot.waitUntil(lambda: planner.kept == {PATH: LoadSettings(2048)})
    assert state.prospect.plan.settings.context_length == 2048
    count = len(planner.requests)
    state.set(context_length=2048)
    assert len(planner.requests) == count  # nothing changed
    state.reset()
    qtbot.waitUntil(lambda: planner.kept == {PATH: AUTO})
    known(qtbot, state, "/models/b.gguf")
    assert state.settings == AUTO


def test_an_answer_about_another_model_is_not_taken(qtbot, state, planner):
    planner.at_once = False
    state.show(PATH)
    state.show("/models/b.gguf")
    planner.kept[PATH] = LoadSettings(512)
    planner.answer()
    assert state.path == "/models/b.gguf" and state.settings == AUTO and state.prospect is not None


def test_why_there_is_no_plan(qtbot, state, planner):
    planner.refuse = Failed(0, "estimate-folder", "x is a folder.")
    state.show(PATH)
    qtbot.waitUntil(lambda: state.problem is not None)
    assert state.prospect is None and state.problem.text == "x is a folder."
    state.refresh()
    qtbot.waitUntil(lambda: state.prospect is not None)
    assert state.problem is None


def test_what_cannot_be_kept_is_told(qtbot, state, planner):
    known(qtbot, state)
    told = []
    state.failed.connect(told.append)
    planner.refuse = Failed(0, "not-kept", "This could not be kept.")
    state.set(threads=2)
    qtbot.waitUntil(lambda: len(told) == 1)
    assert told[0].code == "not-kept"


def test_a_load_and_a_measurement_are_news(qtbot, state, planner, worker):
    known(qtbot, state)
    assert not state.loaded and not state.outdated
    wanted = []
    state.load_wanted.connect(wanted.append)
    state.load()
    assert wanted == [PATH]
    worker.load(PATH)
    qtbot.waitUntil(lambda: state.loaded)
    qtbot.waitUntil(lambda: len(planner.requests) == 2)
    worker.modelMeasured.emit(ModelMeasured(PATH, 10.0, 20.0))
    assert len(planner.requests) == 3


def test_loaded_in_another_way_than_it_is_set(qtbot, state, worker):
    known(qtbot, state)
    worker.load(PATH)
    qtbot.waitUntil(lambda: state.loaded)
    assert not state.outdated
    state.set(context_length=777)
    assert state.outdated


def test_nothing_shown_asks_nothing(state, planner):
    state.show("")
    state.refresh()
    state.set(threads=1)
    assert planner.requests == [] and not any(isinstance(one, KeepLoading) for one in planner.requests)
