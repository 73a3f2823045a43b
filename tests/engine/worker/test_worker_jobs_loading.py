"""A load is planned without one, its settings are kept, and what is too large is asked about before anything is given up."""

import os
from pathlib import Path

import msgspec
import pytest

from engine.errors import UserError
from engine.library.kept import keep_measurement, kept_settings, measurement
from engine.library.opening import open_planned
from engine.records.loading import LoadSettings, MachineMemory
from engine.worker.jobs import load, loading, run
from engine.worker.loading_messages import KeepLoading, LoadPlanned, PlanLoad
from engine.worker.protocol import Done, LoadModel, ModelUnloaded, decode_event, decode_request, encode_frame
from engine.worker.reporter import Reporter
from engine.worker.session import Session
from tests.helpers.small_models import small_llama_gguf

PLENTY = MachineMemory(10**10, 10**10)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return small_llama_gguf(tmp_path_factory.mktemp("loading") / "small.gguf")


@pytest.fixture
def ask():
    session = Session()

    def asked(request):
        sent = []
        done = run(session, request, Reporter(request.job, sent.append, lambda: False))
        assert done.job == request.job
        return [*sent, done]

    yield asked
    session.unload()


@pytest.fixture
def memory(monkeypatch):
    """The machine has what a test says."""

    def has(found):
        monkeypatch.setattr(loading, "memory_now", lambda: found)

    has(PLENTY)
    return has


def planned(found):
    return next(event for event in found if isinstance(event, LoadPlanned))


def test_a_plan_comes_with_what_is_kept(ask, memory, path):
    ask(KeepLoading(1, str(path), LoadSettings(context_length=256)))
    assert kept_settings(path) == LoadSettings(context_length=256)
    found = planned(ask(PlanLoad(2, str(path), general=LoadSettings(threads=2))))
    assert (found.job, found.path, found.settings) == (2, str(path), LoadSettings(context_length=256))
    assert found.prospect.plan.settings == LoadSettings(256, 2, 0, 256, "f16")
    assert found.prospect.plan.fit == "fits" and found.prospect.resident_bytes == 0


def test_settings_are_tried_without_being_kept(ask, memory, path):
    whole, short = (planned(ask(PlanLoad(1, str(path), LoadSettings(n)))).prospect.plan for n in (512, 256))
    assert whole.estimate.cache == 2 * short.estimate.cache
    assert kept_settings(path) == LoadSettings()


def test_what_a_worker_holds_would_be_free(ask, memory, path):
    memory(MachineMemory(10**6, 10**10))
    alone = planned(ask(PlanLoad(1, str(path)))).prospect.plan
    beside = planned(ask(PlanLoad(1, str(path), process=os.getpid()))).prospect.plan
    assert alone.fit != "fits" and beside.fit == "fits"
    assert beside.memory.free_bytes > alone.memory.free_bytes == 10**6


def test_the_last_load_is_told(ask, memory, path):
    open_planned(path).model.close()
    keep_measurement(msgspec.structs.replace(measurement(path), resident_bytes=1234))
    found = planned(ask(PlanLoad(1, str(path)))).prospect
    assert (found.resident_bytes, found.expected_bytes) == (1234, measurement(path).estimated_bytes)


def test_no_plan_for_what_is_no_model(ask, tmp_path):
    with pytest.raises(UserError, match="holds no model"):
        ask(PlanLoad(1, str(tmp_path)))
    (tmp_path / "x.gguf").write_bytes(b"nothing")
    with pytest.raises(UserError):
        ask(PlanLoad(1, str(tmp_path / "x.gguf")))


@pytest.mark.parametrize(
    ("found", "hint"),
    [
        (MachineMemory(10**6, 2 * 10**6), "Loading it may fail"),
        (MachineMemory(10**6, 2 * 10**6, 10**10), "many times slower"),
    ],
)
def test_a_model_that_will_not_fit_is_asked_about_and_the_present_one_stays(
    ask, memory, monkeypatch, path, found, hint
):
    monkeypatch.setattr(loading, "resident_bytes", lambda *_: 0)
    ask(LoadModel(1, str(path), 256))
    memory(found)
    with pytest.raises(UserError, match=r"small\.gguf needs 0\.0 GB of memory, and 0\.0 GB are free") as caught:
        ask(LoadModel(2, str(path), 512, ask=True))
    assert caught.value.code == "memory-ask" and hint in caught.value.hint
    monkeypatch.setattr(load, "ask_first", None)  # it is not asked again
    heard = ask(LoadModel(3, str(path), 512))
    assert any(isinstance(event, ModelUnloaded) for event in heard)
    assert isinstance(heard[-1], Done) and heard[-1].model.context_length == 512


def test_one_that_fits_is_loaded_without_a_question(ask, memory, path):
    assert ask(LoadModel(1, str(path), 256, ask=True))[-1].model.context_length == 256


def test_nothing_is_asked_where_nothing_can_be_worked_out(ask, monkeypatch, path):
    def no_plan(*_, **__):
        raise UserError("model-shape", "The file does not say how large its model is.")

    monkeypatch.setattr(loading, "prospect", no_plan)
    assert ask(LoadModel(1, str(path), 256, ask=True))[-1].model.context_length == 256


def test_they_travel(path):
    event = LoadPlanned(3, str(path), LoadSettings(), loading.prospect(Path(path)))
    assert decode_event(encode_frame(event)[4:]) == event
    for request in (
        PlanLoad(1, "a", LoadSettings(5)),
        PlanLoad(1, "a"),
        KeepLoading(2, "b", LoadSettings(cache_type="q8_0")),
    ):
        assert decode_request(encode_frame(request)[4:]) == request
