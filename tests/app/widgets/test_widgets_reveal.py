"""A file is shown in the file manager; without one that can mark it, its folder is opened."""

import sys

import pytest
from PySide6.QtCore import QObject, QProcess

from app.widgets import reveal as module
from app.widgets.reveal import reveal


@pytest.fixture
def opened(monkeypatch):
    """Folders that were opened; what may be opened."""
    found = []
    monkeypatch.setattr(module.QDesktopServices, "openUrl", lambda url: found.append(url.toLocalFile()) or True)
    return found


def test_without_a_session_bus_its_folder_is_opened(qapp, opened, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(module, "_ask_manager", lambda *_: False)
    (tmp_path / "a.gguf").touch()
    reveal(tmp_path / "a.gguf", QObject(), pytest.fail)
    reveal(tmp_path, QObject(), pytest.fail)
    assert opened == [str(tmp_path), str(tmp_path)]


def test_a_manager_that_refuses_leaves_the_folder(qapp, opened, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    refused = []
    monkeypatch.setattr(module, "_ask_manager", lambda path, parent, on_refused: refused.append(on_refused) or True)
    (tmp_path / "a.gguf").touch()
    reveal(tmp_path / "a.gguf", QObject(), pytest.fail)
    assert opened == []
    refused[0]()
    assert opened == [str(tmp_path)]


def test_what_is_gone_opens_the_nearest_folder(qapp, opened, tmp_path):
    reveal(tmp_path / "gone/deeper/a.gguf", QObject(), pytest.fail)
    assert opened == [str(tmp_path)]


def test_a_folder_that_cannot_be_opened_is_told(qapp, tmp_path, monkeypatch):
    monkeypatch.setattr(module.QDesktopServices, "openUrl", lambda url: False)
    told = []
    reveal(tmp_path / "gone.gguf", QObject(), told.append)
    assert told == [tmp_path]


@pytest.mark.parametrize(("platform", "first"), [("win32", "explorer.exe"), ("darwin", "open")])
def test_elsewhere_the_system_marks_it(qapp, opened, tmp_path, monkeypatch, platform, first):
    asked = []
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(QProcess, "startDetached", lambda *given: asked.append(given) or (True, 1))
    path = tmp_path / "a b.gguf"
    path.touch()
    reveal(path, QObject(), pytest.fail)
    program, arguments = asked[0]
    assert program == first and arguments[-1].endswith("a b.gguf") and opened == []
