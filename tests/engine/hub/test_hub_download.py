"""Downloads from a server that does everything that servers do."""

import hashlib
import os
import random
import shutil
import subprocess
import sys
import time
from email.utils import formatdate

import pytest

from engine.errors import Cancelled, UserError
from engine.hub.download import discard, download, received_bytes
from engine.records.hub import RemoteFile
from tests.helpers.loopback_hub import LoopbackHub

DATA = random.Random(1).randbytes(3_000_000)
SIZE = len(DATA)
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def hub():
    server = LoopbackHub({"fox/small": {"m.gguf": DATA, "sub/n.gguf": DATA[:1000]}})
    yield server
    server.close()


@pytest.fixture
def get(hub, tmp_path):
    """Fetch the file; returns its bytes."""

    def fetch(size=SIZE, sha256=SHA, name="m.gguf", **options):
        target = tmp_path / "models" / "m.gguf"
        waits = options.setdefault("wait", lambda _: None)
        assert waits is not None
        download(RemoteFile(hub.file_url("fox/small", name), size, sha256), target, **options)
        assert [path.name for path in target.parent.iterdir()] == ["m.gguf"], "nothing is left lying about"
        return target.read_bytes()

    return fetch


def ranges(hub):
    return [headers.get("Range") for _, headers in hub.requests]


def test_at_once(hub, get):
    told = []
    assert get(progress=lambda done, total: told.append((done, total))) == DATA
    assert told[-1] == (len(DATA), len(DATA)) and ranges(hub) == [None]


@pytest.mark.parametrize("known", [(0, ""), (len(DATA), ""), (0, SHA)])
def test_with_less_known_beforehand(get, known):
    assert get(*known) == DATA


def test_through_a_redirect(hub, get):
    hub.redirect = True
    assert get() == DATA


def test_cut_in_the_middle_it_goes_on_from_there(hub, get):
    hub.cut_after, hub.cuts = 1_000_000, 2
    assert get() == DATA
    asked = ranges(hub)
    assert asked[0] is None and len(asked) == 3
    places = [int(text.removeprefix("bytes=").rstrip("-")) for text in asked[1:]]
    assert 0 < places[0] < places[1] < len(DATA)


def test_a_server_that_ignores_ranges_doubles_no_bytes(hub, get):
    hub.ranges, hub.cut_after, hub.cuts = False, 1_000_000, 1
    assert get() == DATA


def test_a_file_that_changed_meanwhile_is_fetched_anew(hub, get, tmp_path):
    hub.cut_after, hub.cuts, hub.statuses = 1_000_000, 1, []
    with pytest.raises(Cancelled):
        get(0, "", wait=lambda _: None, cancelled=iter([*[False] * 3, *[True] * 99]).__next__)
    other = DATA[::-1]
    hub.repositories["fox/small"]["m.gguf"] = other
    assert get(0, "") == other


def test_cancelled_and_taken_up_again(hub, get, tmp_path):
    stop = iter([False, *[True] * 99])
    with pytest.raises(Cancelled):
        get(cancelled=lambda: next(stop))
    arrived = received_bytes(tmp_path / "models" / "m.gguf")
    assert 0 < arrived < len(DATA)
    assert get() == DATA
    assert ranges(hub)[1] == f"bytes={arrived}-"


def test_wrong_bytes_of_the_right_size_are_refused(hub, get, tmp_path):
    hub.wrong = True
    with pytest.raises(UserError, match="other bytes than it was announced with"):
        get()
    assert list((tmp_path / "models").iterdir()) == []


def test_wrong_bytes_after_an_interruption_are_refused_too(hub, get, tmp_path):
    hub.cut_after, hub.cuts = 1_000_000, 1
    part = tmp_path / "models" / "m.gguf.part"

    def spoil(_):
        if part.exists():
            part.write_bytes(b"x" * part.stat().st_size)

    stop = iter([False, *[True] * 99])
    with pytest.raises(Cancelled):
        get(cancelled=lambda: next(stop))
    spoil(0)
    with pytest.raises(UserError, match="other bytes"):
        get()
    assert get() == DATA, "the next attempt starts anew"


def test_another_size_than_announced(get):
    with pytest.raises(UserError, match="bytes now"):
        get(len(DATA) + 5)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_is_busy_is_asked_again(hub, get, status):
    hub.statuses, hub.headers = [status] * 3, {"Retry-After": "7"}
    waits = []
    assert get(wait=waits.append) == DATA
    assert waits == [7, 7, 7], "no sooner than it asks"


def test_a_server_that_names_a_date_is_asked_again_after_it(hub, get):
    waits = []
    hub.statuses, hub.headers = [429], {"Retry-After": formatdate(time.time() + 90, usegmt=True)}
    assert get(wait=waits.append) == DATA and 85 <= waits[0] <= 91
    hub.statuses, hub.headers = [429], {"Retry-After": "when it suits"}
    assert get(wait=waits.append) == DATA and waits[1] == 1
    hub.statuses, hub.headers = [429], {"Retry-After": "999999"}
    assert get(wait=waits.append) == DATA and waits[2] == 300, "nobody waits for days"


def test_a_slow_server_is_waited_for(hub, get):
    hub.piece, hub.delay_s = 500_000, 0.05
    told = []
    assert get(progress=lambda done, _: told.append(done)) == DATA
    assert len(hub.requests) == 1 and len(told) > 2 and told == sorted(told)


