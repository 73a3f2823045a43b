"""The program from its start to its end: what crosses features, and what is told when something was repaired."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app import main as main_module
from app.bug_log import BugLog
from app.chat.conversation_list import ConversationList
from app.chat.page import ChatPage
from app.chat.shown import Problem
from app.chat.token_bar import TokenBar
from app.program import Program
from app.quit_signals import QuitSignals
from app.settings.store import SettingsStore
from app.single_instance import SingleInstance
from app.training.curves import Curves
from app.training.exporting import Exported
from app.training.probe_pane import ProbePane
from app.widgets.theme import theme
from engine.worker.protocol import Failed
from tests.gui.conftest import StartProgram
from tests.helpers.fake_hub_worker import FakeHubWorker
from tests.helpers.fake_runs import write_run


def texts(program: Program) -> str:
    return " ".join(toast.text for toast in program.window.toasts.shown)


def reply(program: Program) -> str:
    path = program.chat.tree.path()
    return path[-1].content if path and path[-1].role == "assistant" and path[-1].state == "complete" else ""


def test_a_message_is_answered_and_is_there_after_a_restart(start_program: StartProgram, qtbot: QtBot) -> None:
    program = start_program()
    qtbot.keyClicks(QApplication.focusWidget(), "what is the next token")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: reply(program) != "", timeout=10_000)
    assert reply(program).split() == ["token", "next", "the", "is", "what"]
    program.close()
    again = start_program()
    qtbot.waitUntil(lambda: reply(again) != "", timeout=10_000)
    assert reply(again).split() == ["token", "next", "the", "is", "what"]


def test_a_draft_survives_closing(start_program: StartProgram, qtbot: QtBot) -> None:
    program = start_program()
    qtbot.keyClicks(QApplication.focusWidget(), "half a thou")
    program.close()
    again = start_program()
    qtbot.waitUntil(lambda: again.chat.draft.text == "half a thou", timeout=10_000)


def test_a_worker_that_dies_is_told_and_the_next_message_works(start_program: StartProgram, qtbot: QtBot) -> None:
    program = start_program()
    with qtbot.waitSignal(program.worker.crashed, timeout=10_000):
        program.chat.send("die")
    qtbot.waitUntil(lambda: program.worker.model is not None and not program.chat.busy, timeout=15_000)
    assert program.window.isVisible()
    program.chat.send("still here")
    qtbot.waitUntil(lambda: reply(program).split() == ["here", "still"], timeout=10_000)


def test_a_model_that_cannot_be_loaded_is_told_with_the_way_out(
    start_program: StartProgram, own_folders: Path, qtbot: QtBot
) -> None:
    broken = own_folders / "broken.gguf"
    broken.touch()
    program = start_program(wait_for_model=False, default_model=str(broken))
    qtbot.waitUntil(lambda: "This file is damaged. Choose another one." in texts(program), timeout=15_000)
    assert program.window.toasts.shown[-1].details == "magic 0x0"


def test_what_failed_of_one_repository_leaves_with_it(
    start_program: StartProgram, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = start_program()
    monkeypatch.setattr("app.widgets.toast.SHOWN_MS", 1)
    monkeypatch.setattr(program.hub, "_looking", FakeHubWorker())
    program.hub.show("evil/Evil-GGUF")
    program.hub.failed.emit(Failed(1, "hub-name", "No name that can be used.", "", "../evil"))
    qtbot.wait(20)
    program.hub.show("evil/Evil-GGUF")  # tried again
    assert "No name" in texts(program)
    program.hub.show("fox/Fox-GGUF")
    assert "No name" not in texts(program)


def test_another_language_is_spoken_at_once(start_program: StartProgram, qtbot: QtBot) -> None:
    program = start_program()
    english = program.window
    english.open_page("settings")
    program.settings.set(language="pt_BR")
    qtbot.waitUntil(lambda: program.window is not english)
    titles = [action.text() for action in program.window.menuBar().actions()]
    assert "&Arquivo" in titles
    assert program.window.page == "settings"
    assert program.worker.model is not None
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    program.chat.problem.emit(Problem("Nothing of the old window is called any more."))
    program.settings.set(theme="dark")
    program.settings.set(theme="system")
    program.window.open_page("chat")
    program.chat.send("dois um")
    qtbot.waitUntil(lambda: reply(program).split() == ["um", "dois"], timeout=10_000)


def test_another_language_shows_what_was_shown(start_program: StartProgram, qtbot: QtBot) -> None:
    program = start_program()
    program.chat.send("dois um")
    qtbot.waitUntil(lambda: reply(program).split() == ["um", "dois"], timeout=10_000)
    qtbot.waitUntil(lambda: program.window.findChild(TokenBar).numbers.averages() is not None)
    before = program.window

    def shown() -> tuple[list[str], object]:
        listed = program.window.findChild(ConversationList).findChild(QListWidget)
        titles = [listed.item(row).text() for row in range(listed.count())]
        return titles[1:], program.window.findChild(TokenBar).numbers.averages()

    qtbot.waitUntil(lambda: "dois um" in shown()[0])
    expected = shown()
    program.settings.set(language="pt_BR")
    qtbot.waitUntil(lambda: program.window is not before)
    assert shown() == expected


def test_another_language_shows_the_curves_that_were_shown(
    start_program: StartProgram, qtbot: QtBot, own_folders: Path
) -> None:
    one, other = write_run(own_folders / "runs"), write_run(own_folders / "runs", "Other")
    program = start_program()
    program.window.open_page("training")
    qtbot.waitUntil(lambda: len(program.training.runs) == 2, timeout=15_000)
    program.training.show(one)
    program.training.compare(other, True)
    before = program.window

    def shown() -> tuple[object, ...]:
        curves, probe = program.window.findChild(Curves), program.window.findChild(ProbePane)
        steps = [line.steps for chart in (curves.loss, curves.rate, curves.compared) for line in chart.lines]
        return steps, curves.isVisible(), probe.shown, probe.bars.bars[0].label, program.training.shown_path

    expected = shown()
    assert expected[0] and expected[1]
    program.settings.set(language="pt_BR")
    qtbot.waitUntil(lambda: program.window is not before)
    qtbot.waitUntil(lambda: program.window.findChild(Curves) is not None and shown() == expected)
    assert program.window.findChild(Curves).loss.lines[1].name == "treino"


def test_what_is_exported_is_in_the_library(start_program: StartProgram, monkeypatch: pytest.MonkeyPatch) -> None:
    program = start_program()
    added: list[list[str]] = []
    monkeypatch.setattr(program.models, "add", added.append)
    program.training.exporting.written.emit(Exported("/out/machado.gguf", 1000), False)
    program.training.exporting.written.emit(Exported("/out/adapter.gguf", 1000), True)
    assert added == [["/out/machado.gguf"]]


def test_no_two_actions_of_the_real_pages_share_keys(start_program: StartProgram) -> None:
    program = start_program()
    for page in ("chat", "playground", "training", "models"):
        program.window.open_page(page)
        keys = [key.toString() for _, action in program.window.actions_by_menu() for key in action.shortcuts()]
        assert len(keys) > 15
        assert sorted(keys) == sorted(set(keys))


def test_a_new_one_is_a_document_in_the_playground(start_program: StartProgram, qtbot: QtBot) -> None:
    program = start_program()
    program.window.open_page("playground")
    program.window.activateWindow()
    qtbot.waitUntil(program.window.isActiveWindow)
    page = program.window.view("playground").widget
    page.editor.insert("Once")
    open_list = page.list.isVisible()
    qtbot.keyClick(page.editor, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert page.list.isVisible() != open_list
    qtbot.keyClick(page.editor, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert page.editor.text() == "" and program.window.page == "playground"


@pytest.mark.parametrize("page", ["chat", "playground", "settings"])
def test_every_control_can_be_read_aloud(start_program: StartProgram, page: str) -> None:
    program = start_program()
    program.window.open_page(page)
    nameless = [
        f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}"
        for kind in (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QAbstractSlider, QPlainTextEdit)
        for widget in program.window.findChildren(kind)
        if widget.isVisible()
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not widget.objectName().startswith("qt_")
        and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert nameless == []


def test_theme_and_text_size_are_applied_at_once(start_program: StartProgram) -> None:
    program = start_program(theme="light")
    program.settings.set(theme="dark", text_size=130)
    assert theme().dark
    assert theme().font().pixelSize() == 17
    program.settings.set(theme="system", text_size=100)


def test_what_needs_the_model_loaded_again_offers_it(start_program: StartProgram, qtbot: QtBot) -> None:
    program = start_program()
    program.settings.set(context_length=512)
    assert "loaded again" in texts(program)
    with qtbot.waitSignal(program.worker.modelLoaded, timeout=10_000):
        program.window.toasts.undo_last()


def test_broken_settings_are_told(start_program: StartProgram, own_folders: Path, qtbot: QtBot) -> None:
    (own_folders / "settings.json").write_text(json.dumps({"version": 1, "threads": "many"}), encoding="utf-8")
    program = start_program()
    assert "settings.damaged" in texts(program)


def test_a_damaged_database_is_told(start_program: StartProgram, own_folders: Path, qtbot: QtBot) -> None:
    (own_folders / "proxima.db").write_bytes(b"no database at all" * 500)
    program = start_program()
    qtbot.waitUntil(lambda: "proxima.db.damaged" in texts(program), timeout=5_000)


def test_a_bug_is_told_with_its_traceback(start_program: StartProgram, qtbot: QtBot) -> None:
    program = start_program()
    try:
        raise ZeroDivisionError("a mistake of ours")
    except ZeroDivisionError as error:
        thread = threading.Thread(target=program._bugs._on_exception, args=(type(error), error, error.__traceback__))
        thread.start()
        thread.join()
    qtbot.waitUntil(lambda: "went wrong" in texts(program))
    assert "a mistake of ours" in program.window.toasts.shown[-1].details


def test_the_log_keeps_bugs_and_finds_a_crash_of_the_last_run(tmp_path: Path) -> None:
    hook, thread_hook = sys.excepthook, threading.excepthook
    (tmp_path / "crash.txt").write_text("Fatal Python error: Segmentation fault\n", encoding="utf-8")
    log = BugLog(tmp_path)
    log.install()
    try:
        assert "Segmentation fault" in log.previous_crash
        sys.excepthook(ValueError, ValueError("kept"), None)
        assert "ValueError: kept" in log.file.read_text(encoding="utf-8")
    finally:
        log.remove()
    assert (sys.excepthook, threading.excepthook) == (hook, thread_hook)
    after_a_good_end = BugLog(tmp_path)
    after_a_good_end.install()
    after_a_good_end.remove()
    assert after_a_good_end.previous_crash == ""


def test_a_second_start_raises_the_first(tmp_path: Path, qtbot: QtBot) -> None:
    first, second = SingleInstance(tmp_path), SingleInstance(tmp_path)
    assert first.claim()
    assert not second.claim()
    with qtbot.waitSignal(first.asked):
        assert second.raise_other()
    first.release()
    assert second.claim()
    second.release()


def test_the_folder_of_one_that_was_killed_is_free_again(tmp_path: Path, qtbot: QtBot) -> None:
    code = (
        "import os, pathlib, signal, sys\n"
        "from PySide6.QtCore import QCoreApplication\n"
        "from app.single_instance import SingleInstance\n"
        "application = QCoreApplication([])\n"
        "instance = SingleInstance(pathlib.Path(sys.argv[1]))\n"
        "assert instance.claim()\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(tmp_path)], timeout=60)
    assert killed.returncode == -signal.SIGKILL
    instance = SingleInstance(tmp_path)
    assert instance.claim()
    other = SingleInstance(tmp_path)
    with qtbot.waitSignal(instance.asked):
        assert other.raise_other()
    instance.release()


def test_a_data_folder_that_cannot_be_used_is_told(
    own_folders: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    told: list[str] = []
    monkeypatch.setattr(main_module, "build", lambda argv: QApplication.instance())
    monkeypatch.setattr(main_module, "_cannot_start", lambda text, details: told.append(text) or 1)
    (own_folders / "file").write_text("in the way", encoding="utf-8")
    SettingsStore().set(data_folder=str(own_folders / "file"), language="en")
    assert main_module.main(["proxima"]) == 1
    assert "cannot use its data folder" in told[0]


def test_a_default_model_that_is_gone_is_told_and_the_built_in_one_loaded(start_program: StartProgram) -> None:
    program = start_program(default_model="/nowhere/gone.gguf")
    assert "not there any more" in texts(program)
    assert program.worker.model is not None
    assert program.worker.model.path.endswith("echo.gguf")


def test_another_default_model_can_be_loaded_at_once(
    start_program: StartProgram, own_folders: Path, qtbot: QtBot
) -> None:
    program = start_program()
    other = own_folders / "other.gguf"
    other.touch()
    program.settings.set(default_model=str(other))
    with qtbot.waitSignal(program.worker.modelLoaded, timeout=10_000):
        program.window.toasts.undo_last()
    assert program.worker.model is not None
    assert program.worker.model.path == str(other)


def test_quitting_by_signal_saves_like_the_menu_does(qtbot: QtBot) -> None:
    signals = QuitSignals()
    try:
        with qtbot.waitSignal(signals.asked, timeout=5_000):
            os.kill(os.getpid(), signal.SIGTERM)
    finally:
        signals.remove()


def test_the_window_starts_without_the_heavy_libraries() -> None:
    code = (
        "import sys, app.main, app.program;"
        "heavy = {'torch', 'llama_cpp', 'transformers', 'tokenizers', 'gguf'} & set(sys.modules);"
        "sys.exit(f'imported: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_what_is_told_stands_above_all_that_one_works_with_at_the_foot(
    start_program: StartProgram, qtbot: QtBot
) -> None:
    program = start_program()
    page = program.window.findChild(ChatPage)
    program.chat.manual.wanted = True
    program.chat.send("what is the next token")
    qtbot.waitUntil(lambda: page.manual_bar.isVisible() and program.chat.manual.proposal is not None, timeout=10_000)
    toast = program.window.toasts.show("News.")
    qtbot.waitUntil(lambda: toast.y() > 0)

    def top(widget: QWidget) -> int:
        return widget.mapTo(program.window, QPoint(0, 0)).y()

    qtbot.waitUntil(lambda: top(toast) + toast.height() <= top(page.manual_bar) < top(page.composer))
    program.chat.stop()
    qtbot.waitUntil(lambda: not page.manual_bar.isVisible(), timeout=10_000)
