"""The download queue, over everything that may happen to it."""

import random
import shutil
import subprocess
import sys
import time

import pytest

from engine.errors import UserError
from engine.hub.access import TokenStore
from engine.hub.pull import choose
from engine.hub.queue import DownloadQueue
from engine.hub.repositories import Hub
from engine.hub.room import SPARE_BYTES
from engine.hub.speed import Speed
from engine.records.hub import HubFile, HubModel, RemoteFile
from tests.helpers.loopback_hub import LoopbackHub

DATA = random.Random(2).randbytes(1_000_000)
REPOSITORY = "fox/Small-GGUF"
FILES = {
    "Small-Q4_K_M.gguf": DATA,
    "Small-Q8_0.gguf": DATA[::-1],
    "Small-F16-00001-of-00002.gguf": DATA[:600_000],
    "Small-F16-00002-of-00002.gguf": DATA[:500_000],
}


@pytest.fixture
def hub():
    server = LoopbackHub({REPOSITORY: dict(FILES)})
    server.piece = 20_000
    yield server
    server.close()


@pytest.fixture
def queue(hub, tmp_path):
    """Opens the queue; where it is opened again, the one before is closed first, as at the end of the program."""
    opened = []

    def open_queue(**options):
        if opened:
            opened.pop().close()
        opened.append(DownloadQueue(tmp_path, tmp_path / "models", lambda: Hub(hub.url), **options))
        return opened[-1]

    yield open_queue
    for one in opened:
        one.close()


def model(hub, quantisation):
    return choose(Hub(hub.url).models(REPOSITORY), quantisation)


def until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "this takes too long"
        time.sleep(0.01)


def states(queue):
    return [line.state for line in queue.downloads]


def lying_about(tmp_path):
    return sorted(path.name for path in (tmp_path / "models").rglob("*") if path.is_file())


def fetched(hub):
    return [(path.rsplit("/", 1)[1], headers.get("Range")) for path, headers in hub.requests if "resolve" in path]


def test_from_the_queue_to_a_file(hub, queue, tmp_path):
    told = []
    one = queue(told=told.append)
    one.add(REPOSITORY, model(hub, "F16"))
    until(lambda: states(one) == ["done"])
    (line,) = one.downloads
    assert line.path == str(tmp_path / "models" / REPOSITORY / "Small-F16-00001-of-00002.gguf")
    assert line.done_bytes == line.model.size_bytes == 1_100_000
    assert lying_about(tmp_path) == ["Small-F16-00001-of-00002.gguf", "Small-F16-00002-of-00002.gguf"]
    seen = [lines[0].state for lines in told]
    assert [state for place, state in enumerate(seen) if state not in seen[:place]] == ["waiting", "running", "done"]


def test_speed_and_time_left_are_told(hub, queue):
    hub.delay_s = 0.05
    told = []
    one = queue(told=told.append)
    one.add(REPOSITORY, model(hub, "Q8_0"))
    until(lambda: states(one) == ["done"])
    running = [lines[0] for lines in told if lines[0].state == "running" and lines[0].speed]
    assert running, "20 kB every 50 ms take 2.5 seconds"
    assert all(100_000 < line.speed < 500_000 for line in running)
    assert all(line.seconds_left == pytest.approx((1_000_000 - line.done_bytes) / line.speed) for line in running)
    assert one.downloads[0].speed == 0 and one.downloads[0].seconds_left is None


def test_no_more_at_once_than_the_limit(hub, queue):
    hub.delay_s = 0.02
    one = queue(parallel=2)
    for name in ("Q4_K_M", "Q8_0", "F16"):
        one.add(REPOSITORY, model(hub, name))
    assert states(one) == ["running", "running", "waiting"]
    one.set_parallel(3)
    assert states(one) == ["running"] * 3
    until(lambda: states(one) == ["done"] * 3)


def test_paused_closed_opened_and_resumed(hub, queue, tmp_path):
    hub.delay_s = 0.02
    one = queue()
    id = one.add(REPOSITORY, model(hub, "Q4_K_M")).id
    until(lambda: one.downloads[0].done_bytes > 200_000)
    one.pause(id)
    two = queue()
    assert states(two) == ["paused"] and 200_000 < two.downloads[0].done_bytes < 1_000_000
    arrived = two.downloads[0].done_bytes
    time.sleep(0.1)
    assert two.downloads[0].done_bytes == arrived
    two.resume(id)
    until(lambda: states(two) == ["done"])
    assert fetched(hub)[1:] == [("Small-Q4_K_M.gguf", f"bytes={arrived}-")]
    assert lying_about(tmp_path) == ["Small-Q4_K_M.gguf"]
    assert states(queue()) == ["done"]


