"""Processes that die: what the person wrote and what was answered stays, and the program goes on."""

import gc
import json
import os
import select
import signal
import sqlite3
import subprocess
import sys
import time
import weakref
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.program import Program
from app.storage.rows import MessageRow
from app.storage.thread import StorageThread
from app.window import MainWindow
from engine.records import GenerationSettings
from tests.e2e.conftest import ENDLESS, StartProgram
from tests.helpers.small_models import aborting_gguf

_WINDOW_THAT_IS_KILLED = Path(__file__).with_name("window_to_kill.py")


def last(program: Program) -> MessageRow:
    return program.chat.tree.path()[-1]


def told(program: Program) -> str:
    return " ".join(toast.text for toast in program.window.toasts.shown)


def test_a_worker_killed_in_mid_reply_costs_no_word(
    start_program: StartProgram, qtbot: QtBot, model_path: Path
) -> None:
    program = start_program(model_path)
    chat = program.chat
    chat.set_settings(ENDLESS)
    chat.send("Where is the fox?")
    qtbot.waitUntil(lambda: len(chat.tree.path()) == 2 and len(chat.content(last(program).id)) > 50, timeout=20_000)
    chat.draft.set("and the owl")
    os.kill(program.worker.pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: last(program).state == "interrupted", timeout=10_000)
    assert program.window.isVisible() and "SIGKILL" in told(program)
    partial = last(program).content
    assert len(partial) > 50 and chat.draft.text == "and the owl"
    qtbot.waitUntil(lambda: program.worker.model is not None and not chat.busy, timeout=30_000)
    # What is on the disk is what is on the screen, and the reply goes on where it stopped.
    stored = program.storage.submit(lambda store: store.message(last(program).id)).result(10)
    assert (stored.content, stored.state) == (partial, "interrupted")
    chat.resume(last(program).id)
    qtbot.waitUntil(lambda: len(chat.content(last(program).id)) > len(partial) + 50, timeout=20_000)
    chat.stop()
    qtbot.waitUntil(lambda: not chat.busy, timeout=10_000)
    assert last(program).content.startswith(partial) and last(program).state == "interrupted"


def test_a_model_that_aborts_is_given_up_and_another_one_works(
    start_program: StartProgram, qtbot: QtBot, model_path: Path, tmp_path: Path
) -> None:
    program = start_program(aborting_gguf(tmp_path / "aborts.gguf"))
    chat = program.chat
    chat.send("a€b")
    qtbot.waitUntil(lambda: "SIGABRT" in told(program), timeout=20_000)
    for _ in range(2):
        qtbot.waitUntil(lambda: program.worker.model is not None and not chat.busy, timeout=30_000)
        chat.regenerate(chat.tree.path()[0].id)
        with qtbot.waitSignal(program.worker.crashed, timeout=20_000):
            pass
    assert program.worker.model is None and program.worker.pid == 0
    qtbot.waitUntil(lambda: "several times" in told(program), timeout=10_000)
    chat.link.load(str(model_path))
    qtbot.waitUntil(lambda: program.worker.model is not None, timeout=30_000)
    chat.set_settings(GenerationSettings(sampling=ENDLESS.sampling, max_tokens=5))
    chat.regenerate(chat.tree.path()[0].id)
    qtbot.waitUntil(lambda: not chat.busy and last(program).state == "complete", timeout=20_000)
    assert chat.tree.path()[0].content == "a€b" and last(program).content


def test_a_window_killed_in_mid_reply_leaves_the_reply_and_no_process(own_folders: Path, model_path: Path) -> None:
    window = subprocess.Popen(
        [sys.executable, str(_WINDOW_THAT_IS_KILLED), str(model_path)], stdout=subprocess.PIPE, text=True
    )
    assert window.stdout is not None
    try:
        line = window.stdout.readline() if select.select([window.stdout], [], [], 60)[0] else ""
    finally:
        window.kill()
        window.wait()
        window.stdout.close()
    seen = json.loads(line)
    worker = Path(f"/proc/{seen['worker']}")
    deadline = time.monotonic() + 5
    while worker.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not worker.exists()

    storage = StorageThread(own_folders / "proxima.db")
    storage.start()
    row = storage.submit(lambda store: store.conversations()).result(10)[0]
    question, reply = storage.submit(lambda store: store.messages(row.id)).result(10)
    records = storage.submit(lambda store: store.records(reply.id)).result(10)
    storage.close()
    assert question.content == "Where is the fox?" and row.draft == "half a thou"
    assert reply.state == "interrupted" and len(reply.content) > 50
    assert reply.content.startswith(seen["text"]) and len(records) > 10
    with sqlite3.connect(own_folders / "proxima.db") as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


def test_a_collection_of_garbage_looks_through_no_window(
    start_program: StartProgram, qtbot: QtBot, model_path: Path
) -> None:
    def looked_through(window: MainWindow) -> bool:
        return any(found is window for found in gc.get_objects())

    program = start_program(model_path)
    qtbot.waitUntil(lambda: not looked_through(program.window), timeout=30_000)
    # A window that was made anew does not leave the old one behind.
    old = weakref.ref(program.window)
    program.settings.set(language="pt_BR")
    qtbot.waitUntil(lambda: old() is None and not looked_through(program.window), timeout=30_000)
    program.settings.set(language="en")
    qtbot.waitUntil(lambda: program.window.menuBar().actions()[0].text() == "&File", timeout=30_000)
