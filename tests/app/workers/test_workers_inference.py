"""The real worker process, loved and killed: every job ends once, crashes are told and mended, the window's process lives."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from app.workers.inference import InferenceWorker, WorkerState
from engine.records import GenerationSettings, Message, SamplingSettings, StageSettings
from engine.sampling.registry import neutral_settings
from tests.helpers.small_models import aborting_gguf, small_llama_gguf

SETTINGS = GenerationSettings(sampling=SamplingSettings(neutral_settings().stages, 3), max_tokens=400)
#: The most likely token each time: these weights go round in circles, and never end by themselves.
ENDLESS = GenerationSettings(sampling=SamplingSettings((StageSettings("top_k", values={"k": 1}),), 3))
HELLO = (Message("user", "Where is the fox?"),)


@pytest.fixture(scope="module")
def model_path(tmp_path_factory):
    return str(small_llama_gguf(tmp_path_factory.mktemp("models") / "small.gguf", context_length=8192))


class Watch:
    """Everything that a worker said."""

    def __init__(self, worker):
        self.done, self.failed, self.crashed, self.tokens, self.prompts, self.loaded = {}, {}, [], [], [], []
        self.logits, self.lists = [], []
        worker.done.connect(lambda event: self.done.setdefault(event.job, []).append(event))
        worker.failed.connect(lambda event: self.failed.setdefault(event.job, []).append(event))
        worker.crashed.connect(self.crashed.append)
        worker.tokens.connect(self.tokens.append)
        worker.promptReady.connect(self.prompts.append)
        worker.modelLoaded.connect(self.loaded.append)
        worker.logits.connect(self.logits.append)
        worker.tokenList.connect(self.lists.append)

    def ended(self, job):
        return len(self.done.get(job, [])) + len(self.failed.get(job, []))


@pytest.fixture
def worker(qtbot):
    started = InferenceWorker()
    started.start()
    yield started
    started.shutdown()


@pytest.fixture
def loaded(qtbot, worker, model_path):
    watch = Watch(worker)
    job = worker.load(model_path, context_length=8192, threads=1)
    qtbot.waitUntil(lambda: watch.ended(job) == 1, timeout=30_000)
    assert job in watch.done, watch.failed
    return worker, watch


def test_a_conversation_is_answered(qtbot, loaded):
    worker, watch = loaded
    assert worker.state == WorkerState.LOADED and worker.model.name == "Small"
    job = worker.generate(HELLO, GenerationSettings(sampling=SETTINGS.sampling, max_tokens=20))
    assert worker.state == WorkerState.BUSY
    qtbot.waitUntil(lambda: watch.ended(job) == 1, timeout=30_000)
    reply = watch.done[job][0].reply
    records = [record for event in watch.tokens for record in event.records]
    assert reply.text == "".join(event.text for event in watch.tokens)
    assert len(records) == reply.timing.generated_tokens and reply.seed == 3
    assert watch.prompts[0].prompt_tokens == reply.prompt_tokens
    assert worker.state == WorkerState.LOADED


def test_a_partial_reply_is_continued_from_its_ids(qtbot, loaded):
    worker, watch = loaded
    settings = GenerationSettings(sampling=SETTINGS.sampling, max_tokens=6)
    job = worker.generate(HELLO, settings)
    qtbot.waitUntil(lambda: watch.ended(job) == 1, timeout=30_000)
    ids = tuple(record.token.id for event in watch.tokens for record in event.records)
    started = Message("assistant", watch.done[job][0].reply.text, ids, worker.model.vocabulary_hash)
    watch.tokens.clear()
    job = worker.generate((*HELLO, started), settings)
    qtbot.waitUntil(lambda: watch.ended(job) == 1, timeout=30_000)
    assert watch.tokens[0].records[0].position == len(ids)


def test_other_jobs(qtbot, loaded):
    worker, watch = loaded
    jobs = [
        worker.tokenize("a fox"),
        worker.score("Once upon a time"),
        worker.full_logits(HELLO, (20, 21)),
        worker.complete("Once upon", GenerationSettings(max_tokens=3)),
        worker.complete("", GenerationSettings(max_tokens=3)),
    ]
    qtbot.waitUntil(lambda: all(watch.ended(job) == 1 for job in jobs), timeout=30_000)
    assert b"".join(token.bytes for token in watch.lists[0].tokens) == b"a fox"
    assert len(watch.logits[0].logits) == 4 * worker.model.vocabulary_size
    assert watch.failed[jobs[4]][0].code == "prompt-empty"
    scored = [record for event in watch.tokens if event.job == jobs[1] for record in event.records]
    assert b"".join(record.token.bytes for record in scored) == b"Once upon a time"


def test_cancel_in_generation_is_quick_and_keeps_the_text(qtbot, loaded):
    worker, watch = loaded
    job = worker.generate(HELLO, ENDLESS)
    qtbot.waitUntil(lambda: bool(watch.tokens), timeout=30_000)
    start = time.monotonic()
    worker.cancel(job)
    qtbot.waitUntil(lambda: watch.ended(job) == 1, timeout=5_000)
    assert time.monotonic() - start < 2
    reply = watch.done[job][0].reply
    assert reply.finish == "cancelled" and reply.text == "".join(event.text for event in watch.tokens)
    assert watch.crashed == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_crash_in_mid_reply_is_told_once_and_mended(qtbot, loaded, number):
    worker, watch = loaded
    job = worker.generate(HELLO, ENDLESS)
    qtbot.waitUntil(lambda: bool(watch.tokens), timeout=10_000)
    os.kill(worker.pid, number)
    qtbot.waitUntil(lambda: bool(watch.crashed), timeout=10_000)
    assert watch.ended(job) == 1 and watch.failed[job][0].code == "crashed"
    assert watch.crashed[0].signal_name == number.name
    qtbot.waitUntil(lambda: worker.state == WorkerState.LOADED, timeout=30_000)
    again = worker.generate(HELLO, GenerationSettings(sampling=SETTINGS.sampling, max_tokens=3))
    qtbot.waitUntil(lambda: watch.ended(again) == 1, timeout=30_000)
    assert again in watch.done
    assert len(watch.crashed) == 1


def test_a_model_that_aborts_takes_only_its_process(qtbot, worker, tmp_path):
    watch = Watch(worker)
    path = str(aborting_gguf(tmp_path / "aborts.gguf"))
    job = worker.load(path)
    qtbot.waitUntil(lambda: watch.ended(job) == 1, timeout=30_000)
    assert job in watch.done, watch.failed
    for count in (1, 2, 3):
        job = worker.complete("a\u20acb", GenerationSettings(max_tokens=2))
        qtbot.waitUntil(lambda job=job: watch.ended(job) == 1, timeout=30_000)
        assert watch.failed[job][0].code == "crashed"
        qtbot.waitUntil(lambda count=count: len(watch.crashed) == count, timeout=5_000)
        assert watch.crashed[-1].signal_name == "SIGABRT"
        if count < 3:
            qtbot.waitUntil(lambda: worker.state == WorkerState.LOADED, timeout=30_000)
    # Three times in a row: it is not loaded again by itself, and says so.
    assert worker.state == WorkerState.CRASHED
    job = worker.complete("a", GenerationSettings(max_tokens=2))
    qtbot.waitUntil(lambda: watch.ended(job) == 1, timeout=5_000)
    assert job in watch.failed
    job = worker.load(path)
    qtbot.waitUntil(lambda: watch.ended(job) == 1, timeout=30_000)
    assert job in watch.done


@pytest.mark.parametrize("data", [b"", b"GGUF", b"not a model at all" * 100])
def test_a_broken_file_is_refused_and_the_present_model_stays(qtbot, loaded, tmp_path, data):
    worker, watch = loaded
    path = tmp_path / "broken.gguf"
    path.write_bytes(data)
    job = worker.load(str(path))
    qtbot.waitUntil(lambda: watch.ended(job) == 1, timeout=30_000)
    assert watch.failed[job][0].code == "model-broken"
    assert watch.crashed == []
    again = worker.generate(HELLO, GenerationSettings(sampling=SETTINGS.sampling, max_tokens=3))
    qtbot.waitUntil(lambda: watch.ended(again) == 1, timeout=30_000)
    assert again in watch.done


def test_a_worker_without_a_window_ends(qtbot, worker):
    qtbot.waitUntil(lambda: worker.state == WorkerState.READY, timeout=30_000)
    pid = worker.pid
    worker._supervisor._channel._process.closeWriteChannel()
    qtbot.waitUntil(lambda: not _alive(pid), timeout=5_000)


def test_a_worker_that_hangs_is_killed_after_a_cancel(qtbot, loaded, monkeypatch):
    worker, watch = loaded
    monkeypatch.setattr("app.workers.inference._CANCEL_DEADLINE_MS", 200)
    monkeypatch.setattr("app.workers.channel._TERMINATE_DEADLINE_MS", 200)
    job = worker.generate(HELLO, ENDLESS)
    qtbot.waitUntil(lambda: bool(watch.tokens), timeout=10_000)
    os.kill(worker.pid, signal.SIGSTOP)  # as hung as can be
    worker.cancel(job)
    qtbot.waitUntil(lambda: watch.ended(job) == 1, timeout=10_000)
    assert watch.failed[job][0].code == "cancelled"
    assert watch.crashed == []
    qtbot.waitUntil(lambda: worker.state == WorkerState.LOADED, timeout=30_000)


def test_what_is_asked_while_the_process_comes_back_is_done_then(qtbot, loaded):
    worker, watch = loaded
    os.kill(worker.pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: bool(watch.crashed), timeout=10_000)
    job = worker.generate(HELLO, GenerationSettings(sampling=SETTINGS.sampling, max_tokens=3))
    qtbot.waitUntil(lambda: watch.ended(job) == 1, timeout=30_000)
    assert job in watch.done and worker.state == WorkerState.LOADED


def test_a_load_that_hangs_is_not_begun_again_when_it_was_cancelled(qtbot, loaded, model_path, monkeypatch):
    worker, watch = loaded
    monkeypatch.setattr("app.workers.inference._CANCEL_DEADLINE_MS", 200)
    monkeypatch.setattr("app.workers.channel._TERMINATE_DEADLINE_MS", 200)
    os.kill(worker.pid, signal.SIGSTOP)
    job = worker.load(model_path, context_length=64, threads=1)
    worker.cancel(job)
    qtbot.waitUntil(lambda: watch.ended(job) == 1, timeout=10_000)
    assert watch.failed[job][0].code == "cancelled"
    qtbot.waitUntil(lambda: worker.state == WorkerState.LOADED, timeout=30_000)
    assert worker.model.context_length == 8192  # the model that was there before


def test_a_load_that_fails_late_leaves_no_model(qtbot, loaded, tmp_path):
    worker, watch = loaded
    job = worker.load(str(tmp_path))
    qtbot.waitUntil(lambda: watch.ended(job) == 1, timeout=30_000)
    assert watch.failed[job][0].code == "folder-without-model"
    assert worker.model is None and worker.state == WorkerState.READY


def test_no_process_is_left(qtbot, model_path):
    before = _children()
    worker = InferenceWorker()
    watch = Watch(worker)
    job = worker.load(model_path, context_length=64, threads=1)
    qtbot.waitUntil(lambda: watch.ended(job) == 1, timeout=30_000)
    for _ in range(2):
        count = len(watch.crashed)
        os.kill(worker.pid, signal.SIGKILL)
        qtbot.waitUntil(lambda count=count: len(watch.crashed) == count + 1, timeout=10_000)
        qtbot.waitUntil(lambda: worker.state == WorkerState.LOADED, timeout=30_000)
    assert len(_children() - before) == 1
    worker.shutdown()
    assert _children() == before  # neither running nor a zombie
    assert worker.state == WorkerState.STOPPED and worker.pid == 0


def test_a_command_that_cannot_start_is_told(qtbot):
    worker = InferenceWorker(command=["/nonexistent/program"])
    watch = Watch(worker)
    worker.start()
    qtbot.waitUntil(lambda: worker.state == WorkerState.CRASHED, timeout=30_000)
    assert len(watch.crashed) == 3
    worker.shutdown()


def test_another_version_of_the_protocol_is_refused(qtbot):
    script = (
        "import sys; from engine.worker.protocol import *; sys.stdout.buffer.write(encode_frame(Hello(99))); sys.stdout.flush();"
        "import time; time.sleep(20)"
    )
    worker = InferenceWorker(command=[sys.executable, "-c", script])
    watch = Watch(worker)
    worker.start()
    qtbot.waitUntil(lambda: bool(watch.crashed), timeout=20_000)
    assert "version 99" in watch.crashed[0].stderr_tail
    worker.shutdown()


def _children():
    """Numbers of the processes that this one started and that are still in the table, zombies included."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(after_name[1]) == os.getpid():
            found.add(int(stat.parent.name))
    return found


def _alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