def test_resumed_before_it_has_stopped(hub, queue):
    hub.delay_s = 0.02
    one = queue()
    id = one.add(REPOSITORY, model(hub, "Q4_K_M")).id
    for _ in range(3):
        one.pause(id)
        one.resume(id)
    until(lambda: states(one) == ["done"])


def test_what_ran_at_the_end_of_the_program_goes_on_by_itself(hub, queue):
    hub.delay_s = 0.02
    one = queue()
    one.add(REPOSITORY, model(hub, "Q4_K_M"))
    until(lambda: one.downloads[0].done_bytes > 200_000)
    two = queue()
    assert states(two) == ["running"]
    until(lambda: states(two) == ["done"])


KILLED = """
import sys, time
from pathlib import Path
from engine.hub.pull import choose
from engine.hub.queue import DownloadQueue
from engine.hub.repositories import Hub
folder, url = Path(sys.argv[1]), sys.argv[2]
queue = DownloadQueue(folder, folder / "models", lambda: Hub(url))
queue.add("fox/Small-GGUF", choose(Hub(url).models("fox/Small-GGUF"), "Q4_K_M"))
time.sleep(60)
"""


def test_killed_at_80_percent_it_resumes_and_no_temporary_file_stays(hub, queue, tmp_path):
    hub.cut_after, hub.cuts = 800_000, 99
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path), hub.url])
    part = tmp_path / "models" / REPOSITORY / "Small-Q4_K_M.gguf.part"
    until(lambda: part.exists() and part.stat().st_size == 800_000)
    process.kill()
    process.wait()
    hub.cuts = 0
    del hub.requests[:]
    one = queue()
    until(lambda: states(one) == ["done"])
    assert fetched(hub) == [("Small-Q4_K_M.gguf", "bytes=800000-")]
    assert lying_about(tmp_path) == ["Small-Q4_K_M.gguf"]
    assert part.with_name("Small-Q4_K_M.gguf").read_bytes() == DATA


def test_cancelled_nothing_stays(hub, queue, tmp_path):
    hub.delay_s = 0.02
    one = queue()
    running = one.add(REPOSITORY, model(hub, "Q4_K_M")).id
    paused = one.add(REPOSITORY, model(hub, "Q8_0")).id
    until(lambda: all(line.done_bytes > 100_000 for line in one.downloads))
    one.pause(paused)
    assert "Small-Q8_0.gguf.part" in lying_about(tmp_path)
    one.cancel(running)
    one.cancel(paused)
    assert one.downloads == ()
    until(lambda: lying_about(tmp_path) == [])
    assert states(queue()) == []


def test_what_another_line_needs_stays(hub, queue, tmp_path):
    hub.delay_s = 0.02
    one = queue(parallel=1)
    first = one.add(REPOSITORY, model(hub, "Q8_0"), convert="q4_k_m").id
    second = one.add(REPOSITORY, model(hub, "Q8_0"), convert="q8_0").id
    until(lambda: one.downloads[0].done_bytes > 200_000)
    one.cancel(first)
    until(lambda: states(one) == ["done"])
    assert one.downloads[0].id == second
    assert any(asked for _, asked in fetched(hub)), "it went on with what the other had fetched"


def test_a_failure_says_why_and_is_tried_again(hub, queue):
    hub.statuses = []
    chosen = model(hub, "Q8_0")
    hub.statuses = [404]
    one = queue()
    id = one.add(REPOSITORY, chosen).id
    until(lambda: states(one) == ["failed"])
    assert "no such file" in one.downloads[0].text and one.downloads[0].hint
    two = queue()
    assert states(two) == ["failed"], "it is not tried again by itself"
    two.resume(id)
    until(lambda: states(two) == ["done"])
    assert two.downloads[0].text == ""


