"""A state of the playground on the worker without a process and a real storage thread."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.playground.state import PlaygroundState
from app.settings.store import SettingsStore
from app.storage.thread import StorageThread
from tests.helpers.fake_worker import FakeWorker


class Ground:
    """What a test of the state works with."""

    def __init__(self, state: PlaygroundState, worker: FakeWorker, storage: StorageThread, qtbot: QtBot) -> None:
        self.state, self.worker, self.storage, self._qtbot = state, worker, storage, qtbot
        self.undo: list[Callable[[], None]] = []
        self.notices: list[str] = []
        self.failures: list[object] = []
        self.others: list[FakeWorker] = []  # processes beside the one that replies
        state.undoable.connect(lambda _, undo: self.undo.append(undo))
        state.notice.connect(self.notices.append)
        state.failed.connect(self.failures.append)

    def until(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=5000)

    def saved(self) -> None:
        """Everything that was handed to storage is done, and its answers have come."""
        self.state.documents.save()
        for _ in range(3):
            self.storage.submit(lambda store: None).result(5)
            self._qtbot.wait(5)

    def type(self, text: str) -> None:
        """Put a text at the end."""
        before = self.state.text
        self.state.edited(before + text, len(before + text), len(before), 0, len(text))

    def asked(self, kind: str) -> list[tuple]:
        return [call[1:] for call in self.worker.requests if call[0] == kind]


@pytest.fixture
def ground(qtbot: QtBot, tmp_path: Path) -> Iterator[Ground]:
    storage = StorageThread(tmp_path / "proxima.db")
    storage.start()
    worker = FakeWorker()
    others: list[FakeWorker] = []

    def make_worker() -> FakeWorker:
        others.append(FakeWorker())
        return others[-1]

    state = PlaygroundState(storage, worker, SettingsStore(tmp_path / "settings.json"), make_worker)
    worker.load("/models/pretend.gguf")
    ground = Ground(state, worker, storage, qtbot)
    ground.others = others
    ground.until(lambda: worker.model is not None)
    state.set_active(True)
    yield ground
    state.put_away()
    worker.shutdown()
    storage.close()