def test_two_at_once_do_not_write_into_one_file(hub, get, tmp_path):
    def another(done, _):
        if 0 < done < SIZE:
            with pytest.raises(UserError, match="is being fetched already"):
                download(RemoteFile(hub.file_url("fox/small", "m.gguf"), SIZE, SHA), tmp_path / "models" / "m.gguf")
            tried.append(done)

    tried = []
    hub.piece, hub.delay_s = 1_000_000, 0.15
    assert get(progress=another) == DATA and tried


def test_another_host_is_not_told_the_token(hub, get):
    other = LoopbackHub(hub.repositories)
    hub.redirect = other.url.replace("127.0.0.1", "localhost")
    assert get(headers={"Authorization": "Bearer hf_secret"}) == DATA
    assert hub.requests[0][1]["Authorization"] == "Bearer hf_secret"
    assert "Authorization" not in other.requests[0][1]
    other.close()


def test_through_a_proxy(tmp_path):
    proxy = LoopbackHub({"fox/small": {"m.gguf": DATA}})
    environment = {**os.environ, "http_proxy": proxy.url, "no_proxy": ""}
    target = tmp_path / "m.gguf"
    url = "http://hub.example/fox/small/resolve/main/m.gguf"
    command = [sys.executable, "-c", KILLED, url, str(SIZE), SHA, str(target)]
    assert subprocess.run(command, env=environment, timeout=60).returncode == 0
    assert target.read_bytes() == DATA and proxy.requests[0][0] == url
    proxy.close()


def test_off_line_nothing_is_asked(hub, get, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(UserError, match="HF_HUB_OFFLINE is set") as caught:
        get()
    assert caught.value.code == "offline-mode" and not hub.requests


def test_a_server_that_stays_busy_is_left_alone(hub, get):
    hub.statuses = [503] * 50
    with pytest.raises(UserError, match="cannot be reached") as caught:
        get()
    assert "503" in caught.value.detail and len(hub.requests) == 5


@pytest.mark.parametrize(
    ("status", "words"), [(401, "who asks"), (403, "admitted"), (404, "no such file"), (418, "418")]
)
def test_refusals_are_one_sentence(hub, get, status, words):
    hub.statuses = [status]
    with pytest.raises(UserError, match=words):
        get()
    assert len(hub.requests) == 1


@pytest.mark.parametrize(
    ("status", "said", "not_said"),
    [
        (401, "does not know this access token", "who asks"),
        (403, "token in use was refused", "give an access token of"),
    ],
)
def test_a_token_that_was_refused_is_what_is_spoken_of(hub, tmp_path, status, said, not_said):
    hub.statuses = [status]
    file = RemoteFile(f"{hub.url}/fox/Small/resolve/main/m.gguf")
    with pytest.raises(UserError) as caught:
        download(file, tmp_path / "m.gguf", headers={"Authorization": "Bearer hf_wrong"}, wait=lambda _: None)
    told = f"{caught.value.text} {caught.value.hint}"
    assert said in told and not_said not in told and "hf_wrong" not in told
    assert status != 403 or f"{hub.url}/fox/Small whether" in told


def test_nobody_is_there(tmp_path):
    hub = LoopbackHub({})
    hub.close()
    with pytest.raises(UserError, match=r"127\.0\.0\.1 cannot be reached"):
        download(RemoteFile(f"{hub.url}/x"), tmp_path / "x", wait=lambda _: None)


def test_too_little_room_is_told_before_anything_is_fetched(get, monkeypatch, tmp_path):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=100_000_000))
    with pytest.raises(UserError, match="200 MB are to stay free; the disk has 100 MB free"):
        get()


def test_what_is_left_of_another_file_is_not_used(get, tmp_path):
    target = tmp_path / "models" / "m.gguf"
    target.parent.mkdir()
    target.with_name("m.gguf.part").write_bytes(b"of something else")
    assert get() == DATA
    target.unlink()
    target.with_name("m.gguf.part").write_bytes(b"of something else")
    target.with_name("m.gguf.part.json").write_bytes(b"{")
    assert get() == DATA
    discard(target)
    assert target.exists()


KILLED = """
import sys
from pathlib import Path
from engine.hub.download import download
from engine.records.hub import RemoteFile
url, size, sha256, target = sys.argv[1:]
download(RemoteFile(url, int(size), sha256), Path(target))
"""


def test_killed_it_resumes(hub, get, tmp_path):
    hub.repositories["fox/small"]["m.gguf"] = DATA
    target = tmp_path / "models" / "m.gguf"
    hub.cut_after, hub.cuts = 2_400_000, 99  # each answer breaks off; the process waits before it asks again
    arguments = [hub.file_url("fox/small", "m.gguf"), str(len(DATA)), SHA, str(target)]
    process = subprocess.Popen([sys.executable, "-c", KILLED, *arguments])
    end = time.monotonic() + 60
    while received_bytes(target) < 2_400_000:  # 80 %
        assert time.monotonic() < end
        time.sleep(0.01)
    process.kill()
    process.wait()
    hub.cuts = 0
    arrived = received_bytes(target)
    assert arrived == 2_400_000
    del hub.requests[:]
    assert get() == DATA
    assert ranges(hub) == [f"bytes={arrived}-"], "only what is missing is fetched"
