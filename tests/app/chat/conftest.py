"""A chat state on the worker without a process and a real storage thread."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.chat.model_link import ModelChoice
from app.chat.state import ChatState
from app.settings.store import SettingsStore
from app.storage.thread import StorageThread
from tests.helpers.fake_worker import FakeWorker


class Desk:
    """What a test of the state works with."""

    def __init__(self, state: ChatState, worker: FakeWorker, storage: StorageThread, qtbot: QtBot) -> None:
        self.state, self.worker, self.storage, self._qtbot = state, worker, storage, qtbot
        self.problems: list[object] = []
        self.undo: list[Callable[[], None]] = []
        self.notices: list[str] = []
        state.problem.connect(self.problems.append)
        state.undoable.connect(lambda _, undo: self.undo.append(undo))
        state.notice.connect(self.notices.append)

    def until(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=5000)

    def send(self, text: str) -> None:
        """Send, and wait for the end of the reply."""
        before = len(self.state.tree.path())
        assert self.state.send(text)
        self.until(lambda: not self.state.busy and len(self.state.tree.path()) >= before + 2)

    def idle(self) -> None:
        self.until(lambda: not self.state.busy)
        self.saved()

    def saved(self) -> None:
        """Everything that was handed to storage is done, and its answers have come."""
        self.storage.submit(lambda store: None).result(5)
        self._qtbot.wait(5)

    def contents(self) -> list[str]:
        return [message.content for message in self.state.tree.path()]


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    storage = StorageThread(tmp_path / "proxima.db")
    storage.start()
    worker = FakeWorker()
    state = ChatState(storage, worker, SettingsStore(tmp_path / "settings.json"))
    state.link.set_choices([ModelChoice("Pretend", "/models/pretend.gguf")])
    worker.load("/models/pretend.gguf")
    desk = Desk(state, worker, storage, qtbot)
    desk.until(lambda: worker.model is not None)
    yield desk
    state.put_away()
    worker.shutdown()
    storage.close()