def test_where_the_network_is_gone_it_waits_and_goes_on_by_itself(hub, queue, monkeypatch):
    monkeypatch.setattr("engine.hub.download._PATIENCE", 1)
    monkeypatch.setattr("engine.hub.queue.RETRY_S", 0.3)
    chosen = model(hub, "Q8_0")
    hub.statuses = [503]
    one = queue()
    one.add(REPOSITORY, chosen)
    until(lambda: states(one) == ["waiting"])
    assert one.downloads[0].code == "offline" and "cannot be reached" in one.downloads[0].text
    until(lambda: states(one) == ["done"])
    assert one.downloads[0].text == ""


@pytest.mark.parametrize("action", ["pause", "cancel", "resume"])
def test_what_waits_for_the_network_is_the_persons(hub, queue, monkeypatch, action):
    monkeypatch.setattr("engine.hub.download._PATIENCE", 1)
    chosen = model(hub, "Q8_0")
    hub.statuses = [503]
    one = queue()
    id = one.add(REPOSITORY, chosen).id
    until(lambda: states(one) == ["waiting"])
    getattr(one, action)(id)
    if action == "resume":
        until(lambda: states(one) == ["done"])
    else:
        assert states(one) == {"pause": ["paused"], "cancel": []}[action]
        one.resume(id)
        until(lambda: states(one) == {"pause": ["done"], "cancel": []}[action])


def test_wrong_bytes_fail_and_are_removed(hub, queue, tmp_path):
    chosen = model(hub, "Q8_0")
    hub.wrong = True
    one = queue()
    one.add(REPOSITORY, chosen)
    until(lambda: states(one) == ["failed"])
    assert one.downloads[0].code == "download-wrong" and lying_about(tmp_path) == []


def test_too_little_disk_is_told_before_anything_is_fetched(hub, queue, tmp_path, monkeypatch):
    chosen, usage = model(hub, "Q8_0"), shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=100_000_000))
    one = queue()
    one.add(REPOSITORY, chosen)
    until(lambda: states(one) == ["failed"])
    assert one.downloads[0].code == "disk-full" and fetched(hub) == []


def test_what_others_will_take_counts_too(hub, queue, tmp_path, monkeypatch):
    """Room for one and a half: the first comes, the second is refused at once, and comes when the first is out."""
    hub.delay_s = 0.05
    models, usage = [model(hub, kind) for kind in ("Q8_0", "Q4_K_M")], shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=SPARE_BYTES + 1_500_000))
    one = queue(parallel=1)
    first, second = (one.add(REPOSITORY, chosen) for chosen in models)
    assert (first.state, second.state, second.code) == ("running", "failed", "disk-full")
    assert "1 MB of other downloads with them" in second.text and "out of the queue" in second.hint
    one.cancel(first.id)
    one.resume(second.id)
    until(lambda: states(one) == ["done"])


def test_what_was_paused_takes_no_room(hub, queue, tmp_path, monkeypatch):
    models, usage = [model(hub, kind) for kind in ("Q8_0", "Q4_K_M")], shutil.disk_usage(tmp_path)
    hub.delay_s = 0.05
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=SPARE_BYTES + 1_500_000))
    one = queue(parallel=1)
    one.pause(one.add(REPOSITORY, models[0]).id)
    hub.delay_s = 0.0
    one.add(REPOSITORY, models[1])
    until(lambda: states(one) == ["paused", "done"])


def test_asked_for_twice_it_is_fetched_once(hub, queue):
    hub.delay_s = 0.02
    one = queue()
    first = one.add(REPOSITORY, model(hub, "Q8_0"))
    one.pause(first.id)
    assert one.add(REPOSITORY, model(hub, "Q8_0")).id == first.id
    until(lambda: states(one) == ["done"])
    one.add(REPOSITORY, model(hub, "Q8_0"))
    until(lambda: states(one) == ["done"])
    assert [name for name, _ in fetched(hub)].count("Small-Q8_0.gguf") <= 2


def test_unsafe_names_are_refused_at_once(hub, queue):
    one = queue()
    for repository, name in (("../..", "x.gguf"), ("a/b", "../x.gguf"), ("a/b", "C:/x.gguf"), ("/etc", "x.gguf")):
        with pytest.raises(UserError, match="no name that can be used"):
            one.add(repository, HubModel(name, "", 1, (HubFile(name, RemoteFile(hub.url + "/x")),)))
    assert one.downloads == ()


def test_two_processes_do_not_share_a_queue(hub, queue, tmp_path):
    queue()
    with pytest.raises(UserError, match="Another Próxima is fetching"):
        DownloadQueue(tmp_path, tmp_path / "models", lambda: Hub(hub.url))


