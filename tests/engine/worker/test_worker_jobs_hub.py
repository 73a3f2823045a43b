"""The worker's jobs about the Hub, on a Hub of our own."""

import hashlib
import time

import msgspec
import pytest

from engine.errors import UserError
from engine.library.card import read_card
from engine.library.kept import keep_measurement, measurement
from engine.library.opening import open_planned
from engine.worker.hub_messages import (
    AddDownload,
    ChangeDownload,
    DownloadsChanged,
    FitsRead,
    HubFound,
    KeepToken,
    OpenDownloads,
    ReadRepository,
    RepositoryRead,
    SearchHub,
    TokenPlace,
)
from engine.worker.jobs import run
from engine.worker.protocol import Done, FrameReader, decode_event, decode_request, encode_frame
from engine.worker.reporter import Reporter
from engine.worker.session import Session
from tests.helpers.loopback_hub import LoopbackHub
from tests.helpers.small_models import small_llama_gguf

NAME = "fox/Small-GGUF"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    kinds = {"Q8_0": "q8_0", "F32": ""}
    return {
        f"Small-{name}.gguf": small_llama_gguf(folder / f"{name}.gguf", quantise=kind).read_bytes()
        for name, kind in kinds.items()
    } | {"README.md": b"---\nlicense: mit\n---\n# Small"}


@pytest.fixture
def hub(files, tmp_path, monkeypatch):
    server = LoopbackHub({NAME: dict(files)})
    monkeypatch.setenv("PROXIMA_HOME", str(tmp_path))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", server.url)
    yield server
    server.close()


@pytest.fixture
def session():
    one = Session()
    yield one
    if one.downloads is not None:
        one.downloads.close()


def ask(session, request):
    """What a job says, each thing through the wire."""
    (body,) = FrameReader().feed(encode_frame(request))
    said = Said()
    assert run(session, decode_request(body), Reporter(request.job, said.take, lambda: False)) == Done(request.job)
    return said


class Said(list):
    def take(self, event):
        self.append(decode_event(next(iter(FrameReader().feed(encode_frame(event))))))

    def lines(self):
        return [event.downloads for event in self if isinstance(event, DownloadsChanged)][-1]

    def until(self, *states):
        end = time.monotonic() + 20
        while [line.state for line in self.lines()] != list(states):
            assert time.monotonic() < end, self.lines()
            time.sleep(0.01)


def test_searched_looked_at_and_fetched(hub, session, tmp_path):
    (found,) = ask(session, SearchHub(1, "small"))
    assert isinstance(found, HubFound) and [one.name for one in found.repositories] == [NAME]
    assert found.offers == {}, "the Hub does not say how many parameters it has"
    hub.about[NAME] = {"gguf": {"total": 1_000_000, "architecture": "llama"}}
    (found,) = ask(session, SearchHub(1, "small"))
    assert found.offers == {NAME: ("fits", 610_000)}
    read, fits = ask(session, ReadRepository(2, NAME))
    assert isinstance(read, RepositoryRead) and read.details.card == "# Small"
    assert isinstance(fits, FitsRead) and fits.exact
    assert set(fits.fits.values()) == {"fits"} and fits.recommended == "Small-Q8_0.gguf"
    assert fits.bytes["Small-F32.gguf"] > fits.bytes["Small-Q8_0.gguf"] > 1_000_000
    said = ask(session, OpenDownloads(3, str(tmp_path)))
    assert said.lines() == ()
    ask(session, AddDownload(4, NAME, read.details.models[0]))
    said.until("done")
    path = tmp_path / "models" / NAME / "Small-Q8_0.gguf"
    assert said.lines()[0].path == str(path) and path.read_bytes() == hub.repositories[NAME]["Small-Q8_0.gguf"]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert read_card(tmp_path, path).sums == ((path.name, digest),), "what was verified is remembered"
    read, _ = ask(session, ReadRepository(5, NAME, str(tmp_path)))
    assert read.here == {"Small-Q8_0.gguf": str(path)} and read.page == f"{hub.url}/{NAME}"
    ask(session, ChangeDownload(6, said.lines()[0].id, "cancel"))
    assert said.lines() == () and path.exists(), "only the line goes"


