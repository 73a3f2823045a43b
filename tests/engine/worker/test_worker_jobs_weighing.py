"""Many models are weighed by their headers, which are read once."""

from pathlib import Path

import pytest

from engine.errors import Cancelled
from engine.records.loading import MachineMemory
from engine.worker.jobs import run, weighing
from engine.worker.loading_messages import ModelsWeighed, WeighModels
from engine.worker.protocol import Done, decode_request, encode_frame
from engine.worker.reporter import Reporter
from engine.worker.session import Session
from tests.helpers.small_models import small_llama_gguf


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return str(small_llama_gguf(tmp_path_factory.mktemp("weighing") / "small.gguf"))


def ask(request):
    sent = []
    assert run(
        Session(), decode_request(encode_frame(request)[4:]), Reporter(request.job, sent.append, lambda: False)
    ) == Done(request.job)
    return sent


def test_by_their_headers_which_are_read_once(path, tmp_path, monkeypatch):
    paths = (path, str(tmp_path / "gone.gguf"), str(tmp_path))
    assert ask(WeighModels(1, paths)) == [ModelsWeighed(1, {path: "fits"})]
    monkeypatch.setattr(weighing, "read_model_header", lambda _: pytest.fail("it is known"))
    monkeypatch.setattr(weighing, "memory_now", lambda: MachineMemory(100_000, 200_000))
    assert ask(WeighModels(2, paths)) == [ModelsWeighed(2, {path: "too_large"})]


def test_a_file_that_changed_is_read_again(path, tmp_path, monkeypatch):
    changing = tmp_path / "changing.gguf"
    changing.write_bytes(Path(path).read_bytes())
    assert ask(WeighModels(1, (str(changing),)))[0].fits
    changing.write_bytes(b"no model")
    assert ask(WeighModels(2, (str(changing),)))[0].fits == {}


def test_a_long_list_is_told_on_the_way_and_can_be_stopped(path, monkeypatch):
    monkeypatch.setattr(weighing, "_TELL_S", -1)
    assert [event.fits for event in ask(WeighModels(1, (path, path)))] == [{path: "fits"}, {path: "fits"}, {}]
    with pytest.raises(Cancelled):
        run(Session(), WeighModels(1, (path,)), Reporter(1, lambda _: None, lambda: True))