@pytest.mark.parametrize("text", ["", "{", '[{"id": 3}]', "[1]"])
def test_a_broken_file_is_set_aside(queue, tmp_path, text):
    (tmp_path / "downloads.json").write_text(text)
    assert queue().downloads == ()
    assert (tmp_path / "downloads.broken.json").read_text() == text


def test_a_converted_folder_is_what_gets_loaded(hub, queue, tmp_path):
    asked = []

    def convert(folder, quantisation, _cancelled):
        asked.append((folder, quantisation))
        return folder / "made.gguf"

    one = queue(convert=convert)
    one.add(REPOSITORY, model(hub, "Q8_0"), convert="q4_k_m")
    until(lambda: states(one) == ["done"])
    assert asked == [(tmp_path / "models" / REPOSITORY, "q4_k_m")]
    assert one.downloads[0].path.endswith("made.gguf")


def test_speed_by_hand():
    speed = Speed()
    assert speed.bytes_a_second(0.0) == 0 and speed.seconds_left(0.0, 100) is None
    for second in range(21):
        speed.tell(float(second), 1000 * second if second < 10 else 10_000 + 3000 * (second - 10))
    assert speed.bytes_a_second(20.0) == 3000 and speed.seconds_left(20.0, 6000) == 2
    assert speed.bytes_a_second(24.0) == 2000, "a stall is seen while it lasts"
    speed.tell(25.0, 0)
    assert speed.bytes_a_second(25.0) == 0, "begun anew"


class TestToken:
    @pytest.fixture
    def store(self, tmp_path, monkeypatch):
        monkeypatch.delenv("HF_TOKEN", raising=False)
        return TokenStore(tmp_path)

    @pytest.fixture
    def keyring(self, monkeypatch):
        import keyring

        kept = {}
        monkeypatch.setattr(keyring, "get_password", lambda service, name: kept.get((service, name)))
        monkeypatch.setattr(keyring, "set_password", lambda service, name, token: kept.update({(service, name): token}))
        monkeypatch.setattr(keyring, "delete_password", lambda service, name: kept.pop((service, name)))
        return kept

    @pytest.fixture
    def no_keyring(self, monkeypatch):
        import keyring
        import keyring.backends.fail

        monkeypatch.setattr(keyring, "get_keyring", keyring.backends.fail.Keyring)
        for name in ("get_password", "set_password", "delete_password"):
            monkeypatch.setattr(keyring, name, getattr(keyring.backends.fail.Keyring(), name))

    def test_in_the_keyring(self, store, keyring, tmp_path):
        assert store.find() == ("", "")
        assert store.keep(" hf_abc\n") == "keyring"
        assert list(keyring.values()) == ["hf_abc"] and list(tmp_path.iterdir()) == []
        assert store.find() == ("hf_abc", "keyring")
        store.forget()
        assert store.find() == ("", "")
        store.forget()

    def test_without_a_keyring_in_a_file_for_its_owner_alone(self, store, no_keyring, tmp_path):
        assert store.keep("hf_abc") == "file"
        assert (tmp_path / "hub-token").stat().st_mode & 0o777 == 0o600
        assert store.find() == ("hf_abc", "file")
        assert store.keep("hf_other") == "file" and store.find() == ("hf_other", "file")
        store.forget()
        assert store.find() == ("", "") and list(tmp_path.iterdir()) == []

    def test_the_environment_comes_first(self, store, keyring, monkeypatch):
        store.keep("hf_abc")
        monkeypatch.setenv("HF_TOKEN", "hf_env")
        assert store.find() == ("hf_env", "environment")

    @pytest.mark.parametrize("text", ["", "  ", "two words", "hf_\x00", "ação"])
    def test_what_is_no_token_is_refused(self, store, keyring, text):
        with pytest.raises(UserError, match="no access token"):
            store.keep(text)
        assert keyring == {}

    def test_a_keyring_that_breaks_is_as_none(self, store, monkeypatch):
        import keyring

        def broken(*_):
            raise RuntimeError("the bus is gone")

        for name in ("get_password", "set_password", "delete_password"):
            monkeypatch.setattr(keyring, name, broken)
        assert store.find() == ("", "") and store.keep("hf_abc") == "file"
        store.forget()
