"""The whole program with a worker that needs no model."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import program as program_module
from app.bug_log import BugLog
from app.program import Program
from app.settings.store import SettingsStore
from app.translation import Translation
from app.widgets.theme import theme
from app.workers.inference import InferenceWorker
from tests.helpers import echo_worker
from tests.helpers.library_in_process import LibraryInProcess

StartProgram = Callable[..., Program]


@pytest.fixture
def start_program(qtbot: QtBot, own_folders: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StartProgram]:
    """start_program(wait_for_model=True, **settings) runs the program in its own folder; all are closed at the end."""
    model = own_folders / "echo.gguf"
    model.touch()
    monkeypatch.setattr(program_module, "bundled_model", lambda: model)
    monkeypatch.setattr(
        program_module, "InferenceWorker", lambda parent: InferenceWorker(parent, command=echo_worker.command())
    )
    monkeypatch.setattr(program_module, "LibraryWorker", LibraryInProcess)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    started: list[Program] = []

    def start(wait_for_model: bool = True, **changes: object) -> Program:
        settings = SettingsStore()
        settings.set(**{"language": "en", **changes})
        translation = Translation(application)
        translation.speak(settings.value.language)
        theme().apply(application, settings.value.theme, settings.value.text_size)
        program = Program(application, settings, translation, BugLog(settings.data_folder / "logs"))
        started.append(program)
        program.start()
        program.window.activateWindow()
        qtbot.waitUntil(program.window.isActiveWindow)
        if wait_for_model:
            qtbot.waitUntil(lambda: program.worker.model is not None, timeout=15_000)
        return program

    yield start
    for program in started:
        program.close()
        program.deleteLater()
        program._translation.speak("en")
    # What is to be deleted later is deleted now, so that no test inherits the windows of another.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
