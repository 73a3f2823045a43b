"""Kept settings reach the worker's model, and its speed is measured while nobody asks for anything."""

from pathlib import Path

import msgspec
import pytest

from engine.library.kept import keep_measurement, keep_settings, measurement
from engine.records.loading import LoadSettings
from engine.worker.protocol import Complete, Done, LoadModel, ModelMeasured
from tests.engine.worker.test_worker_host import ENDLESS, Process
from tests.helpers.small_models import small_llama_gguf


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return small_llama_gguf(tmp_path_factory.mktemp("measuring") / "small.gguf")


@pytest.fixture
def process():
    started = Process()
    yield started
    started.close()


def test_it_is_measured_once(process, path):
    process.send(LoadModel(1, str(path)))
    process.until(Done, 1)
    told = next(process.events)
    assert isinstance(told, ModelMeasured) and told.path == str(path.resolve())
    assert told.tokens_per_s > 1 and told.prompt_tokens_per_s > 1
    kept = measurement(path)
    assert kept.probed and kept.tokens_per_s == told.tokens_per_s
    few = msgspec.structs.replace(ENDLESS, max_tokens=3)
    process.send(LoadModel(2, str(path)), Complete(3, "Once", few))
    heard = process.until(Done, 2) + process.until(Done, 3)
    assert not any(isinstance(event, ModelMeasured) for event in heard)
    assert heard[-1].reply.finish == "length"


def test_who_asks_at_once_is_not_kept_waiting_and_loses_nothing(process, path):
    few = msgspec.structs.replace(ENDLESS, max_tokens=8)
    process.send(LoadModel(1, str(path)))
    done = process.until(Done, 1)[-1]
    assert done.model.context_length == 512
    process.send(Complete(2, "Once upon a time", few))
    heard = process.until(Done, 2)
    assert not any(isinstance(event, ModelMeasured) for event in heard)
    assert not measurement(path).probed


def test_what_is_kept_of_the_model_comes_first(process, path):
    keep_settings(Path(path), LoadSettings(context_length=256, threads=2))
    process.send(LoadModel(1, str(path), context_length=512, threads=1))
    model = process.until(Done, 1)[-1].model
    assert model.context_length == 256
    assert (model.settings.context_length, model.settings.threads, model.settings.batch) == (256, 2, 256)
    keep_settings(Path(path), LoadSettings(threads=2))
    process.send(LoadModel(2, str(path), context_length=512, threads=1))
    model = process.until(Done, 2)[-1].model
    assert (model.settings.context_length, model.settings.threads) == (512, 2)


def test_a_reply_that_was_faster_than_the_probe_counts(process, path):
    process.send(LoadModel(1, str(path)))
    process.until(Done, 1)
    assert isinstance(next(process.events), ModelMeasured)
    keep_measurement(msgspec.structs.replace(measurement(path), tokens_per_s=0.001))
    process.send(LoadModel(2, str(path)))  # it takes over what is kept
    process.until(Done, 2)
    process.send(Complete(3, "Once upon a time", msgspec.structs.replace(ENDLESS, max_tokens=64)))
    timing = process.until(Done, 3)[-1].reply.timing
    process.send(LoadModel(4, str(path)))  # after this the reply was learnt
    process.until(Done, 4)
    assert measurement(path).tokens_per_s == pytest.approx(timing.tokens_per_s)