def test_where_the_header_cannot_be_read_the_size_has_to_do(hub, session):
    hub.ranges = False
    _, fits = ask(session, ReadRepository(1, NAME))
    assert not fits.exact and set(fits.fits) == {"Small-Q8_0.gguf", "Small-F32.gguf"}
    hub.repositories["fox/None"] = {"notes.txt": b""}
    (read,) = ask(session, ReadRepository(2, "fox/None"))
    assert read.details.models == ()


def test_off_line_nothing_is_asked_and_what_ran_waits(hub, session, tmp_path):
    for request in (SearchHub(1, "x", offline=True), ReadRepository(2, NAME, offline=True)):
        with pytest.raises(UserError, match="Off-line mode is on"):
            ask(session, request)
    assert hub.requests == []
    details = ask(session, ReadRepository(3, NAME))[0].details
    hub.piece, hub.delay_s = 2000, 0.01
    said = ask(session, OpenDownloads(4, str(tmp_path)))
    ask(session, AddDownload(5, NAME, details.models[1]))
    said.until("running")
    ask(session, OpenDownloads(6, str(tmp_path), offline=True))
    said.until("waiting")
    hub.delay_s = 0.0
    time.sleep(0.1)
    said.until("waiting")
    ask(session, OpenDownloads(7, str(tmp_path)))
    said.until("done")


def test_paused_and_resumed(hub, session, tmp_path):
    details = ask(session, ReadRepository(1, NAME))[0].details
    hub.piece, hub.delay_s = 2000, 0.01
    said = ask(session, OpenDownloads(2, str(tmp_path)))
    ask(session, AddDownload(3, NAME, details.models[1]))
    id = said.lines()[0].id
    ask(session, ChangeDownload(4, id, "pause"))
    said.until("paused")
    hub.delay_s = 0.0
    ask(session, ChangeDownload(5, id, "resume"))
    said.until("done")


def test_a_queue_that_is_not_open_is_no_crash(session):
    with pytest.raises(UserError, match="not open"):
        ask(session, ChangeDownload(1, "x", "pause"))


def test_the_token_is_kept_and_never_shown(hub, session, monkeypatch):
    import keyring

    kept = {}
    monkeypatch.setattr(keyring, "get_password", lambda service, name: kept.get((service, name)))
    monkeypatch.setattr(keyring, "set_password", lambda service, name, token: kept.update({(service, name): token}))
    monkeypatch.setattr(keyring, "delete_password", lambda service, name: kept.pop((service, name)))
    assert ask(session, KeepToken(1))[0] == TokenPlace(1, "")
    assert ask(session, KeepToken(2, "hf_secret"))[0] == TokenPlace(2, "keyring")
    assert "hf_secret" not in repr(KeepToken(2, "hf_secret"))
    ask(session, SearchHub(3, "small"))
    headers = {name.lower(): value for name, value in hub.requests[-1][1].items()}
    assert headers["authorization"] == "Bearer hf_secret"
    assert ask(session, KeepToken(4, ""))[0] == TokenPlace(4, "")


def test_how_fast_it_will_be_goes_by_what_was_measured_here(hub, session, files, tmp_path):
    _, fits = ask(session, ReadRepository(1, NAME))
    assert fits.speeds == {}, "nothing was"
    path = tmp_path / "here.gguf"
    path.write_bytes(files["Small-F32.gguf"])
    opened = open_planned(path)
    opened.model.close()
    keep_measurement(msgspec.structs.replace(measurement(path), tokens_per_s=100.0))
    _, fits = ask(session, ReadRepository(2, NAME))
    same, smaller = (fits.speeds[f"Small-{name}.gguf"] for name in ("F32", "Q8_0"))
    assert same.tokens_per_s == pytest.approx(100, rel=0.1) and not same.measured and same.source
    assert smaller.tokens_per_s > 1.5 * same.tokens_per_s, "fewer bytes a token"
