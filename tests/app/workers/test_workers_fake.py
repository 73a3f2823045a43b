"""What tests of the window lean on behaves as the worker does: every job ends once, in order."""

from app.workers.inference import WorkerState
from engine.records import GenerationSettings, Message
from engine.worker.protocol import Failed
from tests.helpers.fake_worker import FakeWorker

HELLO = (Message("user", "Hello"),)


def ends(worker):
    heard = []
    worker.done.connect(lambda event: heard.append((event.job, "done")))
    worker.failed.connect(lambda event: heard.append((event.job, event.code)))
    return heard


def test_replies_come_as_tokens_whose_text_is_the_reply(qtbot):
    worker, texts = FakeWorker(), []
    heard = ends(worker)
    worker.replies.append("Olá, mundo bom.")
    worker.tokens.connect(lambda event: texts.append(event.text))
    load, job = worker.load("/m.gguf"), worker.generate(HELLO, GenerationSettings())
    assert worker.state == WorkerState.LOADING
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert heard == [(load, "done"), (job, "done")] and worker.state == WorkerState.LOADED
    assert texts == ["Olá,", " mundo", " bom."]


def test_it_stops_fails_and_crashes_when_told_to(qtbot):
    worker = FakeWorker(token_ms=1, reply="word " * 500)
    heard, crashes, summaries = ends(worker), [], []
    worker.crashed.connect(crashes.append)
    worker.done.connect(lambda event: summaries.append(event.reply))
    worker.load("/m.gguf")
    job = worker.generate(HELLO, GenerationSettings())
    with qtbot.waitSignal(worker.tokens):
        pass
    worker.cancel(job)
    assert heard[-1] == (job, "done") and summaries[-1].finish == "cancelled"
    worker.fail_next = Failed(0, "context-full", "Too long.")
    job = worker.generate(HELLO, GenerationSettings())
    qtbot.waitUntil(lambda: heard[-1] == (job, "context-full"))
    worker.crash_after = 2
    job = worker.generate(HELLO, GenerationSettings())
    qtbot.waitUntil(lambda: heard[-2:-1] == [(job, "crashed")] and worker.state == WorkerState.LOADED)
    assert len(crashes) == 1 and crashes[0].signal_name == "SIGSEGV"
