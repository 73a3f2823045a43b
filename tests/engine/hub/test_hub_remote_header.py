"""A header over the network is the header from the disk, for a fraction of the bytes."""

from itertools import pairwise

import pytest

from engine.errors import Cancelled, UserError
from engine.header.gguf import read_gguf_header
from engine.hub.remote_header import read_remote_header
from engine.records.hub import RemoteFile
from tests.helpers.loopback_hub import LoopbackHub
from tests.helpers.small_models import small_llama_gguf


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return small_llama_gguf(tmp_path_factory.mktemp("models") / "small.gguf")


@pytest.fixture
def hub(model):
    server = LoopbackHub({"fox/Small": {"m.gguf": model.read_bytes()}})
    yield server
    server.close()


def remote(hub, size=None):
    data = hub.repositories["fox/Small"]["m.gguf"]
    return RemoteFile(hub.file_url("fox/Small", "m.gguf"), size or len(data))


@pytest.mark.parametrize("block", [64, 4096, 1 << 20])
def test_the_same_as_from_the_disk(hub, model, monkeypatch, block):
    monkeypatch.setattr("engine.hub.remote_header._BLOCK", block)
    assert read_remote_header(remote(hub)) == read_gguf_header(model)


def test_weights_are_not_fetched(hub, monkeypatch):
    monkeypatch.setattr("engine.hub.remote_header._BLOCK", 2048)
    header = read_remote_header(remote(hub))
    asked = [headers["Range"].removeprefix("bytes=").split("-") for _, headers in hub.requests]
    pairs = [(int(first), int(last)) for first, last in asked]
    assert all(first > last for (_, last), (first, _) in pairwise(pairs)), "no byte twice"
    start_of_weights = min(tensor.offset for tensor in header.tensors)
    assert int(asked[-1][0]) < start_of_weights < header.size_bytes


def test_a_server_without_ranges_is_not_made_to_send_it_all(hub):
    hub.ranges = False
    with pytest.raises(UserError, match="could not be looked up"):
        read_remote_header(remote(hub))
    assert len(hub.requests) == 1


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_refusals(hub, status):
    hub.statuses = [status]
    with pytest.raises(UserError, match="could not be looked up"):
        read_remote_header(remote(hub))


def test_what_is_no_model(hub):
    hub.repositories["fox/Small"]["m.gguf"] = b"GGUF" + b"\xff" * 5000
    with pytest.raises(UserError, match=r"m\.gguf is damaged"):
        read_remote_header(remote(hub))


def test_a_header_without_end_is_given_up(hub, monkeypatch):
    monkeypatch.setattr("engine.hub.remote_header.MOST_BYTES", 1000)
    monkeypatch.setattr("engine.hub.remote_header._BLOCK", 500)
    with pytest.raises(UserError, match="could not be looked up"):
        read_remote_header(remote(hub))
    assert len(hub.requests) <= 3


def test_cancelled(hub):
    with pytest.raises(Cancelled):
        read_remote_header(remote(hub), cancelled=lambda: True)
    assert hub.requests == []
