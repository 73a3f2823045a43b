"""A model's loading, in the real window with the real worker: planned, changed, loaded so, measured, asked about."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from app.models.loading_pane import LoadingPane
from app.models.page import ModelsPage
from app.program import Program
from engine.library.kept import measurement
from tests.e2e.conftest import StartProgram


def _known(program: Program) -> bool:
    return program.loading.prospect is not None


def test_a_context_length_of_its_own_from_the_card_to_the_reply(
    start_program: StartProgram, qtbot: QtBot, model_path: Path
) -> None:
    program = start_program(model_path)
    worker = program.worker
    assert worker.model.context_length == 8192
    program.window.open_page("models")
    page = program.window.findChild(ModelsPage)
    program.models.add([str(model_path)])
    qtbot.waitUntil(lambda: program.models.model(str(model_path)) is not None, timeout=30_000)
    page.open_model(str(model_path))
    pane = page.findChild(LoadingPane)
    page.card.tabs.setCurrentWidget(pane)
    qtbot.waitUntil(lambda: program.loading.path == str(model_path) and _known(program), timeout=30_000)
    before = program.loading.prospect.plan
    assert (before.settings.context_length, before.fit) == (8192, "fits")

    # The settings of the card are those of the next load, and the cache is as much smaller.
    box = pane.form.context
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "512")
    QTest.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: program.loading.prospect.plan.settings.context_length == 512, timeout=30_000)
    assert program.loading.prospect.plan.estimate.cache == before.estimate.cache // 16
    assert program.loading.outdated
    pane._load.click()
    qtbot.waitUntil(lambda: worker.model is not None and worker.model.context_length == 512, timeout=30_000)
    assert worker.model.settings.context_length == 512
    qtbot.waitUntil(lambda: not program.loading.outdated, timeout=30_000)

    # Measured while nobody asks for anything, and shown.
    qtbot.waitUntil(lambda: getattr(program.loading.prospect.speed, "measured", False), timeout=60_000)
    assert measurement(model_path).tokens_per_s > 0
    assert "measured on this machine" in pane._speed.text()

    # One that will not fit is asked about, and the present one stays.
    program.loading.set(context_length=900_000_000)
    pane._load.click()
    qtbot.waitUntil(lambda: bool(program.window.findChildren(QMessageBox)), timeout=30_000)
    question = program.window.findChild(QMessageBox)
    assert "of memory" in question.text()
    question.button(QMessageBox.StandardButton.Cancel).click()
    assert worker.model.context_length == 512
