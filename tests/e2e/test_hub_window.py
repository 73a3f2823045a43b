"""From nothing to a reply with a model from the Hub, through the window; and what may go wrong on the way."""

import hashlib
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from app.models.hub_section import HubSection
from app.program import Program
from engine.records import GenerationSettings
from tests.e2e.conftest import ENDLESS, StartProgram
from tests.helpers.loopback_hub import LoopbackHub

NAME = "fox/Small-GGUF"
FILE = "Small-F32.gguf"


@pytest.fixture
def hub(model_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackHub]:
    server = LoopbackHub({NAME: {FILE: model_path.read_bytes(), "README.md": b"---\nlicense: mit\n---\n# Small"}})
    monkeypatch.setenv("HF_ENDPOINT", server.url)
    for variable in ("HF_TOKEN", "HF_HUB_OFFLINE", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    yield server
    server.close()


def section_of(program: Program, qtbot: QtBot) -> HubSection:
    """The section, opened as a person does."""
    program.window.open_page("models")
    qtbot.waitUntil(lambda: program.window.findChild(HubSection) is not None, timeout=10_000)
    section = program.window.findChild(HubSection)
    assert isinstance(section, HubSection)
    (action,) = [one for one in program.window.findChildren(QAction) if one.text() == "Hugging Face"]
    action.trigger()
    qtbot.waitUntil(section.isVisible, timeout=5_000)
    return section


def open_repository(section: HubSection, qtbot: QtBot) -> None:
    """Searched, and what was found chosen; waits for the estimate."""
    results = section.results
    qtbot.keyClicks(results.field, "small")
    qtbot.keyClick(results.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [name for name, _ in results.rows] == [NAME], timeout=30_000)
    place = results.list.visualItemRect(results.list.item(0)).center()
    qtbot.mouseClick(results.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: section.state.fits is not None, timeout=30_000)


def press(qtbot: QtBot, section: HubSection) -> None:
    qtbot.mouseClick(section.repository.table.button(0), Qt.MouseButton.LeftButton)


def told(program: Program) -> str:
    return " ".join(toast.text for toast in program.window.toasts.shown)


def states(section: HubSection) -> list[str]:
    return [line.state for line in section.state.downloads]


def test_searched_estimated_fetched_with_a_kill_verified_loaded_and_chatted_with(
    start_program: StartProgram, qtbot: QtBot, model_path: Path, hub: LoopbackHub, own_folders: Path, tmp_path: Path
) -> None:
    other = shutil.copy(model_path, tmp_path / "other.gguf")
    program = start_program(Path(other))
    section = section_of(program, qtbot)
    open_repository(section, qtbot)
    fits, button = section.repository.table.rows[0][3:]
    assert fits.partition(" · ")[0] == "Fits" and button == "Download"
    assert section.state.fits is not None and section.state.fits.exact, "from the header, read over the network"

    data = hub.repositories[NAME][FILE]
    hub.piece, hub.delay_s = len(data) // 40, 0.05
    press(qtbot, section)
    folder = own_folders / "models" / NAME
    part = folder / (FILE + ".part")
    qtbot.waitUntil(lambda: part.exists() and part.stat().st_size > len(data) // 2, timeout=30_000)
    pid = program.hub.fetching_pid
    assert pid > 0
    os.kill(pid, signal.SIGKILL)
    arrived = part.stat().st_size
    hub.delay_s = 0.0
    qtbot.waitUntil(lambda: states(section) == ["done"], timeout=30_000)

    ranges = [headers.get("Range") for path, headers in hub.requests if path.endswith(FILE)]
    assert ranges[-1] is not None and int(ranges[-1].removeprefix("bytes=").rstrip("-")) >= arrived > len(data) // 2
    assert [path.name for path in folder.iterdir()] == [FILE], "no temporary file stays"
    assert hashlib.sha256((folder / FILE).read_bytes()).digest() == hashlib.sha256(data).digest()
    assert "In the library" in next(iter(section.downloads.rows.values())).how.text() and not told(program)
    qtbot.waitUntil(lambda: str(folder / FILE) in [one.path for one in program.models.models], timeout=20_000)

    assert section.repository.table.rows[0][4] == "Chat with it"
    press(qtbot, section)
    qtbot.waitUntil(
        lambda: program.worker.model is not None and program.worker.model.path == str(folder / FILE), timeout=30_000
    )
    chat = program.chat
    chat.set_settings(GenerationSettings(sampling=ENDLESS.sampling, max_tokens=8))
    chat.send("Where is the fox?")
    qtbot.waitUntil(lambda: len(chat.tree.path()) == 2 and not chat.busy, timeout=30_000)
    assert chat.tree.path()[-1].state == "complete" and chat.tree.path()[-1].content


def test_a_download_goes_on_when_the_program_starts_again(
    start_program: StartProgram, qtbot: QtBot, model_path: Path, hub: LoopbackHub, own_folders: Path
) -> None:
    program = start_program(model_path)
    section = section_of(program, qtbot)
    open_repository(section, qtbot)
    data = hub.repositories[NAME][FILE]
    hub.piece, hub.delay_s = len(data) // 40, 0.05
    press(qtbot, section)
    qtbot.waitUntil(lambda: any(line.done_bytes > len(data) // 4 for line in section.state.downloads), timeout=30_000)
    program.close()
    hub.delay_s = 0.0
    again = start_program(model_path)
    qtbot.waitUntil(lambda: [line.state for line in again.hub.downloads] == ["done"], timeout=30_000)
    assert (own_folders / "models" / NAME / FILE).read_bytes() == data


def test_off_line_everything_local_works_and_the_window_says_so(
    start_program: StartProgram, qtbot: QtBot, model_path: Path, hub: LoopbackHub
) -> None:
    hub.close()
    program = start_program(model_path)
    section = section_of(program, qtbot)
    section.results.search_now()
    qtbot.waitUntil(lambda: "cannot be reached" in section.results.empty.sentence.text(), timeout=30_000)
    assert section.results.empty.button.isVisible()
    program.settings.set(offline=True)
    assert section.banner.isVisible()
    chat = program.chat
    chat.set_settings(GenerationSettings(sampling=ENDLESS.sampling, max_tokens=3))
    chat.send("Where is the fox?")
    qtbot.waitUntil(lambda: len(chat.tree.path()) == 2 and not chat.busy, timeout=30_000)
    assert chat.tree.path()[-1].state == "complete"


def test_a_gated_repository_says_how_to_get_in(
    start_program: StartProgram, qtbot: QtBot, model_path: Path, hub: LoopbackHub
) -> None:
    hub.gated = {NAME: "hf_good"}
    program = start_program(model_path)
    section = section_of(program, qtbot)
    open_repository(section, qtbot)
    assert section.repository.gate.isVisible() and section.repository.token_button.isVisible()
    qtbot.waitUntil(lambda: not section.repository.table.button(0).isEnabled(), timeout=10_000)
    section.state.keep_token("hf_of_somebody_else")
    qtbot.waitUntil(lambda: section.repository.table.button(0).isEnabled(), timeout=30_000)
    press(qtbot, section)
    qtbot.waitUntil(lambda: states(section) == ["failed"], timeout=30_000)
    (row,) = section.downloads.rows.values()
    assert "access token" in row.how.text() + row.hint.text() and row.retry.isVisible()
    section.state.keep_token("hf_good")
    qtbot.waitUntil(lambda: section.state.token_place in ("keyring", "file"), timeout=30_000)
    qtbot.mouseClick(row.retry, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: states(section) == ["done"], timeout=30_000)
    section.state.keep_token("")
    qtbot.waitUntil(lambda: section.state.token_place == "", timeout=30_000)
