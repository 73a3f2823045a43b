"""The whole program with the real worker and a small real model."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.bug_log import BugLog
from app.program import Program
from app.settings.store import SettingsStore
from app.translation import Translation
from engine.records import GenerationSettings, SamplingSettings, StageSettings
from tests.helpers.small_models import small_llama_gguf

StartProgram = Callable[..., Program]

#: The most likely token each time: the small model never ends by itself then.
ENDLESS = GenerationSettings(sampling=SamplingSettings((StageSettings("top_k", values={"k": 1}),), 3))


@pytest.fixture(scope="session")
def model_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # These random weights go round in circles of readable text.
    return small_llama_gguf(tmp_path_factory.mktemp("models") / "small.gguf", context_length=8192, seed=19)


@pytest.fixture
def start_program(qtbot: QtBot, own_folders: Path) -> Iterator[StartProgram]:
    """start_program(model) runs the program in its own folder until the end of the test."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    started: list[Program] = []

    def start(model: Path) -> Program:
        settings = SettingsStore()
        settings.set(language="en", default_model=str(model), threads=1)
        program = Program(application, settings, Translation(application), BugLog(settings.data_folder / "logs"))
        started.append(program)
        program.start()
        qtbot.waitUntil(lambda: program.worker.model is not None, timeout=30_000)
        return program

    yield start
    for program in started:
        program.close()
        program.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
